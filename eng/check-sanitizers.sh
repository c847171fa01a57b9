#!/usr/bin/env bash
# Builds the native tests with the sanitizers and runs them all: check-sanitizers.sh [asan|tsan]. Without a name: both.
# asan: addresses and undefined behaviour. tsan: threads.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case ${1:-} in
  "") presets=(asan tsan) ;;
  asan | tsan) presets=("$1") ;;
  *)
    echo "usage: check-sanitizers.sh [asan|tsan]" >&2
    exit 2
    ;;
esac
failed=()
for preset in "${presets[@]}"; do
  printf '\n== %s\n' "$preset"
  cmake --preset "$preset"
  cmake --build "artifacts/build/$preset" --parallel "$(nproc)"
  ctest --test-dir "artifacts/build/$preset" --output-on-failure --progress || failed+=("$preset")
done
if ((${#failed[@]})); then
  echo "failed: ${failed[*]}" >&2
  exit 1
fi
echo "clean: ${presets[*]}"

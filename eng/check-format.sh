#!/usr/bin/env bash
# Fails when a formatter would change a file. Changes nothing. To apply the changes: check-format.sh --fix
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case ${1:-} in
  "") clang=(--dry-run -Werror) managed=(--verify-no-changes) ;;
  --fix) clang=(-i) managed=() ;;
  *)
    echo "usage: check-format.sh [--fix]" >&2
    exit 2
    ;;
esac
# shellcheck source=eng/environment.sh
source eng/environment.sh
status=0

mapfile -t sources < <(find native tests benchmarks \( -name obj -o -name bin \) -prune -o \
  -type f \( -name '*.h' -o -name '*.c' -o -name '*.cc' -o -name '*.cpp' -o -name '*.cu' -o -name '*.cuh' \) -print)
clang-format-14 "${clang[@]}" "${sources[@]}" || status=1

dotnet restore MtlHybrid.sln -v quiet
for kind in whitespace style; do
  dotnet format "$kind" MtlHybrid.sln --no-restore "${managed[@]}" || status=1
done
exit $status

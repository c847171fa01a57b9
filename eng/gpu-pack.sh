#!/usr/bin/env bash
# Puts into artifacts/gpu what eng/gpu-check.sh wants on a machine without network, and says whether all of it, the sources
# included, stays within 64 MiB: gpu-pack.sh [--managed]
#
#   --managed  also a self-contained build of the managed tests (some 30 MB), which needs the .NET SDK here and nothing there
#
# Carry artifacts/gpu along with the working tree (tracked files, and untracked ones that git does not ignore).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly limit_mib=64
readonly target=artifacts/gpu

fail() {
  echo "gpu-pack.sh: $1" >&2
  exit 1
}

managed=no
case ${1:-} in
  "") ;;
  --managed) managed=yes ;;
  *)
    echo "usage: gpu-pack.sh [--managed]" >&2
    exit 2
    ;;
esac

rm -rf "$target"
mkdir -p "$target"

git rev-parse HEAD >"$target/COMMIT"
[[ -z $(git status --porcelain) ]] || echo "with changes that are not committed" >>"$target/COMMIT"

[[ -f /usr/src/googletest/CMakeLists.txt ]] || fail "GoogleTest's source is not in /usr/src/googletest; on Debian and Ubuntu: apt-get install googletest"
tar -cJf "$target/googletest.tar.xz" -C /usr/src/googletest --exclude=test --exclude=docs --exclude=samples .

shopt -s nullglob
blas=("${MTL_BLAS_LIBRARY:-}" /usr/lib/*/openblas-pthread/libopenblas.a)
[[ -n ${blas[0]} ]] || blas=("${blas[@]:1}")
((${#blas[@]} > 0)) || fail "no static OpenBLAS in /usr/lib/*/openblas-pthread; on Debian and Ubuntu: apt-get install libopenblas-pthread-dev"
tar -cJhf "$target/openblas.tar.xz" -C "$(dirname "${blas[0]}")" --transform 's|.*|libopenblas.a|' "$(basename "${blas[0]}")"

if [[ $managed == yes ]]; then
  # shellcheck source=eng/environment.sh
  source eng/environment.sh
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  dotnet publish tests/MtlHybrid.Tests -c Release -r linux-x64 --self-contained -o "$folder/MtlHybrid.Tests" -v quiet
  tar -cJf "$target/managed.tar.xz" -C "$folder" MtlHybrid.Tests
fi

tree=$(git ls-files -z --cached --others --exclude-standard | du -cb --files0-from=- | tail -1 | cut -f1)
carried=$(du -sb "$target" | cut -f1)
printf '%-34s %9.1f MiB\n' "working tree" "$((tree / 1024 * 10 / 1024))e-1"
for file in "$target"/*; do printf '%-34s %9.1f MiB\n' "$file" "$(($(stat -c %s "$file") / 1024 * 10 / 1024))e-1"; done
printf '%-34s %9.1f MiB, at most %s\n' "together" "$(((tree + carried) / 1024 * 10 / 1024))e-1" "$limit_mib"
((tree + carried <= limit_mib * 1024 * 1024)) || fail "that is more than $limit_mib MiB"

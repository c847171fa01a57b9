#!/usr/bin/env bash
# Compares what different readers make of native/include/mtl/mtl.h: libclang, the C compiler, castxml (where installed), and the
# exports of the built library (where built). With an older library as argument, abidiff also compares the two libraries.
#   eng/check-abi.sh [OLD_LIBMTLHYBRID.SO]
set -euo pipefail
cd "$(dirname "$0")/.."
header=native/include/mtl/mtl.h
library=$(find artifacts/native -name libmtlhybrid.so 2>/dev/null | head -n 1 || true)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

dotnet build bindings/generator -v quiet >/dev/null
generator() { dotnet run --no-build --project bindings/generator -- "$@"; }
same() { # what file file
  diff "$2" "$3" || { echo "$1: differs" >&2; exit 1; }
  echo "$1: same ($(wc -l <"$2") lines)"
}

generator layout "$header" >"$work/libclang"
generator probe "$header" >"$work/probe.c"
cc -std=c11 -Wall -Werror -o "$work/probe" "$work/probe.c"
"$work/probe" >"$work/cc"
same "libclang and $(cc --version | head -n 1)" "$work/libclang" "$work/cc"

if command -v castxml >/dev/null; then
  castxml --castxml-output=1 -x c -std=c11 -DMTL_BINDGEN -o "$work/mtl.xml" "$header"
  generator castxml "$work/mtl.xml" "$header" >"$work/castxml"
  same "libclang and castxml" "$work/libclang" "$work/castxml"
else
  echo "castxml: skipped, not installed"
fi

if [[ -n $library ]]; then
  grep -oP 'static extern \S+ \Kmtl_\w+' bindings/MtlHybrid.Bindings/Generated/NativeMethods.cs | sort >"$work/declared"
  nm -D --defined-only "$library" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort -u >"$work/exported"
  same "declared and exported functions" "$work/declared" "$work/exported"
else
  echo "exports: skipped, artifacts/native holds no library (./build.sh build)"
fi

if (($# > 0)); then
  command -v abidiff >/dev/null || { echo "abidiff is not installed (apt install abigail-tools)" >&2; exit 1; }
  [[ -n $library ]] || { echo "abidiff needs a built library (./build.sh build)" >&2; exit 1; }
  # Exit code: 1 and 2 are errors, 4 a change, 8 an incompatible change.
  code=0
  abidiff "$1" "$library" || code=$?
  (((code & 11) == 0)) || { echo "abidiff: $1 and $library are not compatible; raise MTL_ABI_VERSION" >&2; exit 1; }
  echo "abidiff: compatible"
fi

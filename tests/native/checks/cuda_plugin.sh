#!/bin/sh
# cuda_plugin.sh LIBRARY HEADER CUOBJDUMP ARCHITECTURE...: what the CUDA plug-in shows, asks for and carries. It defines the
# functions that HEADER (backend/cuda_plugin.h) names and nothing else; of NVIDIA's libraries it needs cuBLASLt alone; it
# looks for libraries in its own folder and the system's; it carries machine code (sm_80) or PTX (compute_90) for each
# ARCHITECTURE, and for no other.
set -eu
library=$1
header=$2
cuobjdump=$3
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

grep -o '"mtl_[a-z0-9_]*"' "$header" | tr -d '"' | sort >"$work/named"
nm -D --defined-only "$library" | awk '$2 != "A" { print $3 }' | sed 's/@.*//' | sort >"$work/defined"
[ -s "$work/named" ] || { echo "no function is named in $header"; exit 1; }
if ! diff -u "$work/named" "$work/defined"; then
  echo "named in $header (-) and defined by $library (+) differ"
  failed=1
fi

needed=$(objdump -p "$library" | awk '$1 == "NEEDED" { print $2 }')
echo "needed libraries:" $needed
for name in $needed; do
  case $name in
    libc.so.6 | libm.so.6 | libdl.so.2 | libpthread.so.0 | librt.so.1 | ld-linux-x86-64.so.2) ;;
    libcublasLt.so.[0-9]*) cublas_lt=$name ;;
    *)
      echo "$name is needed, but of NVIDIA's libraries cuBLASLt alone should be, and else nothing but the C library's"
      failed=1
      ;;
  esac
done
[ -n "${cublas_lt:-}" ] || { echo "cuBLASLt is not needed by its name: it was linked statically, or not at all"; failed=1; }

# shellcheck disable=SC2016
path=$(objdump -p "$library" | awk '$1 == "RUNPATH" || $1 == "RPATH" { print $1 " " $2 }')
# shellcheck disable=SC2016
[ "$path" = 'RUNPATH $ORIGIN' ] || { echo "expected RUNPATH \$ORIGIN, got '$path'"; failed=1; }

printf '%s\n' "$@" | sort >"$work/wanted"
"$cuobjdump" --list-elf "$library" | grep -o 'sm_[0-9]*[af]\?' | sort -u >"$work/carried"
"$cuobjdump" --list-ptx "$library" | grep -o 'sm_[0-9]*[af]\?' | sed 's/^sm/compute/' | sort -u >>"$work/carried"
sort -o "$work/carried" "$work/carried"
if ! diff -u "$work/wanted" "$work/carried"; then
  echo "the architectures asked for (-) and carried (+) differ"
  failed=1
fi
echo "architectures:" $(cat "$work/carried")
exit $failed

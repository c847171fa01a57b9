#!/bin/sh
# symbol_versions.sh LIBRARY: what the shared library asks of the system it runs on. libstdc++ and libgcc are linked
# statically; glibc at most 2.35, so that Debian 12 (2.36) and Ubuntu 22.04 (2.35) load it. 2.35 is what the unwinder of GCC 12,
# linked in with libgcc, asks for (_dl_find_object); the core itself asks for 2.34.
set -eu
library=$1
ceiling=2.35

versions=$(objdump -T "$library" | grep -o '\(GLIBC\|GLIBCXX\|CXXABI\|GCC\)_[0-9.]*' | sort -Vu)
[ -n "$versions" ] || { echo "no versioned symbol found in $library: nothing was checked"; exit 1; }
echo "needed libraries:" $(objdump -p "$library" | awk '$1 == "NEEDED" { print $2 }')
echo "needed versions:" $versions

failed=0
if echo "$versions" | grep -q '^\(GLIBCXX\|CXXABI\|GCC\)_'; then
  echo "symbols of libstdc++ or libgcc are left: link them statically"
  failed=1
fi
if objdump -p "$library" | grep -q 'NEEDED *lib\(stdc++\|gcc_s\)'; then
  echo "libstdc++ or libgcc_s is needed as a shared library"
  failed=1
fi
highest=$(echo "$versions" | sed -n 's/^GLIBC_//p' | tail -1)
if [ "$(printf '%s\n%s\n' "$highest" "$ceiling" | sort -V | tail -1)" != "$ceiling" ]; then
  echo "GLIBC_$highest is above $ceiling"
  failed=1
fi
exit $failed

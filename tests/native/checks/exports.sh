#!/bin/sh
# exports.sh LIBRARY HEADER: the shared library defines what the header declares, and nothing else.
set -eu
library=$1
header=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The header with MTL_API kept as a mark, comments removed, one declaration per line.
sed 's|#define MTL_API.*||' "$header" | tr '\n' ' ' | sed 's|/\*[^*]*\*\+\([^/*][^*]*\*\+\)*/| |g' | tr ';' '\n' |
  grep 'MTL_API ' | grep -o 'mtl_[a-z0-9_]*(' | tr -d '(' | sort >"$work/declared"
nm -D --defined-only "$library" | awk '$2 != "A" { print $3 }' | sed 's/@.*//' | sort >"$work/defined"

[ -s "$work/declared" ] || { echo "no declaration found in $header"; exit 1; }
if ! diff -u "$work/declared" "$work/defined"; then
  echo "declared in $header (-) and defined by $library (+) differ"
  exit 1
fi
echo "$(wc -l <"$work/declared") functions declared and defined"

#!/usr/bin/env bash
# Fails unless every kernel of the sources in a folder is named by a file of kernels that were launched.
# usage: every_kernel.sh FOLDER FILE
set -euo pipefail
((${#} == 2)) || { echo "usage: every_kernel.sh FOLDER FILE" >&2; exit 2; }

# The last word before the parameters of each function that is __global__.
defined=$(cat "$1"/*.cu "$1"/*.h | sed 's://.*$::' | tr '\n' ' ' | sed 's/__launch_bounds__([^)]*)//g' |
  grep -oE '__global__[^(;{]*\(' | sed -E 's/ *\($//; s/.*[^A-Za-z0-9_]//' | sort -u)
odd=$(grep -v '_kernel$' <<<"$defined" || true)
[[ -z $odd ]] || { printf 'the name of a kernel must end in _kernel: %s\n' $odd >&2; exit 1; }
# A launch is recorded as it was written: name, (name<A, B>) or (condition ? name<A> : name<B>).
launched=$(grep -oE '[A-Za-z0-9_]+_kernel\b' "$2" | sort -u)
count=$(wc -l <<<"$defined")
((count >= 20)) || { echo "only $count kernels were found in $1: is the search still right?" >&2; exit 1; }
missing=$(comm -23 <(echo "$defined") <(echo "$launched"))
[[ -z $missing ]] || { printf 'never launched by the tests: %s\n' $missing >&2; exit 1; }
echo "all $count kernels were launched"

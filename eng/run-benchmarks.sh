#!/usr/bin/env bash
# Measures and writes benchmarks/results/DATE-NAME.md and .csv: run-benchmarks.sh NAME [options of BenchmarkDotNet]
# Run it on a machine that does nothing else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
(($#)) || { echo "usage: run-benchmarks.sh NAME [options of BenchmarkDotNet]" >&2; exit 2; }
name=$1
shift
[[ -z $(git status --porcelain) ]] || { echo "commit everything first: the results name the commit they belong to" >&2; exit 1; }
./build.sh build
# shellcheck source=eng/environment.sh
source eng/environment.sh
command=(dotnet run -c Release --project benchmarks/MtlHybrid.Benchmarks)
(($# == 0)) || command+=(-- "$@")
rm -rf artifacts/benchmarks/results
"${command[@]}"
compgen -G 'artifacts/benchmarks/results/*-report-github.md' >/dev/null || { echo "BenchmarkDotNet left no results" >&2; exit 1; }

target=benchmarks/results/$(date +%F)-$name
mkdir -p benchmarks/results
{
  echo "# $name, $(date +%F)"
  echo
  echo "- Commit: $(git rev-parse HEAD)"
  echo "- Command: \`./build.sh build && ${command[*]}\`"
  echo "- Processor: $(LC_ALL=C lscpu | sed -n 's/^Model name: *//p'), $(nproc) hardware threads usable"
  echo "- System: $(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release)"
  echo "- Memory: $(awk '/^MemTotal/ {printf "%.0f GiB", $2 / 1048576}' /proc/meminfo)"
  echo
  cat artifacts/benchmarks/results/*-report-github.md
} >"$target.md"
cat artifacts/benchmarks/results/*-report.csv >"$target.csv"
echo "wrote $target.md and $target.csv"

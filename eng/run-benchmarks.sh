#!/usr/bin/env bash
# Measures and writes benchmarks/results/DATE-NAME.md and .csv: run-benchmarks.sh NAME [options of BenchmarkDotNet]
# In turn with TorchSharp (a download of 200 MB the first time): run-benchmarks.sh NAME --paired [--debian13] [--rounds N] [--quick]
# --debian13 runs the built program in a Debian 13 root, for systems whose C++ run time is too old for TorchSharp.
# Run it on a machine that does nothing else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
(($#)) || { echo "usage: run-benchmarks.sh NAME [options of BenchmarkDotNet | --paired [--debian13] [--rounds N] [--quick]]" >&2; exit 2; }
said="eng/run-benchmarks.sh $*"
name=$1
shift
[[ -z $(git status --porcelain) ]] || { echo "commit everything first: the results name the commit they belong to" >&2; exit 1; }
./build.sh build
# shellcheck source=eng/environment.sh
source eng/environment.sh
system=$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release)
if [[ ${1:-} == --paired ]]; then
  program=artifacts/benchmarks/paired
  dotnet publish benchmarks/MtlHybrid.Benchmarks -c Release -v quiet -p:WithTorchSharp=true -o "$program"
  command=(dotnet "$program/MtlHybrid.Benchmarks.dll")
  if [[ ${2:-} == --debian13 ]]; then
    set -- --paired "${@:3}"
    command=(eng/run-in-debian13.sh "${command[@]}")
    system="Debian 13 root on $system"
  fi
  command+=("$@")
else
  command=(dotnet run -c Release --project benchmarks/MtlHybrid.Benchmarks)
  (($# == 0)) || command+=(-- "$@")
fi
rm -rf artifacts/benchmarks/results
"${command[@]}"
compgen -G 'artifacts/benchmarks/results/*-report-github.md' >/dev/null || { echo "the benchmarks left no results" >&2; exit 1; }

target=benchmarks/results/$(date +%F)-$name
mkdir -p benchmarks/results
{
  echo "# $name, $(date +%F)"
  echo
  echo "- Commit: $(git rev-parse HEAD)"
  echo "- Command: \`$said\`"
  echo "- Processor: $(LC_ALL=C lscpu | sed -n 's/^Model name: *//p'), $(nproc) hardware threads usable"
  echo "- System: $system"
  echo "- Memory: $(awk '/^MemTotal/ {printf "%.0f GiB", $2 / 1048576}' /proc/meminfo)"
  echo
  cat artifacts/benchmarks/results/*-report-github.md
} >"$target.md"
cat artifacts/benchmarks/results/*-report.csv >"$target.csv"
echo "wrote $target.md and $target.csv"

#!/usr/bin/env bash
# Packs the built library for this machine's platform: pack.sh Release|Debug
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
rm -rf artifacts/packages
for project in bindings/MtlHybrid.Bindings src/MtlHybrid; do
  dotnet pack "$project" -c "$1" -o artifacts/packages -v quiet
done

#!/usr/bin/env bash
# Fails when the committed bindings are not what the generator makes of native/include/mtl/mtl.h.
set -euo pipefail
cd "$(dirname "$0")/.."
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
dotnet run --project bindings/generator -- native/include/mtl/mtl.h "$fresh"
# A plain git diff exits with 0 whatever it finds, and knows nothing of new files.
if ! git --no-pager diff --no-index --exit-code bindings/MtlHybrid.Bindings/Generated "$fresh"; then
  echo "bindings/MtlHybrid.Bindings/Generated differs from the header: run ./build.sh bindings and commit the result" >&2
  exit 1
fi

#!/usr/bin/env bash
# Restores the packages of artifacts/packages in a copy of tests/consumer that knows nothing of this repository, and runs it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
package=$(compgen -G 'artifacts/packages/MtlHybrid.[0-9]*.nupkg') || { echo "no package in artifacts/packages: ./build.sh pack" >&2; exit 1; }
version=${package#*/MtlHybrid.}
version=${version%.nupkg}

# Outside the repository, so that none of its settings reach it; its own package folder, so that no older package of
# this version is found. Everything else comes from what this machine has restored before.
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
cp tests/consumer/*.cs tests/consumer/*.csproj "$fresh"
known=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')
[[ ! -d ${known%/}/mtlhybrid/$version ]] || known=""
dotnet build "$fresh" -c Release -o "$fresh/out" -v quiet -p:MtlHybridVersion="$version" -p:RestorePackagesPath="$fresh/packages" \
  -p:RestoreAdditionalProjectSources="$PWD/artifacts/packages" -p:RestoreAdditionalProjectFallbackFolders="$known"
(cd / && "$fresh/out/consumer")

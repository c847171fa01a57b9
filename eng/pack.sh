#!/usr/bin/env bash
# Packs the built library for this machine's platform into artifacts/packages, restores the packages in a copy of
# tests/consumer that knows nothing of this repository, and runs it: pack.sh Release|Debug
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
rm -rf artifacts/packages
for project in bindings/MtlHybrid.Bindings src/MtlHybrid; do
  dotnet pack "$project" -c "$1" -o artifacts/packages -v quiet
done
package=$(compgen -G 'artifacts/packages/MtlHybrid.[0-9]*.nupkg')
version=${package#*/MtlHybrid.}
version=${version%.nupkg}

# Outside the repository, so that none of its settings reach it; with a package folder of its own, so that no older
# package of this version is found. All other packages come from what this machine has restored before.
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
cp tests/consumer/*.cs tests/consumer/*.csproj "$fresh"
known=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')
[[ ! -d ${known%/}/mtlhybrid/$version ]] || known=""
dotnet build "$fresh" -c Release -o "$fresh/out" -v quiet -p:NoWarn=NU1603 -p:MtlHybridVersion="$version" \
  -p:RestorePackagesPath="$fresh/packages" -p:RestoreAdditionalProjectSources="$PWD/artifacts/packages" \
  -p:RestoreAdditionalProjectFallbackFolders="$known"
(cd / && "$fresh/out/consumer")

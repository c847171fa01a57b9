#!/usr/bin/env bash
# Packs the built library for this machine's platform into artifacts/packages, restores the packages in a copy of
# tests/consumer that knows nothing of this repository, and runs it: pack.sh Release|Debug
# The CUDA plug-in, where it has been built, is a package of its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
rm -rf artifacts/packages
for project in bindings/MtlHybrid.Bindings src/MtlHybrid; do
  dotnet pack "$project" -c "$1" -o artifacts/packages -v quiet
done
package=$(compgen -G 'artifacts/packages/MtlHybrid.[0-9]*.nupkg')
version=${package#*/MtlHybrid.}
version=${version%.nupkg}

cuda_package=""
plugin=artifacts/native/libmtlhybrid_cuda.so
if [[ -f $plugin ]]; then
  cublas_lt=$(objdump -p "$plugin" | awk '$1 == "NEEDED" && $2 ~ /^libcublasLt/ { print $2 }')
  dotnet pack bindings/MtlHybrid.Cuda -c "$1" -o artifacts/packages -v quiet -p:CublasLt="$cublas_lt"
  cuda_package=$(basename "$(compgen -G "artifacts/packages/MtlHybrid.Cuda.*.nupkg")" ".$version.nupkg")
fi
# The public NuGet gallery takes packages up to about this size.
too_large=$(find artifacts/packages -name '*.nupkg' -size +249M)
[[ -z $too_large ]] || { echo "above 250 MB: $too_large" >&2; exit 1; }

# Outside the repository, so that none of its settings reach it; with a package folder of its own, so that no older
# package of this version is found. All other packages come from what this machine has restored before.
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
cp tests/consumer/*.cs tests/consumer/*.csproj "$fresh"
known=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')
[[ ! -d ${known%/}/mtlhybrid/$version ]] || known=""
dotnet build "$fresh" -c Release -o "$fresh/out" -v quiet -p:NoWarn=NU1603 -p:MtlHybridVersion="$version" \
  -p:MtlHybridCudaPackage="$cuda_package" \
  -p:RestorePackagesPath="$fresh/packages" -p:RestoreAdditionalProjectSources="$PWD/artifacts/packages" \
  -p:RestoreAdditionalProjectFallbackFolders="$known"
(cd / && "$fresh/out/consumer")
if [[ -n $cuda_package ]]; then
  core=$(find "$fresh/out" -name libmtlhybrid.so)
  [[ -f $(dirname "$core")/$(basename "$plugin") ]] || { echo "$cuda_package does not bring the plug-in beside $core" >&2; exit 1; }
fi

#!/usr/bin/env bash
# Everything a clone needs, by one command: ./build.sh help
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
  cat <<'END'
usage: ./build.sh VERB [--configuration Release|Debug] [--cuda=auto|on|off]

  demo      set up, build, and run the main job on the data that ships with the repository
  test      set up, build, and run every test
  build     set up and build; leaves the command artifacts/mtl/mtl
  pack      build the NuGet packages into artifacts/packages and try them in a fresh program
  bindings  write the C# bindings again from native/include/mtl/mtl.h
  clean     remove everything that was built
  help      show this text

  --configuration  Release (default) or Debug
  --cuda           auto (default): with the CUDA plug-in where nvcc is found; on: fail without it (eng/install-cuda-debian.sh
                   installs it on Debian 12); off: processor only
END
}

wrong_usage() {
  echo "build.sh: $1" >&2
  usage >&2
  exit 2
}

fail() {
  echo "build.sh: $1" >&2
  exit 1
}

step() { printf '\n== %s\n' "$1"; }

verb=""
configuration=Release
cuda=auto
while (($#)); do
  case $1 in
    --configuration | --cuda)
      (($# > 1)) || wrong_usage "$1 needs a value"
      set -- "$1=$2" "${@:3}"
      continue
      ;;
    --configuration=*) configuration=${1#*=} ;;
    --cuda=*) cuda=${1#*=} ;;
    -h | --help) verb=help ;;
    -*) wrong_usage "unknown option '$1'" ;;
    *)
      [[ -z $verb ]] || wrong_usage "one verb at a time: '$verb' and '$1' were given"
      verb=$1
      ;;
  esac
  shift
done
[[ $configuration =~ ^(Release|Debug)$ ]] || wrong_usage "--configuration must be Release or Debug, got '$configuration'"
[[ $cuda =~ ^(auto|on|off)$ ]] || wrong_usage "--cuda must be auto, on or off, got '$cuda'"
preset=${configuration,,}

set_up() {
  if [[ $cuda == on ]]; then
    [[ -n ${CUDACXX:-} ]] || eng/install-cuda-debian.sh || fail "--cuda=on needs nvcc, the CUDA compiler; see above"
  fi
  eng/setup-debian.sh "$1"
  # shellcheck source=eng/environment.sh
  source eng/environment.sh
}

build_native() {
  step "native core ($preset)"
  cmake --preset "$preset" "-DMTL_CUDA=$cuda" "-DMTL_BUILD_TESTS=$1" "-DMTL_BLAS_LIBRARY=${MTL_BLAS_LIBRARY:-}"
  cmake --build "artifacts/build/$preset" --parallel "$(nproc)"
  cmake --install "artifacts/build/$preset" --prefix artifacts/native
}

publish_command() {
  step "command mtl ($configuration)"
  rm -rf artifacts/mtl
  dotnet publish src/MtlHybrid.Cli -c "$configuration" -o artifacts/mtl -v quiet
}

build() {
  set_up build
  build_native OFF
  publish_command
  echo "built artifacts/mtl/mtl"
}

demo() {
  build
  step "demo: which of moisture, fat and protein help each other"
  artifacts/mtl/mtl pilot --data datasets/tecator.csv --targets moisture,fat,protein --out artifacts/demo
}

run_tests() {
  set_up test
  build_native ON
  publish_command
  step "managed projects ($configuration)"
  dotnet build MtlHybrid.sln -c "$configuration" -v quiet
  eng/run-tests.sh "$configuration"
}

pack() {
  set_up build
  build_native OFF
  step "packages ($configuration)"
  eng/pack.sh "$configuration"
}

bindings() {
  set_up bindings
  dotnet run --project bindings/generator -- native/include/mtl/mtl.h bindings/MtlHybrid.Bindings/Generated
}

clean() {
  rm -rf artifacts BenchmarkDotNet.Artifacts
  find src bindings tests benchmarks -type d \( -name bin -o -name obj -o -name TestResults \) -prune -exec rm -rf {} +
}

case $verb in
  demo | build | pack | bindings | clean) "$verb" ;;
  test) run_tests ;;
  help) usage ;;
  "") wrong_usage "no verb was given" ;;
  *) wrong_usage "unknown verb '$verb'" ;;
esac

#!/usr/bin/env bash
# Everything that can only be shown on a machine with an NVIDIA GPU, by one command: eng/gpu-check.sh --help
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

usage() {
  cat <<'END'
usage: eng/gpu-check.sh OUT_FOLDER [--cpu-only] [--carried FOLDER] [--limit SECONDS] [--only STEP,STEP...]

Builds the native code with the CUDA plug-in, runs its tests on the GPU and on the processor, compares the two op by op and over
whole training steps, runs compute-sanitizer, the managed tests if a build of them was carried, and the step benchmarks, beside
PyTorch where python3 has it; looks at a selective epoch with Nsight Systems where that is there. Needs a GPU with its driver, a CUDA
toolkit 11.8 or newer, g++ 12 or newer and CMake 3.25 or newer; neither .NET nor a network. What else it needs eng/gpu-pack.sh
packs: GoogleTest, OpenBLAS.

Writes into OUT_FOLDER: machine.json, steps.csv (what was done, how it ended), comparison.csv (normalised mean square errors),
benchmark.jsonl, ratios.csv, epoch.json, log.txt.

  --cpu-only   nothing of CUDA; without a GPU this happens by itself. Shows that the script works, and nothing of the GPU
  --carried    where eng/gpu-pack.sh left its files (default: artifacts/gpu)
  --limit      no step goes on after so many seconds (default: 570; without a GPU 1800, as few cores build slowly)
  --only       these steps alone; their names are in steps.csv

Every step has a limit of its own; later steps run though earlier ones failed. Exit code: 0 when nothing failed, 1 when something
did, 2 for wrong usage.
END
}

wrong_usage() {
  echo "gpu-check.sh: $1" >&2
  usage >&2
  exit 2
}

out="" cpu_only=no carried=artifacts/gpu limit="" only=""
while (($#)); do
  case $1 in
    --help | -h)
      usage
      exit 0
      ;;
    --cpu-only) cpu_only=yes ;;
    --carried | --limit | --only)
      (($# > 1)) || wrong_usage "$1 needs a value"
      case $1 in
        --carried) carried=$2 ;;
        --limit) limit=$2 ;;
        --only) only=$2 ;;
      esac
      shift
      ;;
    -*) wrong_usage "unknown option '$1'" ;;
    *)
      [[ -z $out ]] || wrong_usage "one folder: '$out' and '$1' were given"
      out=$1
      ;;
  esac
  shift
done
[[ -n $out ]] || wrong_usage "OUT_FOLDER is missing"
[[ -z $limit || $limit =~ ^[1-9][0-9]*$ ]] || wrong_usage "--limit must be a number of seconds, got '$limit'"
mkdir -p "$out" || exit 1
out=$(cd "$out" && pwd)
rm -f "$out"/{machine.json,steps.csv,comparison.csv,benchmark.jsonl,ratios.csv,epoch.json,log.txt}

readonly build=$PWD/artifacts/build/gpu-check
mkdir -p "$build"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

has() { command -v "$1" >/dev/null; }

# ---- what the machine is
version_of() { "$@" 2>/dev/null | grep -Eo '[0-9]+(\.[0-9]+)+' | head -1; }

toolkit=${CUDA_PATH:-/usr/local/cuda}/bin
if ! has nvcc && [[ -x $toolkit/nvcc ]]; then PATH=$PATH:$toolkit; fi
gpu=""
if [[ $cpu_only == yes ]]; then
  no_gpu="--cpu-only"
elif ! has nvidia-smi; then
  no_gpu="no GPU: nvidia-smi is not there"
elif ! gpu=$(nvidia-smi --query-gpu=name,driver_version,compute_cap,memory.total --format=csv,noheader 2>"$work/smi" | head -1) || [[ -z $gpu ]]; then
  gpu=""
  no_gpu="no GPU: nvidia-smi says: $(head -c 300 "$work/smi")"
elif ! has nvcc; then
  gpu=""
  no_gpu="there is a GPU, but no CUDA toolkit: nvcc is neither on PATH nor in /usr/local/cuda/bin"
fi
IFS=, read -r gpu_name gpu_driver gpu_capability gpu_memory <<<"${gpu// , /,}"
trim() { sed 's/^ *//;s/ *$//' <<<"$1"; }
torch=""
if has python3; then torch=$(python3 -c 'import torch; print(torch.__version__, "CUDA", torch.version.cuda)' 2>/dev/null) || torch=""; fi
commit=$(git rev-parse HEAD 2>/dev/null) || commit=$(head -1 "$carried/COMMIT" 2>/dev/null) || commit=unknown
processor=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -1)

quoted() { printf '"%s"' "$(sed 's/\\/\\\\/g;s/"/\\"/g' <<<"$1" | tr '\n' ' ' | sed 's/ *$//')"; }
{
  printf '{\n'
  printf '  "%s": %s,\n' \
    date "$(quoted "$(date -u +%Y-%m-%dT%H:%M:%SZ)")" commit "$(quoted "$commit")" \
    gpu "$(quoted "$(trim "${gpu_name:-}")")" driver "$(quoted "$(trim "${gpu_driver:-}")")" \
    computeCapability "$(quoted "$(trim "${gpu_capability:-}")")" gpuMemory "$(quoted "$(trim "${gpu_memory:-}")")" \
    noGpu "$(quoted "${no_gpu:-}")" nvcc "$(quoted "$(version_of nvcc --version)")" \
    compiler "$(quoted "$(${CXX:-g++} --version 2>/dev/null | head -1)")" cmake "$(quoted "$(version_of cmake --version)")" \
    torch "$(quoted "$torch")" processor "$(quoted "$processor")" kernel "$(quoted "$(uname -sr)")"
  printf '  "processors": %s\n}\n' "$(nproc)"
} >"$out/machine.json"

if [[ -z $limit ]]; then
  limit=570
  [[ -z ${no_gpu:-} ]] || limit=1800
fi

# ---- steps
echo "step,result,seconds,detail" >"$out/steps.csv"
failures=()
unproved=()

# NAME RESULT SECONDS DETAIL
record() {
  printf '%s,%s,%s,"%s"\n' "$1" "$2" "$3" "${4//\"/\"\"}" >>"$out/steps.csv"
  printf '%-28s %-8s %4s s  %s\n' "$1" "$2" "$3" "$4"
}

wanted() { [[ -z $only || ,$only, == *,$1,* ]]; }

# NAME REASON: cannot be done on this machine
not_run() {
  wanted "$1" || return 0
  record "$1" "not run" 0 "$2"
  unproved+=("$1: $2")
}

# NAME REASON: should have been possible
failed() {
  wanted "$1" || return 0
  record "$1" failed 0 "$2"
  failures+=("$1: $2")
}

# NAME LIMIT COMMAND...: true when it went well. What it says goes to log.txt.
step() {
  local name=$1 most=$2 left=$((limit - SECONDS)) from=$SECONDS status=0 why
  shift 2
  wanted "$name" || return 1
  if ((left < 3)); then
    failed "$name" "no time was left of $limit s"
    return 1
  fi
  ((most < left)) || most=$left
  timeout -k 5 "$most" "$@" >"$work/log" 2>&1 || status=$?
  {
    printf '\n==== %s: %s\n' "$name" "$*"
    head -c 2000000 "$work/log"
  } >>"$out/log.txt"
  if ((status == 0)); then
    record "$name" passed $((SECONDS - from)) ""
    return 0
  fi
  why="exit code $status"
  ((status != 124 && status != 137)) || why="stopped after $most s"
  record "$name" failed $((SECONDS - from)) "$why"
  tail -n 20 "$work/log" | cut -c1-300 | sed 's/^/    /'
  failures+=("$name: $why; see log.txt")
  return 1
}

# ---- the build
shopt -s nullglob
generator="Unix Makefiles"
if has ninja; then generator=Ninja; fi
blas=${MTL_BLAS_LIBRARY:-}
system_blas=(/usr/lib/*/openblas-pthread/libopenblas.a)
if [[ -z $blas && ${#system_blas[@]} -eq 0 && -f $carried/openblas.tar.xz ]]; then
  mkdir -p "$build/openblas"
  tar -xJf "$carried/openblas.tar.xz" -C "$build/openblas" && blas=$build/openblas/libopenblas.a
fi

googletest() {
  mkdir -p "$build/googletest-source"
  tar -xJf "$carried/googletest.tar.xz" -C "$build/googletest-source" &&
    cmake -G "$generator" -S "$build/googletest-source" -B "$build/googletest" -DCMAKE_BUILD_TYPE=Release -DBUILD_GMOCK=OFF \
      "-DCMAKE_INSTALL_PREFIX=$build/googletest-installed" &&
    cmake --build "$build/googletest" --parallel "$(nproc)" && cmake --install "$build/googletest"
}

build_native() {
  # Not the emulated GPU: CI has that.
  local cuda=(-DMTL_CUDA=off) targets=(mtlhybrid device_step)
  [[ $with_tests == OFF ]] || targets+=(native_tests allocation_test)
  [[ -z $gpu ]] || targets+=(mtlhybrid_cuda)
  [[ -z $gpu ]] || cuda=(-DMTL_CUDA=on "-DCMAKE_CUDA_ARCHITECTURES=$(trim "$gpu_capability" | tr -d .)")
  cmake -G "$generator" -S . -B "$build/native" -DCMAKE_BUILD_TYPE=Release "-DMTL_BUILD_TESTS=$with_tests" -DMTL_DEVICE_PROGRAMS=ON \
    -DMTL_WARNINGS_AS_ERRORS=OFF "-DMTL_BLAS_LIBRARY=$blas" "-DCMAKE_PREFIX_PATH=$build/googletest-installed" "${cuda[@]}" &&
    cmake --build "$build/native" --parallel "$(nproc)" --target "${targets[@]}"
}
export -f googletest build_native trim
export carried build generator blas gpu gpu_capability

with_tests=ON
gtest_missing=""
system_gtest=(/usr/lib/*/libgtest.a /usr/lib/libgtest.a /usr/local/lib*/libgtest.a)
if [[ ${#system_gtest[@]} -eq 0 ]]; then
  if [[ ! -f $carried/googletest.tar.xz ]]; then
    gtest_missing="GoogleTest is neither installed nor in $carried (eng/gpu-pack.sh)"
  else
    # Whether it is asked for or not: the tests need it.
    only=${only:+$only,googletest}
    step googletest 60 bash -c googletest || gtest_missing="GoogleTest could not be built"
  fi
fi
[[ -z $gtest_missing ]] || with_tests=OFF
export with_tests
[[ -z ${no_gpu:-} ]] || printf 'NOTHING IS CHECKED ON A GPU: %s\n' "$no_gpu"
only=${only:+$only,build}
build_limit=240
[[ -z ${no_gpu:-} ]] || build_limit=$limit
step build "$build_limit" bash -c build_native
built=$?

native_tests=$build/native/tests/native/native_tests
allocation_test=$build/native/tests/native/allocation_test
device_step=$build/native/benchmarks/device/device_step
plugins=("$build"/native/native/src/cuda/libmtlhybrid_cuda.so "$build"/native/native/libmtlhybrid_cuda.so)
for plugin in "${plugins[@]}"; do
  if [[ -f $plugin ]]; then export MTLHYBRID_CUDA_PATH=$plugin; fi
done

# NAME LIMIT COMMAND...: a step that needs the build and the GPU.
gpu_step() {
  if [[ -n ${no_gpu:-} ]]; then
    not_run "$1" "${no_gpu/#--cpu-only/no GPU: --cpu-only}"
    return 1
  fi
  built_step "$@"
}

built_step() {
  if ((built != 0)); then
    failed "$1" "the build failed"
    return 1
  fi
  step "$@"
}

# NAME REASON-IF-ANY...: the same for what needs GoogleTest.
test_step() {
  local kind=$1
  shift
  if [[ -n $gtest_missing ]]; then failed "$1" "$gtest_missing"; else "$kind" "$@"; fi
}

# ---- right
export MTL_COMPARISON_CSV=$out/comparison.csv
test_step gpu_step comparison-float32 60 env MTL_TEST_DEVICE=cuda "$native_tests" --gtest_brief=1 '--gtest_filter=DeviceComparison*'
for precision in tf32 bf16; do
  test_step gpu_step "comparison-$precision" 60 env MTL_TEST_DEVICE=cuda MTL_TEST_PRECISION=$precision \
    "$native_tests" --gtest_brief=1 '--gtest_filter=DeviceComparison*'
done
[[ -z ${no_gpu:-} ]] || test_step built_step comparison-processor 120 "$native_tests" --gtest_brief=1 '--gtest_filter=DeviceComparison*'
unset MTL_COMPARISON_CSV
test_step gpu_step native-tests-cuda 120 env MTL_TEST_DEVICE=cuda "$native_tests" --gtest_brief=1
test_step built_step native-tests-processor 180 "$native_tests" --gtest_brief=1
test_step built_step allocation-test 60 "$allocation_test" --gtest_brief=1

for tool in memcheck racecheck initcheck synccheck; do
  if [[ -z ${no_gpu:-} ]] && ! has compute-sanitizer; then
    not_run "$tool" "compute-sanitizer is not there"
  else
    test_step gpu_step $tool 45 env MTL_TEST_DEVICE=cuda compute-sanitizer --tool $tool --error-exitcode 9 \
      "$native_tests" --gtest_brief=1 '--gtest_filter=DeviceComparison.WholeNetworks'
  fi
done

managed_tests() {
  tar -xJf "$carried/managed.tar.xz" -C "$build/managed" && MTLHYBRID_NATIVE_PATH=$build/native/native "$build/managed/MtlHybrid.Tests/MtlHybrid.Tests"
}
export -f managed_tests
export work
if [[ -f $carried/managed.tar.xz ]]; then
  mkdir -p "$build/managed" # within the repository: some of them look for its files
  built_step managed-tests 120 bash -c managed_tests
else
  not_run managed-tests "no build of them was carried: eng/gpu-pack.sh --managed makes one"
fi

# ---- fast
# COMMAND...: what it prints goes to the end of benchmark.jsonl, and to the file FILE.
keep_lines() {
  local file=$1
  shift
  "$@" >"$work/$file"
  local status=$?
  cat "$work/$file"
  cat "$work/$file" >>"$out/benchmark.jsonl"
  return $status
}
export -f keep_lines
export out
mkdir -p "$work/problems"
if [[ -n ${no_gpu:-} ]]; then
  device=cpu
  gpu_step benchmark-cuda 1 true
  built_step benchmark-processor 90 bash -c 'keep_lines "$@"' - ours.jsonl "$device_step" --device cpu --quick --rounds 3 --problems "$work/problems"
else
  device=cuda
  gpu_step benchmark-cuda 60 bash -c 'keep_lines "$@"' - ours.jsonl "$device_step" --device cuda --problems "$work/problems"
  for precision in tf32 bf16; do
    gpu_step "benchmark-cuda-$precision" 30 bash -c 'keep_lines "$@"' - "ours-$precision.jsonl" \
      "$device_step" --device cuda --precision $precision --rounds 5 --seconds 0.02
  done
fi
if [[ -z $torch ]]; then
  not_run benchmark-torch "no python3 with PyTorch"
elif [[ -s $work/ours.jsonl ]]; then
  built_step benchmark-torch 200 bash -c 'keep_lines "$@"' - peers.jsonl \
    python3 benchmarks/peers/step_torch.py --problems "$work/problems" --losses "$work/ours.jsonl" --device $device --budget 150
else
  failed benchmark-torch "there are no losses of ours to compare with"
fi
if has python3 && [[ -s $work/ours.jsonl ]]; then
  peers=("$work/peers.jsonl")
  [[ -s ${peers[0]} ]] || peers=()
  step ratios 10 bash -c 'python3 benchmarks/peers/ratios.py "$@" | tee "$0"; exit "${PIPESTATUS[0]}"' "$out/ratios.csv" "$work/ours.jsonl" "${peers[@]}"
else
  not_run ratios "no python3, or no measurements"
fi

# ---- how busy
nsys=$(command -v nsys) || {
  found=(/opt/nvidia/nsight-systems/*/bin/nsys)
  nsys=${found[0]:-}
}
epoch() {
  "$nsys" profile --force-overwrite true -t cuda,nvtx --sample none --cpuctxsw none --cuda-graph-trace node -o "$work/epoch" \
    "$device_step" --device cuda --epoch 400 &&
    "$nsys" export --force-overwrite true --type sqlite -o "$work/epoch.sqlite" "$work"/epoch.nsys-rep &&
    python3 benchmarks/peers/gpu_busy.py "$work/epoch.sqlite" | tee "$out/epoch.json"
  return "${PIPESTATUS[0]}"
}
export -f epoch
export nsys device_step
if [[ -z ${no_gpu:-} && -z $nsys ]]; then
  not_run epoch "Nsight Systems (nsys) is not there: neither the GPU's busy share nor the host's waits are known"
else
  gpu_step epoch 60 bash -c epoch
fi

# ---- what came of it
printf '\n%s s in all; results in %s\n' "$SECONDS" "$out"
if ((${#unproved[@]} > 0)); then
  printf 'not run:\n'
  printf '  %s\n' "${unproved[@]}"
fi
if ((${#failures[@]} > 0)); then
  printf 'failed:\n'
  printf '  %s\n' "${failures[@]}"
  exit 1
fi
[[ -z ${no_gpu:-} ]] || printf 'NOTHING WAS CHECKED ON A GPU: %s\n' "$no_gpu"

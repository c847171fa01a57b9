#!/usr/bin/env bash
# Runs every test of a finished build and prints the sum on the last line: run-tests.sh Release|Debug
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
configuration=$1
results=artifacts/test-results
rm -rf "$results"
mkdir -p "$results"
passed=0 failed=0 skipped=0

# count NAME STATUS PASSED FAILED SKIPPED; a runner that fails without naming a failed test counts as one failure.
count() {
  local name=$1 status=$2 now_passed=${3:-0} now_failed=${4:-0} now_skipped=${5:-0}
  if ((status != 0 && now_failed == 0)); then
    echo "$name ended with exit code $status" >&2
    now_failed=1
  fi
  if ((status == 0 && now_passed + now_failed == 0)); then
    echo "$name ran no test" >&2
    now_failed=1
  fi
  passed=$((passed + now_passed)) failed=$((failed + now_failed)) skipped=$((skipped + now_skipped))
}

echo
echo "== native tests"
status=0
ctest --test-dir "artifacts/build/${configuration,,}" --output-on-failure --progress \
  --output-junit "$PWD/$results/native.xml" || status=$?
attribute() { grep -om1 "[[:space:]]$1=\"[0-9]*\"" "$results/native.xml" | grep -o '[0-9]*' || echo 0; }
total=$(attribute tests) fails=$(attribute failures)
skips=$(($(attribute skipped) + $(attribute disabled)))
count "ctest" "$status" "$((total - fails - skips))" "$fails" "$skips"

echo
echo "== managed tests"
# One test program at a time: each uses all cores by itself.
status=0
dotnet test --solution MtlHybrid.sln -c "$configuration" --no-build --max-parallel-test-modules 1 \
  2>&1 | tee "$results/managed.log" || status=$?
summary() { awk -v key="$1:" '$1 == key {n = $2} END {print n + 0}' "$results/$2.log"; }
count "dotnet test" "$status" "$(summary succeeded managed)" "$(summary failed managed)" "$(summary skipped managed)"

# What is about a device of its own, for which auto takes the emulated one.
emulated=$PWD/artifacts/build/${configuration,,}/tests/native/cuda/libmtlhybrid_cuda.so
if [[ -f $emulated ]]; then
  echo
  echo "== managed tests on the emulated CUDA device"
  status=0
  MTLHYBRID_CUDA_PATH=$emulated dotnet test --project tests/MtlHybrid.Tests/MtlHybrid.Tests.csproj -c "$configuration" --no-build \
    -- --filter-class '*LateAffinityTests' 2>&1 | tee "$results/emulated.log" || status=$?
  count "dotnet test on the emulated device" "$status" "$(summary succeeded emulated)" "$(summary failed emulated)" "$(summary skipped emulated)"
fi

echo
echo "== the packages in a fresh program"
status=0
eng/pack.sh "$configuration" || status=$?
count "pack.sh" "$status" "$((status == 0))"

echo
if ((skipped)); then
  echo "$passed passed, $failed failed, $skipped skipped"
else
  echo "$passed passed, $failed failed"
fi
((failed == 0))

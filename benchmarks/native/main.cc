// The rate of large products is taken first, and told with the processor, the BLAS and the kernels.
#include <cstdio>
#include <string>

#include "cpu/gemm.h"
#include "cpu/kernels.h"
#include "cpu/processor.h"
#include "fixture.h"

int main(int argc, char** argv) {
  using namespace mtl::benchmarks;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::AddCustomContext("processor", mtl::processor_name());
  benchmark::AddCustomContext("kernels", mtl::best_kernels().name);
  benchmark::AddCustomContext("blas", mtl::blas_name());
  for (const int64_t threads : thread_counts()) {
    char rate[32];
    std::snprintf(rate, sizeof rate, "%.1f", product_rate(threads));
    benchmark::AddCustomContext("sgemm GFLOP/s, threads " + std::to_string(threads), rate);
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}

#include "cuda/kernel_tools.h"
#include "cuda/partial_sums.h"

namespace mtl {

static __global__ void sum_partials_kernel(const double* partial, int32_t count, double* sum,
                                           bool accumulate) {
  double own = 0;
  for (int32_t i = threadIdx.x; i < count; i += blockDim.x) own += partial[i];
  const double total = block_sum(own);
  if (threadIdx.x == 0) *sum = accumulate ? *sum + total : total;
}

int32_t blocks_of_sum(int64_t count) {
  constexpr int64_t kPerBlock = 8 * kBlock, kMost = 512;
  return static_cast<int32_t>(std::clamp<int64_t>((count + kPerBlock - 1) / kPerBlock, 1, kMost));
}

void sum_partials(const Launcher& launcher, const double* partial, int32_t count, double* sum, Write write) {
  MTL_LAUNCH(launcher, Shape{dim3(1)}, sum_partials_kernel, partial, count, sum, write == Write::kAccumulate);
}

}  // namespace mtl

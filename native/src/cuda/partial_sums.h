// The last step of sums that many blocks take part in.
#ifndef MTL_CUDA_PARTIAL_SUMS_H
#define MTL_CUDA_PARTIAL_SUMS_H

#include <cstdint>

#include "backend/backend.h"
#include "cuda/launch.h"

namespace mtl {

// The blocks that a sum over `count` terms is cut into, by its length alone.
int32_t blocks_of_sum(int64_t count);

// sum[0] (+)= the sum of partial [count], in a fixed order.
void sum_partials(const Launcher& launcher, const double* partial, int32_t count, double* sum, Write write);

}  // namespace mtl

#endif

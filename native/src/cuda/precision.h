// How matrix products are computed. Parameters, gradients and sums are 32-bit floats in any case.
#ifndef MTL_CUDA_PRECISION_H
#define MTL_CUDA_PRECISION_H

#include <cstdint>

namespace mtl {

enum class Precision : int32_t {
  kFloat32 = 0,
  kTensorFloat32 = 1,  // factors rounded to 10 bits of mantissa, sums in 32 bits
  kBFloat16 = 2,       // factors rounded to bfloat16, sums in 32 bits
};

}  // namespace mtl

#endif

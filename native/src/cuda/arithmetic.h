// Small pieces of arithmetic that kernels share.
#ifndef MTL_CUDA_ARITHMETIC_H
#define MTL_CUDA_ARITHMETIC_H

#include <cuda_runtime.h>

#include <cstdint>

// Before a loop: all of its turns, or so many at a time, one after the other without a branch. The host
// compiler of the emulation does not know the pragma.
#ifdef __CUDACC__
#define MTL_UNROLL _Pragma("unroll")
#define MTL_UNROLL_BY(count) MTL_PRAGMA(unroll count)
#define MTL_PRAGMA(text) _Pragma(#text)
#else
#define MTL_UNROLL
#define MTL_UNROLL_BY(count)
#endif

namespace mtl {

// a / b for a >= 0 and b > 0; in 32 bits, which takes a fraction of the time, where both fit.
__device__ inline int64_t quotient(int64_t a, int64_t b) {
  if (((a | b) >> 32) == 0) return static_cast<uint32_t>(a) / static_cast<uint32_t>(b);
  return a / b;
}

// a b rounded by itself: the compiler must not make one operation of it and the sum around it, where the
// numbers have to be those of the processor.
__device__ inline double rounded_product(double a, double b) {
#ifdef __CUDA_ARCH__
  return __dmul_rn(a, b);
#else
  return a * b;
#endif
}

__device__ inline bool is_nan(double value) {
  return !(value == value);
}

__device__ inline bool is_finite(double value) {
  return value - value == 0;
}

}  // namespace mtl

#endif

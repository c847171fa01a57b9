// What kernels share: loops over indices, sums over the threads of a block.
#ifndef MTL_CUDA_KERNEL_TOOLS_H
#define MTL_CUDA_KERNEL_TOOLS_H

#include <cuda_runtime.h>

#include <cstdint>

#include "cuda/launch.h"

namespace mtl {

#ifdef MTL_CUDA_EMULATION
template <typename T>
T* dynamic_shared() {
  return static_cast<T*>(emulation::dynamic_shared());
}
#else
template <typename T>
__device__ T* dynamic_shared() {
  extern __shared__ __align__(16) unsigned char mtl_dynamic_shared[];
  return reinterpret_cast<T*>(mtl_dynamic_shared);
}
#endif

// body(i) for every i in [0, count), shared out over all threads of a one-dimensional grid.
template <typename Body>
__device__ void for_each_index(int64_t count, const Body& body) {
  const int64_t step = int64_t{gridDim.x} * blockDim.x;
  for (int64_t i = int64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < count; i += step) body(i);
}

// The sum over the threads of a warp, in every one of them; always in one order.
template <typename T>
__device__ T warp_sum(T value) {
  for (int offset = kWarp / 2; offset > 0; offset /= 2) value += __shfl_xor_sync(0xffffffffu, value, offset);
  return value;
}

// The sum over the threads of a one-dimensional block of whole warps, in every one of them; all must call.
template <typename T>
__device__ T block_sum(T value) {
  __shared__ T sums[kWarp];
  value = warp_sum(value);
  const int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp, warps = blockDim.x / kWarp;
  __syncthreads();  // those before may still read
  if (lane == 0) sums[warp] = value;
  __syncthreads();
  return warp_sum(lane < warps ? sums[lane] : T{0});
}

}  // namespace mtl

#endif

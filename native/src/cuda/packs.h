// Several neighbouring floats in one load or store, and element-by-element work by them.
#ifndef MTL_CUDA_PACKS_H
#define MTL_CUDA_PACKS_H

#include <cstdint>

#include "cuda/kernel_tools.h"

namespace mtl {

inline constexpr int kPackWidth = 4;  // the widest load of a GPU has 16 bytes

template <int kWidth>
struct alignas(kWidth * sizeof(float)) Pack {
  float at[kWidth];
};

// The address of a pack is a multiple of its size.
template <int kWidth>
__device__ Pack<kWidth> load(const float* values) {
  return *reinterpret_cast<const Pack<kWidth>*>(values);
}

template <int kWidth>
__device__ void store(float* values, const Pack<kWidth>& pack) {
  *reinterpret_cast<Pack<kWidth>*>(values) = pack;
}

// Whether every pointer can be loaded from by packs; nullptr can.
template <typename... Pointers>
bool begin_packs(Pointers... pointers) {
  return ((reinterpret_cast<uintptr_t>(pointers) | ... | 0) % sizeof(Pack<kPackWidth>)) == 0;
}

template <int kWidth, typename Work>
static __global__ void map_kernel(Work work, int64_t count) {
  const int64_t packs = count / kWidth;
  for_each_index(packs, [&](int64_t i) { work.template run<kWidth>(i * kWidth); });
  if (kWidth > 1)
    for_each_index(count - packs * kWidth, [&](int64_t i) { work.template run<1>(packs * kWidth + i); });
}

// work.run<kWidth>(i) does the elements i ... i + kWidth - 1; work.in_packs() says whether kWidth may be more
// than 1, i a multiple of it then.
template <typename Work>
void map(const Launcher& launcher, const Work& work, int64_t count) {
  if (count == 0) return;
  if (work.in_packs()) {
    MTL_LAUNCH(launcher, shape_for((count + kPackWidth - 1) / kPackWidth), (map_kernel<kPackWidth, Work>),
               work, count);
  } else {
    MTL_LAUNCH(launcher, shape_for(count), (map_kernel<1, Work>), work, count);
  }
}

}  // namespace mtl

#endif

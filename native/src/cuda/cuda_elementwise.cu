// Element by element: activations, dropout, sums.
#include <cmath>

#include "backend/philox.h"
#include "cuda/activation.h"
#include "cuda/cuda_backend.h"
#include "cuda/packs.h"

namespace mtl {
namespace {

template <typename F>
struct ActivationForward {
  const float* x;
  float* y;
  bool in_packs() const { return begin_packs(x, y); }
  template <int kWidth>
  __device__ void run(int64_t i) const {
    Pack<kWidth> values = load<kWidth>(x + i);
    for (float& value : values.at) value = F::value(value);
    store(y + i, values);
  }
};

template <typename F>
struct ActivationBackward {
  const float* x;
  const float* y;
  const float* dy;
  float* dx;
  bool accumulate;
  bool in_packs() const { return begin_packs(x, y, dy, dx); }
  template <int kWidth>
  __device__ void run(int64_t i) const {
    const Pack<kWidth> values = load<kWidth>((F::kFromValue ? y : x) + i), change = load<kWidth>(dy + i);
    Pack<kWidth> result{};
    if (accumulate) result = load<kWidth>(dx + i);
    for (int j = 0; j < kWidth; ++j) result.at[j] += change.at[j] * F::slope(values.at[j], values.at[j]);
    store(dx + i, result);
  }
};

struct Add {
  const float* left;
  const float* right;
  float* sum;
  bool in_packs() const { return begin_packs(left, right, sum); }
  template <int kWidth>
  __device__ void run(int64_t i) const {
    Pack<kWidth> values = load<kWidth>(left + i);
    const Pack<kWidth> others = load<kWidth>(right + i);
    for (int j = 0; j < kWidth; ++j) values.at[j] += others.at[j];
    store(sum + i, values);
  }
};

// Element i is kept when the top 24 bits of word i % 4 of Philox block i / 4 are at least probability * 2^24.
// The counter of a block is (block, node, batch index), the key the seed: the masks of the processor.
struct Dropout {
  const float* x;
  float* y;
  uint32_t first_block;
  uint32_t threshold;
  float factor;
  MaskKey key;
  bool accumulate;
  bool in_packs() const { return begin_packs(x, y); }
  template <int kWidth>
  __device__ void run(int64_t i) const {
    const PhiloxWords words =
        philox({{first_block + static_cast<uint32_t>(i / 4), key.node, static_cast<uint32_t>(key.batch_index),
                 static_cast<uint32_t>(key.batch_index >> 32)}},
               key.seed);
    Pack<kWidth> values = load<kWidth>(x + i), old{};
    if (accumulate) old = load<kWidth>(y + i);
    for (int j = 0; j < kWidth; ++j) {
      const uint32_t word = words.word[kWidth == 1 ? i % 4 : j];
      const float mask = (word >> 8) >= threshold ? factor : 0.0f;
      values.at[j] = accumulate ? fmaf(values.at[j], mask, old.at[j]) : values.at[j] * mask;
    }
    store(y + i, values);
  }
};

}  // namespace

static __global__ void fill_kernel(double* values, int64_t count, double value) {
  for_each_index(count, [&](int64_t i) { values[i] = value; });
}

void CudaBackend::fill(double* values, int64_t count, double value) {
  if (count > 0) MTL_LAUNCH(launcher_, shape_for(count), fill_kernel, values, count, value);
}

void CudaBackend::activation_forward(mtl_activation kind, const float* x, float* y, int64_t count) {
  with_activation(kind, [&](auto f) { map(launcher_, ActivationForward<decltype(f)>{x, y}, count); });
}

void CudaBackend::activation_backward(mtl_activation kind, const float* x, const float* y, const float* dy,
                                      float* dx, int64_t count, Write write) {
  with_activation(kind, [&](auto f) {
    map(launcher_, ActivationBackward<decltype(f)>{x, y, dy, dx, write == Write::kAccumulate}, count);
  });
}

void CudaBackend::activation_slope(mtl_activation kind, const float* z, const float* y, float* d,
                                   int64_t count) {
  // Each element of d is read before it is written, by one thread.
  activation_backward(kind, z, y, d, d, count, Write::kOverwrite);
}

void CudaBackend::dropout(const float* x, float* y, int64_t first, int64_t count, float probability,
                          const MaskKey& key, Write write) {
  const double chance = static_cast<double>(probability);
  map(launcher_,
      Dropout{x, y, static_cast<uint32_t>(first / 4), static_cast<uint32_t>(std::ceil(chance * 16777216.0)),
              static_cast<float>(1.0 / (1.0 - chance)), key, write == Write::kAccumulate},
      count);
}

void CudaBackend::add(const float* left, const float* right, float* sum, int64_t count) {
  map(launcher_, Add{left, right, sum}, count);
}

void CudaBackend::pass_gradient(const float* dy, float* dx, int64_t count, Write write) {
  if (write == Write::kAccumulate) {
    add(dx, dy, dx, count);
  } else {
    copy(dx, dy, count * static_cast<int64_t>(sizeof(float)));
  }
}

}  // namespace mtl

// Initial parameters, gradient clipping and optimizer steps, as PyTorch's SGD, Adam and AdamW define them.
#include <cmath>

#include "backend/philox.h"
#include "cuda/cuda_backend.h"
#include "cuda/packs.h"
#include "cuda/partial_sums.h"

namespace mtl {
namespace {

struct Scale {
  float* values;
  float factor;
  bool in_packs() const { return begin_packs(values); }
  template <int kWidth>
  __device__ void run(int64_t i) const {
    Pack<kWidth> pack = load<kWidth>(values + i);
    for (float& value : pack.at) value *= factor;
    store(values + i, pack);
  }
};

// Of all steps: the slice, and what the gradient is multiplied by first.
struct Slice {
  float* parameters;
  const float* gradients;
  const float* scale;
  float decay;

  bool in_packs() const { return begin_packs(parameters, gradients); }
  template <int kWidth>
  __device__ Pack<kWidth> direction(int64_t i, const Pack<kWidth>& p) const {
    const float factor = scale != nullptr ? scale[0] : 1.0f;
    Pack<kWidth> d = load<kWidth>(gradients + i);
    for (int j = 0; j < kWidth; ++j) d.at[j] = d.at[j] * factor + decay * p.at[j];
    return d;
  }
};

struct PlainStep {
  Slice slice;
  float rate;
  bool in_packs() const { return slice.in_packs(); }
  template <int kWidth>
  __device__ void run(int64_t i) const {
    Pack<kWidth> p = load<kWidth>(slice.parameters + i);
    const Pack<kWidth> d = slice.direction(i, p);
    for (int j = 0; j < kWidth; ++j) p.at[j] -= rate * d.at[j];
    store(slice.parameters + i, p);
  }
};

struct MomentumStep {
  Slice slice;
  float* buffer;
  float rate;
  float momentum;
  bool nesterov;
  bool first_step;  // the buffer starts as the gradient
  bool in_packs() const { return slice.in_packs() && begin_packs(buffer); }
  template <int kWidth>
  __device__ void run(int64_t i) const {
    Pack<kWidth> p = load<kWidth>(slice.parameters + i);
    Pack<kWidth> b = slice.direction(i, p);
    const Pack<kWidth> d = b;
    if (!first_step) {
      const Pack<kWidth> old = load<kWidth>(buffer + i);
      for (int j = 0; j < kWidth; ++j) b.at[j] += momentum * old.at[j];
    }
    store(buffer + i, b);
    for (int j = 0; j < kWidth; ++j) {
      p.at[j] -= rate * (nesterov ? d.at[j] + momentum * b.at[j] : b.at[j]);
    }
    store(slice.parameters + i, p);
  }
};

struct AdamStep {
  Slice slice;
  float* first;
  float* second;
  float beta1, rest1;  // rest1 = 1 - beta1
  float beta2, rest2;
  float rate;  // divided by the bias correction of the first moment
  float root;  // 1 / root of the bias correction of the second
  float epsilon;
  float pull;  // of decoupled weight decay
  bool in_packs() const { return slice.in_packs() && begin_packs(first, second); }
  template <int kWidth>
  __device__ void run(int64_t i) const {
    Pack<kWidth> p = load<kWidth>(slice.parameters + i), m = load<kWidth>(first + i),
                 v = load<kWidth>(second + i);
    const Pack<kWidth> d = slice.direction(i, p);
    for (int j = 0; j < kWidth; ++j) {
      m.at[j] = beta1 * m.at[j] + rest1 * d.at[j];
      v.at[j] = beta2 * v.at[j] + rest2 * (d.at[j] * d.at[j]);
      p.at[j] -= rate * (m.at[j] / (sqrtf(v.at[j]) * root + epsilon)) + pull * p.at[j];
    }
    store(first + i, m);
    store(second + i, v);
    store(slice.parameters + i, p);
  }
};

}  // namespace

// In (0, 1), from the top 24 bits.
__device__ static double unit(uint32_t word) {
  return (static_cast<double>(word >> 8) + 0.5) * (1.0 / 16777216.0);
}

static __global__ void initialize_constant_kernel(float* values, int64_t count, float value) {
  for_each_index(count, [&](int64_t i) { values[i] = value; });
}

// Four numbers per thread; the counters are the processor's.
static __global__ void initialize_random_kernel(float* values, int64_t count, bool uniform, float scale,
                                                uint64_t seed, uint32_t stream) {
  constexpr double kTurn = 6.283185307179586476925;
  for_each_index((count + 3) / 4, [&](int64_t block) {
    const PhiloxWords words = philox({{static_cast<uint32_t>(block), 0x80000000u | stream,
                                       static_cast<uint32_t>(static_cast<uint64_t>(block) >> 32), 0}},
                                     seed);
    for (int pair = 0; pair < 2; ++pair) {
      const double u = unit(words.word[2 * pair]), v = unit(words.word[2 * pair + 1]);
      const double radius = uniform ? 0 : scale * sqrt(-2 * log(u));  // Box and Muller
      const double a = uniform ? scale * (2 * u - 1) : radius * cos(kTurn * v);
      const double b = uniform ? scale * (2 * v - 1) : radius * sin(kTurn * v);
      const int64_t i = 4 * block + 2 * pair;
      if (i < count) values[i] = static_cast<float>(a);
      if (i + 1 < count) values[i + 1] = static_cast<float>(b);
    }
  });
}

// partial[blockIdx.x] = the block's share of the sum of squares of all slices.
static __global__ void slice_squares_kernel(const float* gradients, const int64_t* offsets,
                                            const int64_t* counts, int32_t slices, double* partial) {
  double sum = 0;
  const auto add = [&](float value) { sum += static_cast<double>(value) * static_cast<double>(value); };
  for (int32_t s = 0; s < slices; ++s) {
    const float* const values = gradients + offsets[s];
    const bool aligned = reinterpret_cast<uintptr_t>(values) % sizeof(Pack<kPackWidth>) == 0;
    const int64_t packs = aligned ? counts[s] / kPackWidth : 0;
    for_each_index(packs, [&](int64_t i) {
      const Pack<kPackWidth> pack = load<kPackWidth>(values + i * kPackWidth);
      for (const float value : pack.at) add(value);
    });
    for_each_index(counts[s] - packs * kPackWidth, [&](int64_t i) { add(values[packs * kPackWidth + i]); });
  }
  const double total = block_sum(sum);
  if (threadIdx.x == 0) partial[blockIdx.x] = total;
}

static __global__ void clip_scale_kernel(const double* partial, int32_t count, float clip_norm,
                                         float* scale) {
  double sum = 0;
  for_each_index(count, [&](int64_t i) { sum += partial[i]; });
  const double norm = sqrt(block_sum(sum));
  if (threadIdx.x == 0) {
    scale[0] = norm > static_cast<double>(clip_norm) ? static_cast<float>(clip_norm / norm) : 1.0f;
  }
}

void CudaBackend::initialize(float* values, int64_t count, Initial initial, float scale, uint64_t seed,
                             uint32_t stream) {
  if (count == 0) return;
  if (initial == Initial::kZeros || initial == Initial::kOnes) {
    MTL_LAUNCH(launcher_, shape_for(count), initialize_constant_kernel, values, count,
               initial == Initial::kOnes ? 1.0f : 0.0f);
    return;
  }
  MTL_LAUNCH(launcher_, shape_for((count + 3) / 4), initialize_random_kernel, values, count,
             initial == Initial::kUniform, scale, seed, stream);
}

void CudaBackend::scale(float* values, int64_t count, double factor) {
  map(launcher_, Scale{values, static_cast<float>(factor)}, count);
}

void CudaBackend::clip_scale(const float* gradients, const int64_t* offsets, const int64_t* counts,
                             int32_t slices, float clip_norm, float* scale) {
  const std::lock_guard<std::mutex> held(mutex_);
  int64_t count = 0;
  for (int32_t s = 0; s < slices; ++s) count += counts[s];
  const int32_t blocks = blocks_of_sum(count);
  double* const partial = scratch_.of<double>(blocks);
  MTL_LAUNCH(launcher_, Shape{dim3(static_cast<unsigned>(blocks))}, slice_squares_kernel, gradients,
             staging_.put(offsets, slices), staging_.put(counts, slices), slices, partial);
  MTL_LAUNCH(launcher_, Shape{dim3(1)}, clip_scale_kernel, partial, blocks, clip_norm, scale);
}

void CudaBackend::optimizer_step(const OptimizerStep& step, float* parameters, const float* gradients,
                                 float* first, float* second, int64_t count, const float* scale) {
  const bool decoupled = step.kind == MTL_ADAMW;
  const Slice slice{parameters, gradients, scale, decoupled ? 0.0f : step.weight_decay};
  if (step.kind == MTL_SGD && step.momentum == 0.0f) {
    map(launcher_, PlainStep{slice, step.learning_rate}, count);
  } else if (step.kind == MTL_SGD) {
    map(launcher_,
        MomentumStep{slice, first, step.learning_rate, step.momentum, step.nesterov, step.first_step}, count);
  } else {
    const auto rest = [](float beta) { return static_cast<float>(1.0 - static_cast<double>(beta)); };
    map(launcher_,
        AdamStep{slice, first, second, step.beta1, rest(step.beta1), step.beta2, rest(step.beta2),
                 static_cast<float>(static_cast<double>(step.learning_rate) / step.correction1),
                 static_cast<float>(1.0 / std::sqrt(step.correction2)), step.epsilon,
                 decoupled ? step.learning_rate * step.weight_decay : 0.0f},
        count);
  }
}

}  // namespace mtl

// Losses over the labelled samples of a batch, and their gradients, in one pass and in double precision.
#include <cmath>

#include "cuda/arithmetic.h"
#include "cuda/cuda_backend.h"
#include "cuda/kernel_tools.h"
#include "cuda/partial_sums.h"

namespace mtl {

// What one sample costs, and the derivative of that by the prediction.
struct SampleLoss {
  double value;
  double slope;
};

// x is the prediction (a logit for binary cross entropy).
__device__ static SampleLoss sample_loss(const LossSpec& spec, double x, double label) {
  const double d = x - label, size = fabs(d);
  switch (spec.kind) {
    case MTL_MEAN_SQUARE:
      return {d * d, 2 * d};
    case MTL_MEAN_ABSOLUTE:
      return {size, d > 0 ? 1 : d < 0 ? -1 : d};  // 0 at 0; NaN stays NaN
    case MTL_HUBER: {
      const double delta = spec.huber_delta;
      return {size <= delta ? 0.5 * size * size : delta * (size - 0.5 * delta), d > delta    ? delta
                                                                                : d < -delta ? -delta
                                                                                             : d};
    }
    default: {
      // (1 - y) x + (1 + (w - 1) y) log(1 + exp(-x)), with the logarithm written so that it never overflows.
      const double e = exp(-fabs(x)), weight = 1 + (spec.positive_weight - 1.0) * label;
      const double miss = (x < 0 ? 1.0 : e) / (1 + e);  // 1 - sigmoid(x)
      return {(1 - label) * x + weight * (log1p(e) + (x < 0 ? -x : 0)), (1 - label) - weight * miss};
    }
  }
}

// The gradient's element at `at` becomes, or grows by, the slope.
__device__ static void put_slope(const LossGradient& gradient, int64_t at, double slope) {
  float& target = gradient.target[at];
  target = static_cast<float>(gradient.write == Write::kAccumulate ? target + slope : slope);
}

static __global__ void scalar_loss_kernel(LossSpec spec, const float* prediction, const float* labels,
                                          int32_t batch, double* partial, LossGradient gradient) {
  double sum = 0;
  for_each_index(batch, [&](int64_t i) {
    const double label = labels[i];
    SampleLoss loss{0, 0};
    if (!is_nan(label)) {
      loss = sample_loss(spec, prediction[i], label);
      loss.slope *= gradient.scale;
    }
    sum += loss.value;
    if (gradient.target != nullptr) put_slope(gradient, i, loss.slope);
  });
  const double total = block_sum(sum);
  if (threadIdx.x == 0) partial[blockIdx.x] = total;
}

// Over neighbouring lanes, a power of two of them; every one of them has the result.
__device__ static double sum_of_lanes(double value, int32_t lanes) {
  for (int32_t offset = lanes / 2; offset > 0; offset /= 2) {
    value += __shfl_xor_sync(0xffffffffu, value, offset);
  }
  return value;
}

__device__ static double largest_of_lanes(double value, int32_t lanes) {
  for (int32_t offset = lanes / 2; offset > 0; offset /= 2) {
    value = fmax(value, __shfl_xor_sync(0xffffffffu, value, offset));
  }
  return value;
}

__device__ static double class_weight(const LossSpec& spec, int32_t c) {
  return spec.class_weights != nullptr ? double{spec.class_weights[c]} : 1.0;
}

// With y the class, w its weight, e the smoothing and C the classes:
// (1 - e) w_y (-log p_y) + e / C sum_c w_c (-log p_c)
// d / d x_c = p_c (sum of all target weights) - target weight of c
// A sample is worked on by `lanes` neighbouring lanes, a power of two.
static __global__ void softmax_loss_kernel(LossSpec spec, const float* prediction, const float* labels,
                                           int32_t batch, int32_t lanes, double* partial,
                                           LossGradient gradient) {
  const int32_t width = spec.width, lane = threadIdx.x % lanes, groups = blockDim.x / lanes;
  const double smooth = double{spec.label_smoothing} / width;
  double smooth_total = 0;
  for (int32_t c = lane; smooth > 0 && c < width; c += lanes) smooth_total += smooth * class_weight(spec, c);
  smooth_total = sum_of_lanes(smooth_total, lanes);
  double sum = 0;
  // All lanes of a warp go through this loop equally often, as they exchange values.
  for (int64_t first = int64_t{blockIdx.x} * groups; first < batch; first += int64_t{gridDim.x} * groups) {
    const int64_t i = first + threadIdx.x / lanes;
    const float label_value = i < batch ? labels[i] : static_cast<float>(spec.ignore_index);
    const bool missing = is_nan(label_value) || label_value == static_cast<float>(spec.ignore_index);
    const float* const row = prediction + i * width;
    double top = -INFINITY, exponentials = 0;
    for (int32_t c = lane; !missing && c < width; c += lanes) top = fmax(top, double{row[c]});
    top = largest_of_lanes(top, lanes);
    for (int32_t c = lane; !missing && c < width; c += lanes) exponentials += exp(row[c] - top);
    const double log_sum = top + log(sum_of_lanes(exponentials, lanes));
    const int32_t label = missing ? 0 : static_cast<int32_t>(label_value);
    const double hard = (1.0 - spec.label_smoothing) * class_weight(spec, label);
    const bool writes = gradient.target != nullptr && i < batch;
    for (int32_t c = lane; c < width; c += lanes) {
      if (missing) {
        if (writes) put_slope(gradient, i * width + c, 0.0);
        continue;
      }
      if (c == label) sum += hard * (log_sum - row[c]);
      const double spread = smooth * class_weight(spec, c);
      if (smooth > 0) sum += spread * (log_sum - row[c]);
      if (!writes) continue;
      const double target = spread + (c == label ? hard : 0.0);
      const double slope = exp(row[c] - log_sum) * (hard + smooth_total) - target;
      put_slope(gradient, i * width + c, gradient.scale * slope);
    }
  }
  const double total = block_sum(sum);
  if (threadIdx.x == 0) partial[blockIdx.x] = total;
}

static __global__ void combine_losses_kernel(const double* partial, int32_t parts, int32_t tasks,
                                             const uint8_t* take, const double* divisors, double* losses) {
  for_each_index(tasks, [&](int64_t k) {
    double sum = 0;
    for (int64_t p = 0; p < parts; ++p) sum += partial[p * tasks + k];
    losses[k] = take[k] != 0 ? sum / divisors[k] : nan("");
  });
}

void CudaBackend::loss(const LossSpec& spec, const float* prediction, const float* labels, int32_t batch,
                       double* out, const LossGradient& gradient) {
  if (batch == 0) {
    zero(out, sizeof(double));
    return;
  }
  const std::lock_guard lock(mutex_);
  const bool softmax = spec.kind == MTL_SOFTMAX_CROSS_ENTROPY;
  int32_t lanes = 1;
  while (softmax && lanes < kWarp && lanes < spec.width) lanes *= 2;
  // Four samples for each thread, or group of lanes, before there is a second block.
  constexpr int64_t kSamples = 4, kMost = 512;
  const int64_t per_block = kSamples * (kBlock / lanes);
  const int32_t blocks =
      static_cast<int32_t>(std::clamp<int64_t>((batch + per_block - 1) / per_block, 1, kMost));
  double* const partial = blocks == 1 ? out : scratch_.of<double>(blocks);
  const Shape shape{dim3(static_cast<unsigned>(blocks))};
  if (softmax) {
    MTL_LAUNCH(launcher_, shape, softmax_loss_kernel, spec, prediction, labels, batch, lanes, partial,
               gradient);
  } else {
    MTL_LAUNCH(launcher_, shape, scalar_loss_kernel, spec, prediction, labels, batch, partial, gradient);
  }
  if (blocks > 1) sum_partials(launcher_, partial, blocks, out, Write::kOverwrite);
}

void CudaBackend::combine_losses(const double* partial, int32_t parts, int32_t tasks, const uint8_t* take,
                                 const double* divisors, double* losses) {
  if (tasks == 0) return;
  const std::lock_guard lock(mutex_);
  const uint8_t* const staged_take = staging_.put(take, tasks);
  const double* const staged_divisors = staging_.put(divisors, tasks);
  MTL_LAUNCH(launcher_, shape_for(tasks), combine_losses_kernel, partial, parts, tasks, staged_take,
             staged_divisors, losses);
}

}  // namespace mtl

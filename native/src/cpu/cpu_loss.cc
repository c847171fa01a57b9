// Losses over the labelled samples of a batch, and their gradients, in one pass. A loss per kind says what
// one sample costs.
#include <algorithm>
#include <cmath>
#include <limits>

#include "backend/loss_label.h"
#include "cpu/cpu_backend.h"

namespace mtl {
namespace {

// Losses of one number per sample: value(prediction, label) and slope = d value / d prediction.
struct MeanSquare {
  explicit MeanSquare(const LossSpec&) {}
  double value(double x, double label) const { return (x - label) * (x - label); }
  double slope(double x, double label) const { return 2 * (x - label); }
};

struct MeanAbsolute {
  explicit MeanAbsolute(const LossSpec&) {}
  double value(double x, double label) const { return std::abs(x - label); }
  double slope(double x, double label) const {
    const double d = x - label;
    return d > 0 ? 1 : d < 0 ? -1 : d;  // 0 at 0; NaN stays NaN
  }
};

struct Huber {
  explicit Huber(const LossSpec& spec) : delta(spec.huber_delta) {}
  double value(double x, double label) const {
    const double size = std::abs(x - label);
    return size <= delta ? 0.5 * size * size : delta * (size - 0.5 * delta);
  }
  double slope(double x, double label) const {
    const double d = x - label;
    return d > delta ? delta : d < -delta ? -delta : d;
  }
  double delta;
};

// On a logit x: (1 - y) x + (1 + (w - 1) y) log(1 + exp(-x)), with the logarithm written so that it never
// overflows.
struct BinaryCrossEntropy {
  explicit BinaryCrossEntropy(const LossSpec& spec) : positive(spec.positive_weight) {}
  double value(double x, double label) const {
    const double softplus = std::log1p(std::exp(-std::abs(x))) + (x < 0 ? -x : 0);
    return (1 - label) * x + (1 + (positive - 1) * label) * softplus;
  }
  double slope(double x, double label) const {
    const double e = std::exp(-std::abs(x));
    const double miss = (x < 0 ? 1.0 : e) / (1 + e);  // 1 - sigmoid(x)
    return (1 - label) - (1 + (positive - 1) * label) * miss;
  }
  double positive;
};

// The gradient's element at `at` becomes, or grows by, the slope.
void put(const LossGradient& gradient, int64_t at, double slope) {
  float& target = gradient.target[at];
  target = static_cast<float>(gradient.write == Write::kAccumulate ? target + slope : slope);
}

template <typename Loss>
double scalar_loss(const LossSpec& spec, const float* prediction, const float* labels, int32_t batch,
                   const LossGradient& gradient) {
  const Loss loss(spec);
  double sum = 0;
  for (int32_t i = 0; i < batch; ++i) {
    const bool labelled = !std::isnan(labels[i]);
    if (labelled) sum += loss.value(prediction[i], labels[i]);
    if (gradient.target == nullptr) continue;
    put(gradient, i, labelled ? gradient.scale * loss.slope(prediction[i], labels[i]) : 0.0);
  }
  return sum;
}

// log of the sum of exp over a row, without overflow.
double log_sum_exp(const float* row, int32_t width) {
  const double top = *std::max_element(row, row + width);
  double sum = 0;
  for (int32_t c = 0; c < width; ++c) sum += std::exp(row[c] - top);
  return top + std::log(sum);
}

// With y the class, w its weight, e the smoothing and C the classes:
// (1 - e) w_y (-log p_y) + e / C sum_c w_c (-log p_c)
// d / d x_c = p_c (sum of all target weights) - target weight of c
double softmax_loss(const LossSpec& spec, const float* prediction, const float* labels, int32_t batch,
                    const LossGradient& gradient) {
  const int32_t width = spec.width;
  const auto weight = [&](int32_t c) {
    return spec.class_weights != nullptr ? double{spec.class_weights[c]} : 1.0;
  };
  const double smooth = spec.label_smoothing / width;
  double smooth_total = 0;
  for (int32_t c = 0; c < width; ++c) smooth_total += smooth * weight(c);
  double sum = 0;
  for (int32_t i = 0; i < batch; ++i) {
    const int64_t at = int64_t{i} * width;
    const float* row = prediction + at;
    if (is_missing(spec, labels[i])) {
      for (int32_t c = 0; gradient.target != nullptr && c < width; ++c) put(gradient, at + c, 0.0);
      continue;
    }
    const double total = log_sum_exp(row, width);
    const int32_t label = static_cast<int32_t>(labels[i]);
    const double hard = (1.0 - spec.label_smoothing) * weight(label);
    sum += hard * (total - row[label]);
    for (int32_t c = 0; smooth > 0 && c < width; ++c) sum += smooth * weight(c) * (total - row[c]);
    if (gradient.target == nullptr) continue;
    for (int32_t c = 0; c < width; ++c) {
      const double target = smooth * weight(c) + (c == label ? hard : 0.0);
      put(gradient, at + c, gradient.scale * (std::exp(row[c] - total) * (hard + smooth_total) - target));
    }
  }
  return sum;
}

}  // namespace

void CpuBackend::loss(const LossSpec& spec, const float* prediction, const float* labels, int32_t batch,
                      double* out, const LossGradient& gradient) {
  switch (spec.kind) {
    case MTL_MEAN_SQUARE:
      *out = scalar_loss<MeanSquare>(spec, prediction, labels, batch, gradient);
      return;
    case MTL_MEAN_ABSOLUTE:
      *out = scalar_loss<MeanAbsolute>(spec, prediction, labels, batch, gradient);
      return;
    case MTL_HUBER:
      *out = scalar_loss<Huber>(spec, prediction, labels, batch, gradient);
      return;
    case MTL_BINARY_CROSS_ENTROPY:
      *out = scalar_loss<BinaryCrossEntropy>(spec, prediction, labels, batch, gradient);
      return;
    default:
      *out = softmax_loss(spec, prediction, labels, batch, gradient);
  }
}

void CpuBackend::combine_losses(const double* partial, int32_t parts, int32_t tasks, const uint8_t* take,
                                const double* divisors, double* losses) {
  for (int32_t k = 0; k < tasks; ++k) {
    if (take[k] == 0) {
      losses[k] = std::numeric_limits<double>::quiet_NaN();
      continue;
    }
    double sum = 0;
    for (int32_t p = 0; p < parts; ++p) sum += partial[int64_t{p} * tasks + k];
    losses[k] = sum / divisors[k];
  }
}

}  // namespace mtl

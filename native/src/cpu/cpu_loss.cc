// Losses over the labelled samples of a batch, and their gradients. A loss per kind says what one sample
// costs.
#include <algorithm>
#include <cmath>

#include "cpu/cpu_backend.h"
#include "cpu/loss_label.h"

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

template <typename Loss>
double scalar_forward(const LossSpec& spec, const float* prediction, const float* labels, int32_t batch) {
  const Loss loss(spec);
  double sum = 0;
  for (int32_t i = 0; i < batch; ++i) {
    if (!std::isnan(labels[i])) sum += loss.value(prediction[i], labels[i]);
  }
  return sum;
}

template <typename Loss>
void scalar_backward(const LossSpec& spec, const float* prediction, const float* labels, int32_t batch,
                     double scale, float* dprediction, Write write) {
  const Loss loss(spec);
  for (int32_t i = 0; i < batch; ++i) {
    const double slope = std::isnan(labels[i]) ? 0.0 : scale * loss.slope(prediction[i], labels[i]);
    dprediction[i] = static_cast<float>(write == Write::kAccumulate ? dprediction[i] + slope : slope);
  }
}

// log of the sum of exp over a row, without overflow.
double log_sum_exp(const float* row, int32_t width, double* largest) {
  const double top = *std::max_element(row, row + width);
  double sum = 0;
  for (int32_t c = 0; c < width; ++c) sum += std::exp(row[c] - top);
  *largest = top;
  return top + std::log(sum);
}

// With y the class, w its weight, e the smoothing and C the classes:
// (1 - e) w_y (-log p_y) + e / C sum_c w_c (-log p_c)
double softmax_forward(const LossSpec& spec, const float* prediction, const float* labels, int32_t batch) {
  const int32_t width = spec.width;
  const double smooth = spec.label_smoothing / width;
  double sum = 0;
  for (int32_t i = 0; i < batch; ++i) {
    if (is_missing(spec, labels[i])) continue;
    const float* row = prediction + int64_t{i} * width;
    double largest = 0;
    const double total = log_sum_exp(row, width, &largest);
    const int32_t label = static_cast<int32_t>(labels[i]);
    const double weight = spec.class_weights != nullptr ? spec.class_weights[label] : 1.0;
    sum += (1.0 - spec.label_smoothing) * weight * (total - row[label]);
    if (smooth == 0) continue;
    for (int32_t c = 0; c < width; ++c) {
      sum += smooth * (spec.class_weights != nullptr ? spec.class_weights[c] : 1.0) * (total - row[c]);
    }
  }
  return sum;
}

// d / d x_c = p_c (sum of all target weights) - target weight of c
void softmax_backward(const LossSpec& spec, const float* prediction, const float* labels, int32_t batch,
                      double scale, float* dprediction, Write write) {
  const int32_t width = spec.width;
  const double smooth = spec.label_smoothing / width;
  double smooth_total = 0;
  for (int32_t c = 0; c < width; ++c)
    smooth_total += smooth * (spec.class_weights != nullptr ? spec.class_weights[c] : 1.0);
  for (int32_t i = 0; i < batch; ++i) {
    const float* row = prediction + int64_t{i} * width;
    float* out = dprediction + int64_t{i} * width;
    if (is_missing(spec, labels[i])) {
      if (write == Write::kOverwrite) std::fill(out, out + width, 0.0f);
      continue;
    }
    double largest = 0;
    const double total = log_sum_exp(row, width, &largest);
    const int32_t label = static_cast<int32_t>(labels[i]);
    const double hard =
        (1.0 - spec.label_smoothing) * (spec.class_weights != nullptr ? spec.class_weights[label] : 1.0);
    for (int32_t c = 0; c < width; ++c) {
      double slope = std::exp(row[c] - total) * (hard + smooth_total);
      slope -= smooth * (spec.class_weights != nullptr ? spec.class_weights[c] : 1.0);
      if (c == label) slope -= hard;
      out[c] = static_cast<float>(write == Write::kAccumulate ? out[c] + scale * slope : scale * slope);
    }
  }
}

}  // namespace

void CpuBackend::loss_forward(const LossSpec& spec, const float* prediction, const float* labels,
                              int32_t batch, double divisor, double* out) {
  const auto sum = [&] {
    switch (spec.kind) {
      case MTL_MEAN_SQUARE:
        return scalar_forward<MeanSquare>(spec, prediction, labels, batch);
      case MTL_MEAN_ABSOLUTE:
        return scalar_forward<MeanAbsolute>(spec, prediction, labels, batch);
      case MTL_HUBER:
        return scalar_forward<Huber>(spec, prediction, labels, batch);
      case MTL_BINARY_CROSS_ENTROPY:
        return scalar_forward<BinaryCrossEntropy>(spec, prediction, labels, batch);
      default:
        return softmax_forward(spec, prediction, labels, batch);
    }
  };
  *out = sum() / divisor;
}

void CpuBackend::loss_backward(const LossSpec& spec, const float* prediction, const float* labels,
                               int32_t batch, double scale, float* dprediction, Write write) {
  switch (spec.kind) {
    case MTL_MEAN_SQUARE:
      return scalar_backward<MeanSquare>(spec, prediction, labels, batch, scale, dprediction, write);
    case MTL_MEAN_ABSOLUTE:
      return scalar_backward<MeanAbsolute>(spec, prediction, labels, batch, scale, dprediction, write);
    case MTL_HUBER:
      return scalar_backward<Huber>(spec, prediction, labels, batch, scale, dprediction, write);
    case MTL_BINARY_CROSS_ENTROPY:
      return scalar_backward<BinaryCrossEntropy>(spec, prediction, labels, batch, scale, dprediction, write);
    default:
      return softmax_backward(spec, prediction, labels, batch, scale, dprediction, write);
  }
}

}  // namespace mtl

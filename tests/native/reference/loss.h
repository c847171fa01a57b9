// The losses in double precision, as mtl.h documents them.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "forward.h"

namespace reference {

struct LossSum {
  double sum = 0;     // weighted, over the labelled samples
  double weight = 0;  // sum of the samples' weights

  // Samples that all lack a label, or have a class of weight zero, leave the loss undefined.
  bool defined() const { return weight > 0; }
  double mean() const { return defined() ? sum / weight : std::numeric_limits<double>::quiet_NaN(); }
};

// log(1 + exp(x)) without overflow.
inline double SoftPlus(double x) {
  return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}

inline void AddSoftmaxSample(const Loss& loss, const Matrix& logits, int row, int label, LossSum& total) {
  const int classes = logits.columns;
  double largest = logits.at(row, 0);
  for (int c = 1; c < classes; ++c) largest = std::max(largest, logits.at(row, c));
  double sum = 0;
  for (int c = 0; c < classes; ++c) sum += std::exp(logits.at(row, c) - largest);
  const double log_sum = largest + std::log(sum);

  const auto weight = [&](int c) { return loss.class_weights.empty() ? 1.0 : loss.class_weights[c]; };
  const double smoothing = loss.label_smoothing;
  double value = (1 - smoothing) * weight(label) * (log_sum - logits.at(row, label));
  for (int c = 0; c < classes; ++c) value += smoothing / classes * weight(c) * (log_sum - logits.at(row, c));
  total.sum += value;
  total.weight += weight(label);
}

inline LossSum SumLoss(const Graph& graph, int task, const Matrix& prediction, const Rows& rows) {
  const Loss& loss = graph.outputs[task].loss;
  LossSum total;
  for (int r = 0; r < rows.count; ++r) {
    const double label = rows.labels[static_cast<size_t>(r) * rows.tasks + task];
    if (std::isnan(label)) continue;
    if (loss.kind == MTL_SOFTMAX_CROSS_ENTROPY) {
      if (label == loss.ignore_index) continue;
      AddSoftmaxSample(loss, prediction, r, static_cast<int>(label), total);
      continue;
    }
    const double x = prediction.at(r, 0);
    const double d = x - label;
    double value = 0;
    switch (loss.kind) {
      case MTL_MEAN_SQUARE:
        value = d * d;
        break;
      case MTL_MEAN_ABSOLUTE:
        value = std::abs(d);
        break;
      case MTL_HUBER: {
        const double delta = loss.huber_delta;
        value = std::abs(d) <= delta ? 0.5 * d * d : delta * (std::abs(d) - 0.5 * delta);
        break;
      }
      case MTL_BINARY_CROSS_ENTROPY:
        value = loss.positive_weight * label * SoftPlus(-x) + (1 - label) * SoftPlus(x);
        break;
      default:
        throw std::runtime_error("the reference does not know this loss");
    }
    total.sum += value;
    total.weight += 1;
  }
  return total;
}

}  // namespace reference

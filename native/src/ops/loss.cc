#include "ops/loss.h"

#include <cmath>

#include "backend/error.h"
#include "backend/loss_label.h"

namespace mtl {

TaskLoss make_task_loss(const mtl_loss_options& options, int32_t prediction, int32_t width) {
  require(options.kind >= MTL_MEAN_SQUARE && options.kind <= MTL_SOFTMAX_CROSS_ENTROPY,
          "options.kind must be a mtl_loss_kind, but is ", options.kind);
  require(std::isfinite(options.weight) && options.weight >= 0,
          "options.weight must be finite and at least 0, but is ", options.weight);
  require(std::isfinite(options.huber_delta) && options.huber_delta > 0,
          "options.huber_delta must be finite and above 0, but is ", options.huber_delta);
  require(std::isfinite(options.positive_weight) && options.positive_weight > 0,
          "options.positive_weight must be finite and above 0, but is ", options.positive_weight);
  require(options.label_smoothing >= 0 && options.label_smoothing < 1,
          "options.label_smoothing must be in [0, 1), but is ", options.label_smoothing);

  const bool softmax = options.kind == MTL_SOFTMAX_CROSS_ENTROPY;
  if (softmax) {
    require(width >= 2, "prediction must be at least 2 wide (the number of classes) for softmax, but is ",
            width);
  } else {
    require(width == 1, "prediction must be 1 wide for this loss, but is ", width);
  }

  TaskLoss loss;
  loss.prediction = prediction;
  loss.weight = options.weight;
  loss.spec.kind = static_cast<mtl_loss_kind>(options.kind);
  loss.spec.width = width;
  loss.spec.huber_delta = options.huber_delta;
  loss.spec.positive_weight = options.positive_weight;
  loss.spec.label_smoothing = options.label_smoothing;
  loss.spec.ignore_index = options.ignore_index;
  if (options.class_weight_count != 0) {
    require(softmax, "options.class_weight_count must be 0 for a loss without classes, but is ",
            options.class_weight_count);
    require(options.class_weight_count == width,
            "options.class_weight_count must be 0 or the number of classes, ", width, ", but is ",
            options.class_weight_count);
    require(options.class_weights != nullptr, "options.class_weights is NULL, but its count is not 0");
    loss.class_weights.assign(options.class_weights, options.class_weights + width);
    for (int32_t i = 0; i < width; ++i) {
      require(std::isfinite(loss.class_weights[i]) && loss.class_weights[i] >= 0, "options.class_weights[", i,
              "] must be finite and at least 0, but is ", loss.class_weights[i]);
    }
  }
  return loss;
}

LabelSummary summarize_labels(const TaskLoss& loss, const float* labels, int32_t count) {
  LabelSummary summary;
  for (int32_t i = 0; i < count; ++i) {
    if (is_missing(loss.spec, labels[i])) continue;
    if (!is_valid_label(loss.spec, labels[i])) {
      summary.first_invalid = i;
      summary.invalid_value = labels[i];
      return summary;
    }
    if (summary.labelled++ == 0) summary.first_labelled = i;
    summary.last_labelled = i;
    summary.weight += loss.class_weights.empty() ? 1.0 : loss.class_weights[static_cast<size_t>(labels[i])];
  }
  return summary;
}

std::string expected_label(const LossSpec& spec) {
  switch (spec.kind) {
    case MTL_BINARY_CROSS_ENTROPY:
      return "NaN (missing) or in [0, 1]";
    case MTL_SOFTMAX_CROSS_ENTROPY:
      return text("NaN (missing), a class index in [0, ", spec.width, ") or the ignored index ",
                  spec.ignore_index);
    default:
      return "NaN (missing) or finite";
  }
}

}  // namespace mtl

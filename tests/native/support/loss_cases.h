// Every loss with every option that changes it.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "reference/graph.h"

namespace support {

struct LossCase {
  std::string name;
  std::string enumerator;  // of mtl_loss_kind
  reference::Loss loss;
  int width = 1;  // of the prediction

  friend void PrintTo(const LossCase& loss, std::ostream* out) { *out << loss.name; }
};

inline std::vector<LossCase> LossCases() {
  std::vector<float> ramp(17);
  for (size_t c = 0; c < ramp.size(); ++c) ramp[c] = 0.25f + 0.125f * static_cast<float>(c);
  const std::string softmax = "MTL_SOFTMAX_CROSS_ENTROPY";
  const std::string binary = "MTL_BINARY_CROSS_ENTROPY";
  constexpr mtl_loss_kind kSoftmax = MTL_SOFTMAX_CROSS_ENTROPY;
  return {
      {"MeanSquare", "MTL_MEAN_SQUARE", {.kind = MTL_MEAN_SQUARE}},
      {"MeanSquareWeighted", "MTL_MEAN_SQUARE", {.kind = MTL_MEAN_SQUARE, .weight = 2.5f}},
      {"MeanAbsolute", "MTL_MEAN_ABSOLUTE", {.kind = MTL_MEAN_ABSOLUTE, .weight = 0.5f}},
      {"Huber", "MTL_HUBER", {.kind = MTL_HUBER}},
      {"HuberSmallDelta", "MTL_HUBER", {.kind = MTL_HUBER, .huber_delta = 0.25f}},
      {"HuberLargeDelta", "MTL_HUBER", {.kind = MTL_HUBER, .huber_delta = 3.0f}},
      {"Binary", binary, {.kind = MTL_BINARY_CROSS_ENTROPY}},
      {"BinaryPositiveWeight", binary, {.kind = MTL_BINARY_CROSS_ENTROPY, .positive_weight = 4.0f}},
      {"BinarySmallPositiveWeight",
       binary,
       {.kind = MTL_BINARY_CROSS_ENTROPY, .weight = 3, .positive_weight = 0.125f}},
      {"SoftmaxTwo", softmax, {.kind = kSoftmax}, 2},
      {"SoftmaxThree", softmax, {.kind = kSoftmax, .weight = 0.75f}, 3},
      {"SoftmaxSeventeen", softmax, {.kind = kSoftmax}, 17},
      {"SoftmaxWide", softmax, {.kind = kSoftmax}, 130},
      {"SoftmaxSmoothed", softmax, {.kind = kSoftmax, .label_smoothing = 0.1f}, 5},
      {"SoftmaxIgnoresAClass", softmax, {.kind = kSoftmax, .ignore_index = 1}, 3},
      {"SoftmaxClassWeights", softmax, {.kind = kSoftmax, .class_weights = {0.5f, 2, 1.25f}}, 3},
      {"SoftmaxZeroClassWeight", softmax, {.kind = kSoftmax, .class_weights = {1, 0, 2, 0.5f}}, 4},
      {"SoftmaxEverything",
       softmax,
       {.kind = kSoftmax, .weight = 1.5f, .label_smoothing = 0.2f, .ignore_index = 3, .class_weights = ramp},
       17},
  };
}

}  // namespace support

// Losses and their gradients. The gradients are central differences of the double-precision forward pass, so
// that the reference has no backward pass that could be wrong in the same way as the one under test.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "loss.h"

namespace reference {

// The members of a group whose loss the batch defines.
inline std::vector<int> Participants(const std::vector<LossSum>& losses, const std::vector<int>& group) {
  std::vector<int> members;
  for (int task : group) {
    if (losses[task].defined()) members.push_back(task);
  }
  return members;
}

class Objective {
 public:
  Objective(const Graph& graph, const Layout& layout, const Rows& rows, const DropoutMasks& masks)
      : graph_(graph), layout_(layout), forward_(graph, layout), rows_(rows), masks_(masks) {}

  // By task.
  std::vector<LossSum> Losses(const std::vector<double>& parameters) const {
    return LossesOf(forward_.Run(parameters, rows_, masks_));
  }

  struct Derivatives {
    std::vector<int64_t> elements;  // offsets in the flat arrays
    std::vector<double> values;
    int dropped = 0;  // elements left out for lying next to a kink
  };

  // The derivatives of the group's loss in the given elements. Where the two one-sided differences disagree,
  // a kink (of a ReLU, or of an absolute value) lies within the step: such elements are dropped.
  Derivatives Differentiate(std::vector<double> parameters, const std::vector<int>& group,
                            mtl_group_reduction reduction, const std::vector<int64_t>& elements) const {
    constexpr double kStep = 1e-6;
    const std::vector<Matrix> base = forward_.Run(parameters, rows_, masks_);
    const double center = GroupLoss(base, group, reduction);
    Derivatives result;
    for (int64_t element : elements) {
      const int node = NodeOf(element);
      const double original = parameters[element];
      const auto moved = [&](double by) {
        parameters[element] = original + by;
        std::vector<Matrix> values = base;
        forward_.Rerun(node, values, parameters, rows_, masks_);
        parameters[element] = original;
        return GroupLoss(values, group, reduction);
      };
      const double above = moved(kStep);
      const double below = moved(-kStep);
      const double slope = (above - below) / (2 * kStep);
      const double bend = std::abs(above - 2 * center + below) / kStep;
      if (bend > 1e-3 * std::abs(slope) + 1e-4) {
        ++result.dropped;
        continue;
      }
      result.elements.push_back(element);
      result.values.push_back(slope);
    }
    return result;
  }

 private:
  std::vector<LossSum> LossesOf(const std::vector<Matrix>& values) const {
    std::vector<LossSum> losses;
    for (int task = 0; task < graph_.tasks(); ++task) {
      losses.push_back(SumLoss(graph_, task, values[graph_.outputs[task].prediction], rows_));
    }
    return losses;
  }

  double GroupLoss(const std::vector<Matrix>& values, const std::vector<int>& group,
                   mtl_group_reduction reduction) const {
    double sum = 0;
    int members = 0;
    for (int task : group) {
      const LossSum loss = SumLoss(graph_, task, values[graph_.outputs[task].prediction], rows_);
      if (!loss.defined()) continue;
      sum += static_cast<double>(graph_.outputs[task].loss.weight) * loss.mean();
      ++members;
    }
    return reduction == MTL_REDUCTION_MEAN && members > 0 ? sum / members : sum;
  }

  int NodeOf(int64_t element) const {
    for (const Tensor& tensor : layout_.tensors) {
      if (element >= tensor.offset && element < tensor.offset + tensor.size()) return tensor.node;
    }
    throw std::runtime_error("no tensor holds element " + std::to_string(element));
  }

  const Graph& graph_;
  const Layout& layout_;
  Forward forward_;
  const Rows& rows_;
  const DropoutMasks& masks_;
};

}  // namespace reference

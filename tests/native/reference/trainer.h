// Group updates in double precision: what mtl_network_begin_batch, _update_group and _measure must amount to.
#pragma once

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "affinity.h"
#include "gradient.h"
#include "optimizer.h"

namespace reference {

struct GroupUpdate {
  std::vector<int> tasks;
  float shared_rate = 0.01f;
  float head_rate = 0.01f;
  mtl_group_reduction reduction = MTL_REDUCTION_SUM;
  bool all_losses = true;
};

class Trainer {
 public:
  Trainer(Graph graph, Layout layout, const std::vector<float>& initial)
      : parameters(initial.begin(), initial.end()),
        first(initial.size(), 0.0),
        second(initial.size(), 0.0),
        steps(graph.tasks() + 1, 0),
        affinity(graph.tasks()),
        loss_sums(graph.tasks(), 0.0),
        loss_batches(graph.tasks(), 0),
        graph_(std::move(graph)),
        layout_(std::move(layout)) {}

  Optimizer optimizer;
  bool affinity_enabled = false;
  mtl_affinity_credit credit = MTL_CREDIT_STEPPED_GROUP;
  float affinity_decay = 0.001f;

  std::vector<double> parameters;
  std::vector<double> first;
  std::vector<double> second;
  std::vector<int64_t> steps;  // [shared, task 0, ...]
  Affinity affinity;
  std::vector<double> losses;  // of the last forward pass; NaN where undefined or not measured
  std::vector<double> loss_sums;
  std::vector<int64_t> loss_batches;
  int dropped = 0;  // derivatives left out for lying next to a kink: their element missed a step
  int clipped = 0;  // updates whose gradient was clipped

  void BeginBatch(Rows rows, DropoutMasks masks = {}) {
    rows_ = std::move(rows);
    masks_ = std::move(masks);
    losses.assign(graph_.tasks(), kUndefined);
    counted_.assign(graph_.tasks(), false);
    stepped_.clear();
  }

  void UpdateGroup(const GroupUpdate& update) {
    const Objective objective(graph_, layout_, rows_, masks_);
    const std::vector<LossSum> sums = objective.Losses(parameters);
    const std::vector<int> members = Participants(sums, update.tasks);
    if (members.empty()) return;

    std::vector<double> measured = Means(sums);
    if (!update.all_losses) {
      for (int task = 0; task < graph_.tasks(); ++task) {
        if (!Contains(members, task)) measured[task] = kUndefined;
      }
    }
    Record(measured, credit == MTL_CREDIT_OFFICIAL_CODE ? members : stepped_);
    Step(objective, members, update);
    stepped_ = members;
  }

  void Measure() {
    const Objective objective(graph_, layout_, rows_, masks_);
    Record(Means(objective.Losses(parameters)),
           credit == MTL_CREDIT_OFFICIAL_CODE ? std::vector<int>{} : stepped_);
    stepped_.clear();
  }

 private:
  static constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

  static bool Contains(const std::vector<int>& tasks, int task) {
    return std::find(tasks.begin(), tasks.end(), task) != tasks.end();
  }

  static std::vector<double> Means(const std::vector<LossSum>& sums) {
    std::vector<double> means;
    for (const LossSum& sum : sums) means.push_back(sum.mean());
    return means;
  }

  // Takes over the losses of a forward pass, and credits `group` with their change since the one before.
  void Record(const std::vector<double>& measured, const std::vector<int>& group) {
    if (affinity_enabled && !group.empty()) affinity.Credit(group, losses, measured, affinity_decay);
    losses = measured;
    for (int task = 0; task < graph_.tasks(); ++task) {
      if (std::isnan(measured[task]) || counted_[task]) continue;
      counted_[task] = true;
      loss_sums[task] += measured[task];
      ++loss_batches[task];
    }
  }

  void Step(const Objective& objective, const std::vector<int>& members, const GroupUpdate& update) {
    std::vector<int64_t> elements;
    for (const Tensor& tensor : layout_.tensors) {
      if (tensor.owner != MTL_SHARED && !Contains(members, tensor.owner)) continue;
      for (int64_t i = 0; i < tensor.size(); ++i) elements.push_back(tensor.offset + i);
    }
    Objective::Derivatives gradient =
        objective.Differentiate(parameters, members, update.reduction, elements);
    dropped += gradient.dropped;

    if (optimizer.clip_norm > 0) {
      const double norm = std::sqrt(
          std::inner_product(gradient.values.begin(), gradient.values.end(), gradient.values.begin(), 0.0));
      if (norm > optimizer.clip_norm) {
        ++clipped;
        for (double& g : gradient.values) g *= optimizer.clip_norm / norm;
      }
    }

    ++steps[0];
    for (int task : members) ++steps[task + 1];
    for (size_t i = 0; i < gradient.elements.size(); ++i) {
      const int64_t e = gradient.elements[i];
      const int owner = OwnerOf(e);
      optimizer.Step(gradient.values[i], owner == MTL_SHARED ? update.shared_rate : update.head_rate,
                     steps[owner + 1], parameters[e], first[e], second[e]);
    }
  }

  int OwnerOf(int64_t element) const {
    for (const Tensor& tensor : layout_.tensors) {
      if (element >= tensor.offset && element < tensor.offset + tensor.size()) return tensor.owner;
    }
    throw std::runtime_error("no tensor holds element " + std::to_string(element));
  }

  Graph graph_;
  Layout layout_;
  Rows rows_;
  DropoutMasks masks_;
  std::vector<bool> counted_;
  std::vector<int> stepped_;  // the last group that stepped in this batch and has not been credited yet
};

}  // namespace reference

#include "graph/tangents.h"

#include <algorithm>
#include <limits>

#include "graph/delta_plan.h"

namespace mtl {

Tangents::Tangents(Network& network) : network_(network), backend_(network.backend_) {
  const std::vector<Network::Node>& nodes = network.node_;
  const int32_t end = static_cast<int32_t>(nodes.size());
  // Alive from its own node to the last that reads it: the plan of gradients with the order turned round.
  std::vector<bool> moves(nodes.size());
  std::vector<DeltaLife> lives(nodes.size());
  for (int32_t n = 0; n < end; ++n) {
    const Network::Node& node = nodes[n];
    const bool own = node.owner == MTL_SHARED && !node.memory.parameters.empty();
    moves[n] =
        node.live && !node.inputs.empty() &&
        (own || std::any_of(node.inputs.begin(), node.inputs.end(), [&](int32_t i) { return moves[i]; }));
    lives[n] = {end - n, end - n, moves[n] ? node.width : 0};
    for (const int32_t input : node.inputs) {
      if (moves[n]) lives[input].last = end - n;
    }
  }
  for (const Network::Task& task : network.task_) {
    lives[task.loss.prediction].last = 0;
    widest_ = std::max(widest_, task.loss.spec.width);
  }
  const DeltaPlan plan = plan_deltas(lives);
  require(plan.floats <= std::numeric_limits<int32_t>::max(), "graph: a row has too many values");
  floats_per_row_ = static_cast<int32_t>(plan.floats);
  const int64_t parts = backend_.parallel_parts();
  partial_ =
      Memory<double>(backend_, checked_product(parts, int64_t{network.tasks_} + 1, "products"), "products");
  host_.resize(static_cast<size_t>(partial_.count()));

  const int64_t shared = network.slice_of(MTL_SHARED).offset;
  offset_ = plan.offsets;
  size_t most_inputs = 0;
  for (int32_t n = 0; n < end; ++n) {
    if (!moves[n]) continue;
    Step step{n, {}};
    most_inputs = std::max(most_inputs, nodes[n].inputs.size());
    if (nodes[n].owner == MTL_SHARED) {
      for (const float* tensor : nodes[n].memory.parameters) {
        step.parameters.push_back(tensor - network.parameters_.data() - shared);
      }
    }
    steps_.push_back(std::move(step));
  }
  inputs_.resize(static_cast<size_t>(parts));
  for (std::vector<const float*>& inputs : inputs_) inputs.reserve(most_inputs);
}

void Tangents::project(const float* direction, float* memory, double* products) {
  const Range range = network_.phase("tangents");
  values_ = memory;
  slopes_ = memory + align_floats(floats_per_row_ * int64_t{network_.max_batch_});
  const int32_t tasks = network_.tasks_, places = tasks + 1;
  const Network::RowCut cut = network_.cut_rows(2 * network_.cost_per_row_);
  backend_.zero(partial_.data(), partial_.bytes());
  backend_.run_parts(cut.parts, [&](int32_t part, Backend& backend) {
    const int32_t first = part * cut.size;
    const int32_t rows = std::min(cut.size, network_.batch_ - first);
    run_rows(network_.pass_over(backend, first, rows, true), part, direction,
             partial_.data() + int64_t{part} * places);
  });
  backend_.download(host_.data(), partial_.data(), partial_.bytes());
  for (int32_t k = 0; k < tasks; ++k) {
    products[k] = 0;
    for (int32_t part = 0; part < cut.parts; ++part)
      products[k] += host_[static_cast<size_t>(part * places + k)];
  }
}

void Tangents::run_rows(const Pass& whole, int32_t part, const float* direction, double* products) {
  Pass pass = whole;
  std::vector<const float*>& inputs = inputs_[static_cast<size_t>(part)];
  for (const Step& step : steps_) {
    const Network::Node& node = network_.node_[step.node];
    ParameterTangents parameters{};
    for (size_t i = 0; i < step.parameters.size(); ++i) parameters[i] = direction + step.parameters[i];
    pass.key.node = static_cast<uint32_t>(step.node);
    inputs.clear();
    for (const int32_t input : node.inputs) inputs.push_back(change_of(input, pass));
    node.op->tangent(pass, node.memory, inputs, parameters, change_of(step.node, pass));
  }
  for (int32_t k = 0; k < network_.tasks_; ++k) {
    const Network::Task& task = network_.task_[k];
    const float* change = change_of(task.loss.prediction, pass);
    if (network_.member_[k] == 0 || change == nullptr) continue;
    const int32_t width = task.loss.spec.width;
    const int64_t at = pass.value_at(width);
    float* const slope = slopes_ + pass.value_at(widest_);
    pass.backend.loss(task.loss.spec, network_.node_[task.loss.prediction].memory.value + at,
                      network_.batch_labels(k) + pass.first, pass.rows, products + network_.tasks_,
                      {slope, task.loss.weight / task.labels.weight, Write::kOverwrite});
    pass.backend.add_matched_product(slope, width, change + at, width, 0.0f, pass.rows, width, products + k);
  }
}

}  // namespace mtl

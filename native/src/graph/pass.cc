// Forward and backward over the current batch.
//
// A pass is planned first (what is computed, which gradients are written or added to), then run in one of two
// ways. Layer by layer, every op uses all threads: for passes that take long. Row block by row block, every
// thread takes some rows through all of forward, the losses and backward to the inputs, and then shares of
// the parameter gradients: threads meet twice in a pass, instead of several times per layer.
#include <algorithm>

#include "graph/network.h"
#include "graph/task_gradients.h"

namespace mtl {
namespace {

// Below this a second thread costs more than it saves: about 2 microseconds of work.
constexpr int64_t kCostPerPart = 150'000;
// With fewer rows than this matrix products are inefficient.
constexpr int32_t kRowsPerPart = 16;
// Losses cost far more per row than their width says: exponentials in double precision.
constexpr int64_t kLossCost = 300;

}  // namespace

void Network::plan_pass(const std::vector<uint8_t>& wanted, const std::vector<uint8_t>* members) {
  if (&wanted != &measured_) std::copy(wanted.begin(), wanted.end(), measured_.begin());
  std::fill(reached_.begin(), reached_.end(), uint8_t{0});
  backward_.clear();
  plan_forward(wanted);
  if (members != nullptr) {
    plan_backward(*members, Owners::kAll);
  } else {
    plan_siblings();
  }
}

// The predictions of the wanted tasks, and nothing that only the others need.
void Network::plan_forward(const std::vector<uint8_t>& wanted) {
  std::fill(needed_.begin(), needed_.end(), uint8_t{0});
  for (int32_t k = 0; k < tasks_; ++k) {
    if (wanted[k] != 0) needed_[task_[k].loss.prediction] = 1;
  }
  for (size_t n = node_.size(); n-- > 0;) {
    if (needed_[n] == 0) continue;
    for (const int32_t input : node_[n].inputs) needed_[input] = 1;
  }
  forward_.clear();
  for (const Visit& visit : schedule_) {
    const auto needed = [&](int32_t node) { return needed_[node] != 0; };
    const bool any = visit.siblings < 0 ? needed(visit.node)
                                        : std::any_of(siblings_[visit.siblings].nodes.begin(),
                                                      siblings_[visit.siblings].nodes.end(), needed);
    if (any) forward_.push_back(visit);
  }
}

// Of layers that are computed together, those that take part in backward.
void Network::plan_siblings() {
  for (Siblings& group : siblings_) {
    group.layers.clear_backward();
    for (size_t i = 0; i < group.nodes.size(); ++i) {
      if (reached_[group.nodes[i]] != 0) group.layers.add_backward(i);
    }
  }
}

// Everything between the members' losses and the parameters of these owners.
void Network::plan_backward(const std::vector<uint8_t>& members, Owners owners) {
  owners_ = owners;
  const auto wanted = [&](int32_t node) {
    return node_[node].needs_gradient && (owners != Owners::kTasks || node_[node].owner != MTL_SHARED);
  };
  backward_.clear();
  std::fill(reached_.begin(), reached_.end(), uint8_t{0});
  std::fill(written_.begin(), written_.end(), uint8_t{0});
  for (int32_t k = 0; k < tasks_; ++k) {
    const int32_t node = task_[k].loss.prediction;
    if (members[k] == 0 || !wanted(node)) continue;
    task_[k].write = written_[node] != 0 ? Write::kAccumulate : Write::kOverwrite;
    reached_[node] = written_[node] = 1;
  }
  for (size_t n = node_.size(); n-- > 0;) {
    if (reached_[n] == 0) continue;
    for (const int32_t input : node_[n].inputs) {
      if (wanted(input)) reached_[input] = 1;
    }
  }
  plan_siblings();

  input_gradients_.clear();
  const auto add_input = [&](int32_t input) {
    const Write write = written_[input] != 0 ? Write::kAccumulate : Write::kOverwrite;
    input_gradients_.push_back({wanted(input) ? node_[input].delta : nullptr, write});
    written_[input] = 1;
  };
  for (size_t v = forward_.size(); v-- > 0;) {
    const Visit& visit = forward_[v];
    const size_t first = input_gradients_.size();
    if (visit.siblings >= 0) {
      const Siblings& group = siblings_[visit.siblings];
      if (!group.layers.has_backward()) continue;
      add_input(group.input);
    } else {
      if (reached_[visit.node] == 0) continue;
      for (const int32_t input : node_[visit.node].inputs) add_input(input);
    }
    backward_.push_back({visit, first});
  }
}

Network::RowCut Network::cut_rows(int64_t cost_per_row) const {
  const int64_t parts = std::min({int64_t{backend_.parallel_parts()}, cost_per_row * batch_ / kCostPerPart,
                                  int64_t{batch_} / kRowsPerPart});
  if (parts <= 1) return {1, batch_};
  const int64_t size = (batch_ + parts - 1) / parts;
  const int32_t step = static_cast<int32_t>((size + row_step_ - 1) / row_step_ * row_step_);
  return {(batch_ + step - 1) / step, step};
}

Pass Network::pass_over(Backend& backend, int32_t first, int32_t rows, bool training) const {
  return {backend, first, rows, batch_, training, {seed_, batch_index_, 0}, first};
}

void Network::run_pass(bool training, bool losses, bool forward, TaskGradients* from_heads) {
  if (forward) forget_head_gradients();
  for (const Siblings& group : siblings_) group.layers.join_parameters(backend_);
  const auto part_of = [&](const RowCut& cut, int32_t part, Backend& backend) {
    const int32_t first = part * cut.size;
    return pass_over(backend, first, std::min(cut.size, batch_ - first), training);
  };
  if (by_rows_) {
    const RowCut cut = cut_rows(cost_per_row_);
    loss_parts_ = cut.parts;
    backend_.run_parts(cut.parts, [&](int32_t part, Backend& backend) {
      const Pass pass = part_of(cut, part, backend);
      if (forward) forward_rows(pass);
      if (losses) loss_rows(pass, partial_losses_.data() + int64_t{part} * tasks_);
      backward_rows(pass);
    });
    if (!backward_.empty()) parameter_gradients();
    for (const BackwardVisit& visit : backward_) {
      if (from_heads != nullptr) leave_heads(visit, *from_heads);
    }
  } else {
    const Pass whole = pass_over(backend_, 0, batch_, training);
    if (forward) forward_rows(whole);
    if (losses) {
      const RowCut cut = cut_rows(kLossCost * outputs_);
      loss_parts_ = cut.parts;
      backend_.run_parts(cut.parts, [&](int32_t part, Backend& backend) {
        loss_rows(part_of(cut, part, backend), partial_losses_.data() + int64_t{part} * tasks_);
      });
      backward_by_layers(whole, from_heads);
    }
  }
  fresh_ = training && has_batch_;
}

void Network::finish_losses() {
  backend_.combine_losses(partial_losses_.data(), loss_parts_, tasks_, measured_.data(), divisors_.data(),
                          losses_.data());
}

void Network::forward_rows(Pass pass) const {
  const Range range = phase("forward");
  for (const Visit& visit : forward_) {
    const Range op = op_range(visit.node);
    if (visit.siblings >= 0) {
      const Siblings& group = siblings_[visit.siblings];
      group.layers.forward(pass, node_[group.input].memory.value);
      continue;
    }
    pass.key.node = static_cast<uint32_t>(visit.node);
    node_[visit.node].op->forward(pass, node_[visit.node].memory);
  }
}

// The losses of the measured tasks over these rows, and the gradients of the members' losses.
void Network::loss_rows(const Pass& pass, double* sums) const {
  const Range range = phase("losses");
  const bool backward = !backward_.empty();
  for (int32_t k = 0; k < tasks_; ++k) {
    if (measured_[k] == 0) continue;
    const Task& task = task_[k];
    const Node& node = node_[task.loss.prediction];
    const int64_t at = int64_t{pass.first} * node.width;
    LossGradient gradient;
    if (backward && member_[k] != 0 && reached_[task.loss.prediction] != 0) {
      gradient = {node.delta + at, loss_scales_[k] * task.loss.weight / task.labels.weight, task.write};
    }
    pass.backend.loss(task.loss.spec, node.memory.value + at, batch_labels(k) + pass.first, pass.rows,
                      sums + k, gradient);
  }
}

void Network::prepare_visit(const Pass& pass, const BackwardVisit& visit) const {
  const Node& node = node_[visit.visit.node];
  if (visit.visit.siblings >= 0) {
    siblings_[visit.visit.siblings].layers.join_deltas(pass);
  } else {
    node.op->prepare_gradient(pass, node.memory, node.delta);
  }
}

void Network::backward_visit(const Pass& pass, const BackwardVisit& visit) const {
  const InputGradient* inputs = input_gradients_.data() + visit.inputs;
  const Node& node = node_[visit.visit.node];
  if (visit.visit.siblings >= 0) {
    if (inputs[0].delta != nullptr) siblings_[visit.visit.siblings].layers.backward_inputs(pass, inputs[0]);
    return;
  }
  node.op->backward_inputs(pass, node.memory, node.delta, {inputs, node.inputs.size()});
}

void Network::visit_parameters(const Pass& whole, const BackwardVisit& visit, Part part) const {
  const Node& node = node_[visit.visit.node];
  if (visit.visit.siblings >= 0) {
    const Siblings& group = siblings_[visit.visit.siblings];
    group.layers.backward_parameters(whole.backend, node_[group.input].memory.value, batch_);
    return;
  }
  ParameterGradients gradients{};
  for (size_t i = 0; i < node.memory.gradients.size(); ++i) {
    gradients[i] = node.memory.gradients[i] + node.op->share_begin(i, part);
  }
  node.op->backward_parameters(whole, node.memory, node.delta, gradients, part);
}

void Network::backward_rows(Pass pass) const {
  if (backward_.empty()) return;
  const Range range = phase("backward");
  for (const BackwardVisit& visit : backward_) {
    const Range op = op_range(visit.visit.node);
    pass.key.node = static_cast<uint32_t>(visit.visit.node);
    prepare_visit(pass, visit);
    backward_visit(pass, visit);
  }
}

void Network::backward_by_layers(Pass pass, TaskGradients* from_heads) const {
  if (backward_.empty()) return;
  const Range range = phase("backward");
  for (const BackwardVisit& visit : backward_) {
    const Range op = op_range(visit.visit.node);
    pass.key.node = static_cast<uint32_t>(visit.visit.node);
    prepare_visit(pass, visit);
    if (computes_parameters(visit.visit)) visit_parameters(pass, visit, {0, 1});
    backward_visit(pass, visit);
    if (from_heads != nullptr) leave_heads(visit, *from_heads);
  }
}

void Network::leave_heads(const BackwardVisit& visit, TaskGradients& from_heads) const {
  if (visit.visit.siblings < 0) {
    from_heads.leave_head(visit.visit.node);
    return;
  }
  for (const int32_t node : siblings_[visit.visit.siblings].nodes) {
    if (reached_[node] != 0) from_heads.leave_head(node);
  }
}

bool Network::computes_parameters(const Visit& visit) const {
  return owners_ == Owners::kAll || (owners_ == Owners::kShared) == (node_[visit.node].owner == MTL_SHARED);
}

void Network::parameter_gradients() {
  const Range range = phase("backward");
  jobs_.clear();
  int64_t total = 0;
  const auto cost_of = [&](const Visit& visit) {
    if (!computes_parameters(visit)) return int64_t{0};
    if (visit.siblings >= 0) return siblings_[visit.siblings].layers.cost_per_row() * batch_;
    return node_[visit.node].memory.gradients.empty() ? int64_t{0}
                                                      : node_[visit.node].op->cost_per_row() * batch_;
  };
  for (const BackwardVisit& visit : backward_) total += cost_of(visit.visit);
  // Two shares per thread even out what they take longer or shorter.
  const int64_t share = std::max(total / (2 * backend_.parallel_parts()), kCostPerPart);
  for (size_t v = 0; v < backward_.size(); ++v) {
    const Visit& visit = backward_[v].visit;
    const int64_t cost = cost_of(visit);
    if (cost == 0) continue;
    const int32_t most = visit.siblings >= 0 ? 1 : node_[visit.node].op->most_parts();
    const int32_t parts = static_cast<int32_t>(std::clamp<int64_t>(cost / share, 1, most));
    for (int32_t part = 0; part < parts; ++part) {
      jobs_.push_back({static_cast<int32_t>(v), {part, parts}, cost / parts});
    }
  }
  // The largest first, so that the small ones fill the gaps.
  std::sort(jobs_.begin(), jobs_.end(), [](const ParameterJob& a, const ParameterJob& b) {
    return a.cost != b.cost ? a.cost > b.cost
                            : (a.visit != b.visit ? a.visit < b.visit : a.part.index < b.part.index);
  });
  backend_.run_parts(static_cast<int32_t>(jobs_.size()), [&](int32_t index, Backend& backend) {
    const ParameterJob& job = jobs_[index];
    const Range op = op_range(backward_[job.visit].visit.node);
    visit_parameters(pass_over(backend, 0, batch_, true), backward_[job.visit], job.part);
  });
}

// Parameters of the active slices, as far as this backward is about them, that the group's loss does not
// depend on have the gradient zero.
void Network::clear_unreached_gradients() {
  for (const Tensor& tensor : layout_.tensors) {
    if (reached_[node_[tensor.node].computed_by] != 0) continue;
    if (tensor.owner == MTL_SHARED ? owners_ == Owners::kTasks : member_[tensor.owner] == 0) continue;
    backend_.zero(gradients_.data() + tensor.offset, tensor.count * static_cast<int64_t>(sizeof(float)));
  }
}

}  // namespace mtl

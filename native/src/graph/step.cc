// One group update: forward, losses, affinity, backward of the group's loss, optimizer step.
#include <algorithm>
#include <cmath>
#include <limits>

#include "graph/network.h"

namespace mtl {

void Network::update_group(const int32_t* tasks, int32_t count, const mtl_update_options& options) {
  require(std::isfinite(options.shared_learning_rate) && options.shared_learning_rate >= 0,
          "options.shared_learning_rate must be finite and at least 0, but is ",
          options.shared_learning_rate);
  require(std::isfinite(options.head_learning_rate) && options.head_learning_rate >= 0,
          "options.head_learning_rate must be finite and at least 0, but is ", options.head_learning_rate);
  require(options.reduction == MTL_REDUCTION_SUM || options.reduction == MTL_REDUCTION_MEAN,
          "options.reduction must be a mtl_group_reduction, but is ", options.reduction);
  require(options.all_losses == 0 || options.all_losses == 1, "options.all_losses must be 0 or 1, but is ",
          options.all_losses);
  require_batch();
  select_group(tasks, count);
  if (active_count_ == 0) return;

  forward(options.all_losses == 1 ? labelled_ : member_, true);
  measure_losses();
  if (affinity_options_.credit == MTL_CREDIT_OFFICIAL_CODE) {
    credit(member_.data(), active_count_);
  } else if (stepped_count_ > 0) {
    credit(stepped_.data(), stepped_count_);
  }
  remember_losses();

  backward(static_cast<mtl_group_reduction>(options.reduction));
  step(options);
  std::copy(member_.begin(), member_.end(), stepped_.begin());
  stepped_count_ = active_count_;
}

void Network::measure() {
  require_batch();
  forward(labelled_, true);
  measure_losses();
  if (affinity_options_.credit == MTL_CREDIT_STEPPED_GROUP && stepped_count_ > 0) {
    credit(stepped_.data(), stepped_count_);
  }
  remember_losses();
  stepped_count_ = 0;
}

void Network::gradients(const int32_t* tasks, int32_t count, mtl_group_reduction reduction) {
  const int32_t value = static_cast<int32_t>(reduction);
  require(value == MTL_REDUCTION_SUM || value == MTL_REDUCTION_MEAN,
          "reduction must be a mtl_group_reduction, but is ", value);
  require_batch();
  select_group(tasks, count);
  if (active_count_ == 0) return;
  forward(labelled_, true);
  measure_losses();
  backward(reduction);
}

void Network::select_group(const int32_t* tasks, int32_t count) {
  require(count >= 1 && count <= tasks_, "count must be in [1, ", tasks_, "], but is ", count);
  require(tasks != nullptr, "tasks is NULL");
  std::fill(named_.begin(), named_.end(), uint8_t{0});
  std::fill(member_.begin(), member_.end(), uint8_t{0});
  active_count_ = 0;
  for (int32_t i = 0; i < count; ++i) {
    require(tasks[i] >= 0 && tasks[i] < tasks_, "tasks[", i, "] must be in [0, ", tasks_, "), but is ",
            tasks[i]);
    require(named_[tasks[i]] == 0, "tasks must be distinct, but task ", tasks[i], " comes twice");
    named_[tasks[i]] = 1;
  }
  // In the order of the tasks, so that the same group gives the same sums however it was written.
  for (int32_t k = 0; k < tasks_; ++k) {
    if (named_[k] == 0 || labelled_[k] == 0) continue;
    member_[k] = 1;
    active_[active_count_++] = k;
  }
}

// Computes the predictions of the wanted tasks, and nothing that only the others need.
void Network::forward(const std::vector<uint8_t>& wanted, bool training) {
  std::copy(wanted.begin(), wanted.end(), measured_.begin());
  std::fill(needed_.begin(), needed_.end(), uint8_t{0});
  for (int32_t k = 0; k < tasks_; ++k) {
    if (wanted[k] != 0) needed_[task_[k].loss.prediction] = 1;
  }
  for (size_t n = node_.size(); n-- > 0;) {
    if (needed_[n] == 0) continue;
    for (const int32_t input : node_[n].inputs) needed_[input] = 1;
  }
  Pass pass{backend_, batch_, training, {seed_, batch_index_, 0}};
  for (size_t n = 0; n < node_.size(); ++n) {
    if (needed_[n] == 0) continue;
    pass.key.node = static_cast<uint32_t>(n);
    node_[n].op->forward(pass, node_[n].memory);
  }
}

void Network::measure_losses() {
  backend_.fill(losses_.data(), tasks_, std::numeric_limits<double>::quiet_NaN());
  for (int32_t k = 0; k < tasks_; ++k) {
    take_[k] = measured_[k] != 0 && seen_[k] == 0 ? 1 : 0;
    if (measured_[k] == 0) continue;
    seen_[k] = 1;
    loss_batches_[k] += take_[k];
    const Task& task = task_[k];
    backend_.loss_forward(task.loss.spec, node_[task.loss.prediction].memory.value, batch_labels(k), batch_,
                          task.labels.weight, losses_.data() + k);
  }
  backend_.add_losses(losses_.data(), take_.data(), tasks_, loss_sums_.data());
}

void Network::credit(const uint8_t* member, int32_t members) {
  if (affinity_options_.enabled == 0 || !reference_known_) return;
  AffinityUpdate update;
  update.tasks = tasks_;
  update.member = member;
  update.members = members;
  update.loss = losses_.data();
  update.previous = reference_.data();
  update.decay = affinity_options_.decay;
  update.limit = affinity_options_.limit;
  update.affinity = affinity_.data();
  update.observations = observations_.data();
  backend_.update_affinity(update);
}

void Network::remember_losses() {
  backend_.copy(reference_.data(), losses_.data(), losses_.bytes());
  reference_known_ = true;
}

void Network::backward(mtl_group_reduction reduction) {
  const double factor = reduction == MTL_REDUCTION_MEAN ? 1.0 / active_count_ : 1.0;
  Pass pass{backend_, batch_, true, {seed_, batch_index_, 0}};
  std::fill(written_.begin(), written_.end(), uint8_t{0});
  for (size_t n = node_.size(); n-- > 0;) {
    Node& node = node_[n];
    if (!node.needs_gradient) continue;
    for (int32_t k = node.first_task; k >= 0; k = task_[k].next_task) {
      if (member_[k] == 0) continue;
      backend_.loss_backward(task_[k].loss.spec, node.memory.value, batch_labels(k), batch_,
                             factor * task_[k].loss.weight / task_[k].labels.weight, node.delta,
                             written_[n] != 0 ? Write::kAccumulate : Write::kOverwrite);
      written_[n] = 1;
    }
    if (written_[n] == 0) continue;
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      const int32_t input = node.inputs[i];
      const Write write = written_[input] != 0 ? Write::kAccumulate : Write::kOverwrite;
      input_gradients_[i] = {node_[input].needs_gradient ? node_[input].delta : nullptr, write};
      if (node_[input].needs_gradient) written_[input] = 1;
    }
    pass.key.node = static_cast<uint32_t>(n);
    node.op->backward(pass, node.memory, node.delta, std::span(input_gradients_).first(node.inputs.size()));
  }
  clear_unvisited_gradients();
}

// Parameters of the active slices that the group's loss does not depend on have the gradient zero.
void Network::clear_unvisited_gradients() {
  for (const Tensor& tensor : layout_.tensors) {
    if (written_[tensor.node] != 0) continue;
    if (tensor.owner != MTL_SHARED && member_[tensor.owner] == 0) continue;
    backend_.zero(gradients_.data() + tensor.offset, tensor.count * static_cast<int64_t>(sizeof(float)));
  }
}

void Network::step(const mtl_update_options& options) {
  const float* scale = nullptr;
  if (optimizer_.clip_norm > 0) {
    for (int32_t i = -1; i < active_count_; ++i) {
      const Slice slice = slice_of(i < 0 ? MTL_SHARED : active_[i]);
      clip_offsets_[i + 1] = slice.offset;
      clip_counts_[i + 1] = slice.count;
    }
    backend_.clip_scale(gradients_.data(), clip_offsets_.data(), clip_counts_.data(), active_count_ + 1,
                        optimizer_.clip_norm, clip_.data());
    scale = clip_.data();
  }
  step_slice(MTL_SHARED, options.shared_learning_rate, scale);
  for (int32_t i = 0; i < active_count_; ++i) step_slice(active_[i], options.head_learning_rate, scale);
}

void Network::step_slice(int32_t owner, float learning_rate, const float* scale) {
  int64_t& steps = steps_[static_cast<size_t>(owner) + 1];
  OptimizerStep step;
  step.kind = static_cast<mtl_optimizer_kind>(optimizer_.kind);
  step.learning_rate = learning_rate;
  step.momentum = optimizer_.momentum;
  step.nesterov = optimizer_.nesterov != 0;
  step.first_step = steps == 0;
  step.beta1 = optimizer_.beta1;
  step.beta2 = optimizer_.beta2;
  step.epsilon = optimizer_.epsilon;
  step.weight_decay = optimizer_.weight_decay;
  ++steps;
  step.correction1 = 1 - std::pow(static_cast<double>(optimizer_.beta1), static_cast<double>(steps));
  step.correction2 = 1 - std::pow(static_cast<double>(optimizer_.beta2), static_cast<double>(steps));
  const Slice slice = slice_of(owner);
  if (slice.count == 0) return;
  backend_.optimizer_step(step, parameters_.data() + slice.offset, gradients_.data() + slice.offset,
                          first_moment_.data() + slice.offset, second_moment_.data() + slice.offset,
                          slice.count, scale);
}

}  // namespace mtl

// One group update: forward, losses, affinity, backward of the group's loss, optimizer step.
#include <algorithm>
#include <cmath>
#include <limits>

#include "graph/network.h"

namespace mtl {

void Network::check_update(const mtl_update_options& options) {
  require(std::isfinite(options.shared_learning_rate) && options.shared_learning_rate >= 0,
          "options.shared_learning_rate must be finite and at least 0, but is ",
          options.shared_learning_rate);
  require(std::isfinite(options.head_learning_rate) && options.head_learning_rate >= 0,
          "options.head_learning_rate must be finite and at least 0, but is ", options.head_learning_rate);
  require(options.reduction == MTL_REDUCTION_SUM || options.reduction == MTL_REDUCTION_MEAN,
          "options.reduction must be a mtl_group_reduction, but is ", options.reduction);
  require(options.all_losses == 0 || options.all_losses == 1, "options.all_losses must be 0 or 1, but is ",
          options.all_losses);
}

void Network::update_group(const int32_t* tasks, int32_t count, const mtl_update_options& options) {
  check_update(options);
  require_batch();
  select_group(tasks, count);
  if (active_count_ == 0) return;
  const Range range = group_call("group");
  const ParameterAccess::Write writing(access_);
  backend_.in_step([&] {
    train_pass(options.all_losses == 1 ? labelled_ : member_,
               static_cast<mtl_group_reduction>(options.reduction));
    observe_losses();
    step(options);
  });
}

void Network::step_weighted(const int32_t* tasks, int32_t count, const double* shared_weights,
                            const double* head_weights, const mtl_update_options& options) {
  check_update(options);
  require_batch();
  select_group(tasks, count);
  require(shared_weights != nullptr, "shared_weights is NULL");
  for (int32_t i = 0; i < count; ++i) {
    require(std::isfinite(shared_weights[i]), "shared_weights[", i, "] must be finite, but is ",
            shared_weights[i]);
    require(head_weights == nullptr || std::isfinite(head_weights[i]), "head_weights[", i,
            "] must be finite, but is ", head_weights == nullptr ? 0 : head_weights[i]);
    shared_scales_[tasks[i]] = shared_weights[i];
    head_scales_[tasks[i]] = head_weights == nullptr ? shared_weights[i] : head_weights[i];
  }
  if (active_count_ == 0) return;
  const Range range = group_call("weighted_step");
  const ParameterAccess::Write writing(access_);
  backend_.in_step([&] {
    weighted_gradients(options.all_losses == 1 ? labelled_ : member_);
    step(options);
  });
}

void Network::measure() {
  require_batch();
  const Range range = call("measure");
  active_count_ = 0;
  backend_.in_step([&] {
    plan_pass(labelled_, nullptr);
    run_pass(true, true);
    observe_losses();
  });
  stepped_count_ = 0;
}

void Network::gradients(const int32_t* tasks, int32_t count, mtl_group_reduction reduction) {
  const int32_t value = static_cast<int32_t>(reduction);
  require(value == MTL_REDUCTION_SUM || value == MTL_REDUCTION_MEAN,
          "reduction must be a mtl_group_reduction, but is ", value);
  require_batch();
  select_group(tasks, count);
  if (active_count_ == 0) return;
  const Range range = group_call("gradients");
  backend_.in_step([&] {
    train_pass(labelled_, reduction);
    count_losses();
  });
}

Range Network::call(const char* name, int64_t index) const {
  return {context_->trace(), MTL_TRACE_CALL, name, index};
}

// With the members that take part.
Range Network::group_call(const char* name) const {
  Trace& trace = context_->trace();
  uint64_t tasks = 0;
  for (int32_t i = 0; trace.on() && i < active_count_; ++i) {
    if (active_[i] < 64) tasks |= uint64_t{1} << active_[i];
  }
  return {trace, MTL_TRACE_CALL, name, -1, tasks};
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

// Forward, losses of the wanted tasks and the gradients of the members' summed or averaged loss.
void Network::train_pass(const std::vector<uint8_t>& wanted, mtl_group_reduction reduction) {
  plan_pass(wanted, &member_);
  scale_losses(reduction == MTL_REDUCTION_MEAN ? 1.0 / active_count_ : 1.0);
  run_pass(true, true);
  clear_unreached_gradients();
}

// What the losses just measured say: the totals, and how much the last step helped. Before the step of the
// group that is active now, if one is.
void Network::observe_losses() {
  count_losses();
  if (affinity_options_.credit == MTL_CREDIT_OFFICIAL_CODE) {
    if (active_count_ > 0) credit(member_.data(), active_count_);
  } else if (stepped_count_ > 0) {
    credit(stepped_.data(), stepped_count_);
  }
  remember_losses();
}

void Network::count_losses() {
  for (int32_t k = 0; k < tasks_; ++k) {
    take_[k] = measured_[k] != 0 && seen_[k] == 0 ? 1 : 0;
    divisors_[k] = task_[k].labels.weight;
    if (measured_[k] == 0) continue;
    seen_[k] = 1;
    loss_batches_[k] += take_[k];
  }
  finish_losses();
  backend_.add_losses(losses_.data(), take_.data(), tasks_, loss_sums_.data());
}

void Network::credit(const uint8_t* member, int32_t members) {
  if (affinity_options_.enabled == 0 || !reference_known_) return;
  const Range range = phase("affinity");
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

}  // namespace mtl

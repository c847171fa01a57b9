// What callers ask of task gradients: arguments, the current batch, and what must have been called before.
#include <algorithm>
#include <cmath>

#include "graph/task_gradients.h"

namespace mtl {

void Network::configure_gradients(const mtl_gradient_options& options) {
  task_gradients_.reset();
  task_gradients_ = std::make_unique<TaskGradients>(*this, options);
}

// Names of places for the members, and the check that all calls on task gradients share.
void Network::select_for_gradients(const int32_t* tasks, int32_t count) {
  if (task_gradients_ == nullptr) {
    fail(MTL_INVALID_STATE, "mtl_network_configure_gradients comes first");
  }
  require_batch();
  select_group(tasks, count);
  for (int32_t i = 0; i < count; ++i) place_[tasks[i]] = i;
}

void Network::task_gradients(const int32_t* tasks, int32_t count, const mtl_gradient_request& request,
                             double* products) {
  require(request.scope >= MTL_GRADIENTS_SHARED && request.scope <= MTL_GRADIENTS_LAST_LAYER,
          "request.scope must be a mtl_gradient_scope, but is ", request.scope);
  require(request.rows >= 0, "request.rows must be at least 0, but is ", request.rows);
  require(request.all_losses == 0 || request.all_losses == 1, "request.all_losses must be 0 or 1, but is ",
          request.all_losses);
  require(request.parts == 1 || request.parts == 2, "request.parts must be 1 or 2, but is ", request.parts);
  select_for_gradients(tasks, count);
  require(request.parts <= task_gradients_->max_parts(), "request.parts is ", request.parts,
          ", more than options.max_parts of mtl_network_configure_gradients");
  const int64_t size = int64_t{request.parts} * count;
  std::fill(products, products + size * size, 0.0);
  if (active_count_ == 0) return;
  const Range range = group_call("task_gradients");
  backend_.in_step([&] {
    task_gradients_->compute(request.all_losses == 1 ? labelled_ : member_, request, place_, count, products);
  });
}

void Network::project_gradients(const int32_t* tasks, int32_t count, int32_t directions, uint64_t seed,
                                double* products) {
  select_for_gradients(tasks, count);
  require(directions >= 1, "directions must be at least 1, but is ", directions);
  if (!task_gradients_->has_directions()) {
    fail(MTL_INVALID_STATE, "options.directions of mtl_network_configure_gradients must be 1");
  }
  std::fill(products, products + int64_t{count} * directions, 0.0);
  if (active_count_ == 0) return;
  const Range range = group_call("project_gradients");
  backend_.in_step([&] { task_gradients_->project(labelled_, place_, directions, seed, products); });
}

void Network::require_kept(int32_t matrices) const {
  if (task_gradients_->matrices() < matrices) {
    fail(MTL_INVALID_STATE, "options.matrices of mtl_network_configure_gradients must be ", matrices,
         " for this call, but is ", task_gradients_->matrices());
  }
  if (!(fresh_ && task_gradients_->kept() && all_members(head_known_))) {
    fail(MTL_INVALID_STATE,
         "the gradients of these tasks are not there: mtl_network_task_gradients comes first, on the whole "
         "batch");
  }
}

void Network::average_gradients(const int32_t* tasks, int32_t count, const double* keep, const double* take,
                                double* products) {
  select_for_gradients(tasks, count);
  for (int32_t i = 0; i < count; ++i) {
    require(std::isfinite(keep[i]), "keep[", i, "] must be finite, but is ", keep[i]);
    require(std::isfinite(take[i]), "take[", i, "] must be finite, but is ", take[i]);
  }
  require_kept(2);
  const Range range = group_call("average_gradients");
  std::fill(products, products + int64_t{count} * count, 0.0);
  if (active_count_ == 0) return;
  backend_.in_step([&] { task_gradients_->average(keep, take, place_, count, products); });
}

void Network::accumulate_squares(const int32_t* tasks, int32_t count, double* sums) {
  select_for_gradients(tasks, count);
  require_kept(2);
  const Range range = group_call("accumulate_squares");
  std::fill(sums, sums + count, 0.0);
  if (active_count_ == 0) return;
  backend_.in_step([&] { task_gradients_->accumulate_squares(place_, sums); });
}

void Network::step_combined(const int32_t* tasks, int32_t count, const double* weights,
                            const double* head_weights, const mtl_combination& combination,
                            const mtl_update_options& options) {
  check_update(options);
  const int32_t kind = combination.kind;
  require(kind >= MTL_COMBINE_GRADIENTS && kind <= MTL_COMBINE_TRIMMED_MEAN,
          "combination.kind must be a mtl_combination_kind, but is ", kind);
  require(combination.trim >= 0, "combination.trim must be at least 0, but is ", combination.trim);
  require(combination.leak >= 0 && combination.leak <= 1, "combination.leak must be in [0, 1], but is ",
          combination.leak);
  select_for_gradients(tasks, count);
  require_kept(kind == MTL_COMBINE_AVERAGES ? 2 : 1);
  std::fill(shared_scales_.begin(), shared_scales_.end(), 0.0);
  for (int32_t i = 0; i < count; ++i) {
    const double weight = weights == nullptr ? 1 : weights[i];
    require(std::isfinite(weight), "weights[", i, "] must be finite, but is ", weight);
    require(head_weights == nullptr || std::isfinite(head_weights[i]), "head_weights[", i,
            "] must be finite, but is ", head_weights == nullptr ? 0 : head_weights[i]);
    if (member_[tasks[i]] != 0) shared_scales_[tasks[i]] = weight;
    head_scales_[tasks[i]] = head_weights == nullptr ? 1 : head_weights[i];
  }
  if (active_count_ == 0) return;
  const Range range = group_call("combined_step");
  const ParameterAccess::Write writing(access_);
  backend_.in_step([&] {
    scale_heads();
    task_gradients_->combine(combination, shared_scales_);
    step(options);
  });
}

}  // namespace mtl

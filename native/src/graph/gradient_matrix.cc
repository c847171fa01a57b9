// The gradients of the tasks themselves, [tasks, shared parameters], where inner products do not suffice.
#include <algorithm>
#include <cmath>

#include "graph/task_gradients.h"

namespace mtl {
namespace {

constexpr int64_t kFloat = sizeof(float);

}  // namespace

void TaskGradients::keep_gradients(const TrunkNode& node) {
  const Network::Node& memory = network_.node_[node.node];
  const int32_t shares = std::min(memory.op->most_parts(), backend_.parallel_parts());
  const float* const all = network_.gradients_.data() + network_.slice_of(MTL_SHARED).offset;
  backend_.run_parts(static_cast<int32_t>(active_.size()) * shares, [&](int32_t index, Backend& backend) {
    const Segment& segment = segments_[active_[static_cast<size_t>(index / shares)]];
    const Part part{index % shares, shares};
    Pass pass = network_.pass_over(backend, segment.first, segment.rows, true);
    pass.gradient_row = 0;
    ParameterGradients gradients{};
    for (size_t i = 0; i < memory.memory.gradients.size(); ++i) {
      gradients[i] = row_of(gradients_, segment.task) + (memory.memory.gradients[i] - all) +
                     memory.op->share_begin(i, part);
    }
    memory.op->backward_parameters(pass, memory.memory, gradient_of(segment, node), gradients, part);
  });
}

// Inner products of the rows of the members.
void TaskGradients::matrix_products(const Memory<float>& matrix, const std::vector<int32_t>& place,
                                    int32_t count, double* products) {
  const int32_t tasks = network_.tasks_;
  const int64_t size = int64_t{tasks} * tasks;
  const int32_t parts = backend_.parallel_parts();
  backend_.zero(part_products_.data(), size * parts * int64_t{sizeof(double)});
  backend_.run_parts(parts, [&](int32_t part, Backend& backend) {
    const int64_t steps = row_floats_ / kAlignedFloats;
    const int64_t begin = steps * part / parts * kAlignedFloats,
                  end = steps * (part + 1) / parts * kAlignedFloats;
    if (begin == end) return;
    backend.add_inner_products(matrix.data() + begin, tasks, end - begin, row_floats_,
                               part_products_.data() + size * part);
  });
  backend_.download(host_products_.data(), part_products_.data(), size * parts * int64_t{sizeof(double)});
  for (int32_t a = 0; a < network_.active_count_; ++a) {
    for (int32_t b = a; b < network_.active_count_; ++b) {
      const int32_t i = network_.active_[a], j = network_.active_[b];  // ascending
      double sum = 0;
      for (int32_t part = 0; part < parts; ++part) {
        sum += host_products_[static_cast<size_t>(size * part + int64_t{i} * tasks + j)];
      }
      products[int64_t{place[i]} * count + place[j]] = sum;
      products[int64_t{place[j]} * count + place[i]] = sum;
    }
  }
}

void TaskGradients::average(const double* keep, const double* take, const std::vector<int32_t>& place,
                            int32_t count, double* products) {
  backend_.run_parts(network_.active_count_, [&](int32_t a, Backend& backend) {
    const int32_t task = network_.active_[a];
    backend.blend(row_of(averages_, task), row_of(gradients_, task), row_floats_, keep[place[task]],
                  take[place[task]]);
  });
  matrix_products(averages_, place, count, products);
}

void TaskGradients::accumulate_squares(const std::vector<int32_t>& place, double* sums) {
  backend_.run_parts(network_.active_count_, [&](int32_t a, Backend& backend) {
    const int32_t task = network_.active_[a];
    along_[task] = backend.accumulate_squares(row_of(averages_, task), row_of(gradients_, task), row_floats_);
  });
  for (int32_t a = 0; a < network_.active_count_; ++a) {
    sums[place[network_.active_[a]]] = along_[network_.active_[a]];
  }
}

// Into the gradient of the shared parameters; weights [tasks], 0 for those that take no part.
void TaskGradients::combine(const mtl_combination& combination, const std::vector<double>& weights) {
  const Slice shared = network_.slice_of(MTL_SHARED);
  float* const out = network_.gradients_.data() + shared.offset;
  if (combination.kind == MTL_COMBINE_GRADIENTS || combination.kind == MTL_COMBINE_AVERAGES) {
    const Memory<float>& matrix = combination.kind == MTL_COMBINE_GRADIENTS ? gradients_ : averages_;
    backend_.weighted_sum(matrix.data(), network_.tasks_, shared.count, row_floats_, weights.data(), out);
    return;
  }
  const int32_t parts = backend_.parallel_parts();
  backend_.run_parts(parts, [&](int32_t part, Backend& backend) {
    const int64_t begin = shared.count * part / parts, width = shared.count * (part + 1) / parts - begin;
    if (combination.kind == MTL_COMBINE_SIGN_VOTE) {
      backend.sign_vote(gradients_.data() + begin, row_floats_, network_.active_.data(),
                        network_.active_count_, begin, width, combination.leak, combination.seed,
                        static_cast<uint32_t>(combination.batch), out + begin);
    } else {
      backend.trimmed_mean(gradients_.data() + begin, row_floats_, network_.active_.data(),
                           network_.active_count_, width, combination.trim, out + begin);
    }
  });
}

void Network::require_kept(int32_t matrices, bool now) const {
  if (task_gradients_->matrices() < matrices) {
    fail(MTL_INVALID_STATE, "options.matrices of mtl_network_configure_gradients must be ", matrices,
         " for this call, but is ", task_gradients_->matrices());
  }
  if (now && !(fresh_ && task_gradients_->kept() && all_members(head_known_))) {
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
  require_kept(2, true);
  std::fill(products, products + int64_t{count} * count, 0.0);
  if (active_count_ > 0) task_gradients_->average(keep, take, place_, count, products);
}

void Network::accumulate_squares(const int32_t* tasks, int32_t count, double* sums) {
  select_for_gradients(tasks, count);
  require_kept(2, true);
  std::fill(sums, sums + count, 0.0);
  if (active_count_ > 0) task_gradients_->accumulate_squares(place_, sums);
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
  require_kept(kind == MTL_COMBINE_AVERAGES ? 2 : 1, true);
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
  const ParameterAccess::Write writing(access_);
  scale_heads();
  task_gradients_->combine(combination, shared_scales_);
  step(options);
}

}  // namespace mtl

// The optimizer step on the shared slice and the slices of the group.
#include <algorithm>
#include <cmath>

#include "graph/network.h"

namespace mtl {
namespace {

constexpr int64_t kElementsPerPart = 8192;

}  // namespace

void Network::step(const mtl_update_options& options) {
  const Range range = phase("step");
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
  step_ranges_.clear();
  plan_step(MTL_SHARED, options.shared_learning_rate);
  for (int32_t i = 0; i < active_count_; ++i) plan_step(active_[i], options.head_learning_rate);

  int64_t elements = 0;
  for (const StepRange& range : step_ranges_) elements += range.count;
  const int64_t wanted = std::min<int64_t>(backend_.parallel_parts(), elements / kElementsPerPart);
  const int32_t parts = static_cast<int32_t>(std::max<int64_t>(wanted, 1));
  const int64_t share = align_floats((elements + parts - 1) / parts);
  backend_.run_parts(parts, [&](int32_t part, Backend& backend) {
    int64_t begin = part * share, end = begin + share;  // in the ranges laid end to end
    for (const StepRange& range : step_ranges_) {
      const int64_t from = std::max<int64_t>(begin, 0), to = std::min(end, range.count);
      if (from < to) {
        const int64_t at = range.offset + from;
        backend.optimizer_step(range.step, parameters_.data() + at, gradients_.data() + at,
                               first_moment_.data() + at, second_moment_.data() + at, to - from, scale);
      }
      begin -= range.count;
      end -= range.count;
    }
  });
  fresh_ = false;
  std::copy(member_.begin(), member_.end(), stepped_.begin());
  stepped_count_ = active_count_;
}

// Slices that follow each other and take the same step become one range; the padding between them is zero,
// and so is its gradient, so that it stays zero.
void Network::plan_step(int32_t owner, float learning_rate) {
  const int64_t steps = ++steps_[static_cast<size_t>(owner) + 1];
  const Slice slice = slice_of(owner);
  if (slice.count == 0) return;
  if (!step_ranges_.empty()) {
    StepRange& last = step_ranges_.back();
    if (last.steps == steps && last.step.learning_rate == learning_rate &&
        align_floats(last.offset + last.count) == slice.offset) {
      last.count = slice.offset + slice.count - last.offset;
      return;
    }
  }
  OptimizerStep step;
  step.kind = static_cast<mtl_optimizer_kind>(optimizer_.kind);
  step.learning_rate = learning_rate;
  step.momentum = optimizer_.momentum;
  step.nesterov = optimizer_.nesterov != 0;
  step.first_step = steps == 1;
  step.beta1 = optimizer_.beta1;
  step.beta2 = optimizer_.beta2;
  step.epsilon = optimizer_.epsilon;
  step.weight_decay = optimizer_.weight_decay;
  step.correction1 = 1 - std::pow(static_cast<double>(optimizer_.beta1), static_cast<double>(steps));
  step.correction2 = 1 - std::pow(static_cast<double>(optimizer_.beta2), static_cast<double>(steps));
  step_ranges_.push_back({step, steps, slice.offset, slice.count});
}

}  // namespace mtl

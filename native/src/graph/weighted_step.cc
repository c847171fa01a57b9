// The gradients of a weighted step: sum over the members of w_k times the gradient of task k's loss for the
// trunk, and for each head its own gradient times a weight that may be another one.
#include "graph/network.h"

namespace mtl {

void Network::weighted_gradients(const std::vector<uint8_t>& wanted) {
  const bool forward = !fresh_ || !all_members(measured_);
  const bool known = !forward && all_members(head_known_);
  bool same = !known;
  for (int32_t i = 0; i < active_count_; ++i) {
    same = same && shared_scales_[active_[i]] == head_scales_[active_[i]];
  }
  plan_pass(forward ? wanted : measured_, &member_);
  if (same) {
    loss_scales_ = shared_scales_;
    run_pass(true, true, forward);
    if (forward) observe_losses();
    clear_unreached_gradients();
    return;
  }
  if (known) {
    scale_heads();
  } else {
    plan_backward(member_, Owners::kTasks);
    loss_scales_ = head_scales_;
    run_pass(true, true, forward);
    if (forward) observe_losses();
  }
  plan_backward(member_, Owners::kAll);
  owners_ = Owners::kShared;
  loss_scales_ = shared_scales_;
  run_pass(true, true, false);
  clear_unreached_gradients();
}

void Network::scale_heads() {
  for (int32_t i = 0; i < active_count_; ++i) {
    const Slice slice = slice_of(active_[i]);
    if (head_scales_[active_[i]] == 1) continue;
    backend_.scale(gradients_.data() + slice.offset, slice.count, head_scales_[active_[i]]);
  }
}

bool Network::all_members(const std::vector<uint8_t>& tasks) const {
  for (int32_t i = 0; i < active_count_; ++i) {
    if (tasks[active_[i]] == 0) return false;
  }
  return true;
}

}  // namespace mtl

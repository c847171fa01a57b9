// What is kept beside the network: loss totals and the proximal inter-task affinity, in double precision.
#include <algorithm>
#include <cmath>

#include "cpu/cpu_backend.h"

namespace mtl {

void CpuBackend::add_losses(const double* losses, const uint8_t* take, int32_t tasks, double* sums) {
  for (int32_t k = 0; k < tasks; ++k) {
    if (take[k] != 0) sums[k] += losses[k];
  }
}

namespace {

// a_t = (1 - L_t / p_t) / |G|, limited from below; false when it is not defined.
bool gain(const AffinityUpdate& update, int32_t task, double* out) {
  const double loss = update.loss[task], before = update.previous[task];
  if (!std::isfinite(loss) || !std::isfinite(before) || before <= 0) return false;
  *out = (1 - loss / before) / update.members;
  if (update.limit > 0) *out = std::max(*out, -update.limit);
  return std::isfinite(*out);
}

void observe(const AffinityUpdate& update, int32_t source, int32_t target, double value) {
  const int64_t at = int64_t{source} * update.tasks + target;
  update.affinity[at] = (1 - update.decay) * update.affinity[at] + update.decay * value;
  ++update.observations[at];
}

}  // namespace

void CpuBackend::update_affinity(const AffinityUpdate& update) {
  for (int32_t s = 0; s < update.tasks; ++s) {
    if (update.member[s] == 0) continue;
    double source_gain = 0;
    const bool source_known = gain(update, s, &source_gain);
    for (int32_t t = 0; t < update.tasks; ++t) {
      double target_gain = 0;
      if (!gain(update, t, &target_gain)) continue;
      if (update.member[t] == 0) {
        observe(update, s, t, target_gain);
      } else if (t == s) {
        if (target_gain >= 0) observe(update, s, t, target_gain);
      } else if (source_known) {
        // One gained and the other lost: a conflict.
        const bool agree = target_gain * source_gain >= 0;
        observe(update, s, t, agree ? target_gain : -std::max(target_gain, source_gain));
      }
    }
  }
}

}  // namespace mtl

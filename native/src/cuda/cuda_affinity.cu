// What is kept beside the network: loss totals and the proximal inter-task affinity, in double precision.
// Every number is that of the processor.
#include "cuda/arithmetic.h"
#include "cuda/cells.h"
#include "cuda/cuda_backend.h"
#include "cuda/kernel_tools.h"

namespace mtl {

static __global__ void add_losses_kernel(const double* losses, const uint8_t* take, int32_t tasks,
                                         double* sums) {
  for_each_index(tasks, [&](int64_t k) {
    if (take[k] != 0) sums[k] += losses[k];
  });
}

// a_t = (1 - L_t / p_t) / |G|, limited from below; NaN when it is not defined.
__device__ static double gain_of(const AffinityUpdate& update, int64_t task) {
  const double loss = update.loss[task], before = update.previous[task];
  const double undefined = nan("");
  if (!is_finite(loss) || !is_finite(before) || before <= 0) return undefined;
  double gain = (1 - loss / before) / update.members;
  if (update.limit > 0 && gain < -update.limit) gain = -update.limit;
  return is_finite(gain) ? gain : undefined;
}

// One source and one target per thread; update.member is in device memory here.
static __global__ void update_affinity_kernel(AffinityUpdate update) {
  for_each_cell(update.tasks, update.tasks, [&](int64_t s, int64_t t) {
    const int64_t at = s * update.tasks + t;
    if (update.member[s] == 0) return;
    const double target = gain_of(update, t);
    if (is_nan(target)) return;
    double value = target;
    if (update.member[t] != 0 && t == s) {
      if (target < 0) return;
    } else if (update.member[t] != 0) {
      const double source = gain_of(update, s);
      if (is_nan(source)) return;
      // One gained and the other lost: a conflict.
      if (target * source < 0) value = -(target < source ? source : target);
    }
    update.affinity[at] =
        rounded_product(1 - update.decay, update.affinity[at]) + rounded_product(update.decay, value);
    ++update.observations[at];
  });
}

void CudaBackend::add_losses(const double* losses, const uint8_t* take, int32_t tasks, double* sums) {
  if (tasks == 0) return;
  const std::lock_guard lock(mutex_);
  const uint8_t* const staged = staging_.put(take, tasks);
  MTL_LAUNCH(launcher_, shape_for(tasks), add_losses_kernel, losses, staged, tasks, sums);
}

void CudaBackend::update_affinity(const AffinityUpdate& update) {
  if (update.tasks == 0) return;
  const std::lock_guard lock(mutex_);
  AffinityUpdate staged = update;
  staged.member = staging_.put(update.member, update.tasks);
  MTL_LAUNCH(launcher_, shape_for_cells(update.tasks, update.tasks), update_affinity_kernel, staged);
}

}  // namespace mtl

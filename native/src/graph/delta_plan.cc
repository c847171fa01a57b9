#include "graph/delta_plan.h"

#include <algorithm>
#include <numeric>

#include "backend/size.h"

namespace mtl {

DeltaPlan plan_deltas(const std::vector<DeltaLife>& lives) {
  struct Block {
    int64_t floats;
    int32_t busy_until;  // the node whose visit frees it
  };
  std::vector<Block> blocks;
  std::vector<int32_t> block_of(lives.size(), -1);
  std::vector<int32_t> order(lives.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int32_t a, int32_t b) { return lives[a].first > lives[b].first; });

  for (const int32_t node : order) {
    const DeltaLife& life = lives[node];
    if (life.floats == 0) continue;
    // The smallest free block that fits, else the largest free one, which grows.
    int32_t best = -1;
    for (size_t b = 0; b < blocks.size(); ++b) {
      if (blocks[b].busy_until <= life.first) continue;
      const bool fits = blocks[b].floats >= life.floats;
      const bool best_fits = best >= 0 && blocks[best].floats >= life.floats;
      if (best < 0 || (fits && (!best_fits || blocks[b].floats < blocks[best].floats)) ||
          (!fits && !best_fits && blocks[b].floats > blocks[best].floats)) {
        best = static_cast<int32_t>(b);
      }
    }
    if (best < 0) {
      best = static_cast<int32_t>(blocks.size());
      blocks.push_back({0, 0});
    }
    blocks[best].floats = std::max(blocks[best].floats, life.floats);
    blocks[best].busy_until = life.last;
    block_of[node] = best;
  }

  std::vector<int64_t> starts;
  DeltaPlan plan;
  for (const Block& block : blocks) {
    starts.push_back(plan.floats);
    plan.floats = checked_sum(plan.floats, align_floats(block.floats), "the gradients of the activations");
  }
  for (const int32_t block : block_of) plan.offsets.push_back(block < 0 ? -1 : starts[block]);
  return plan;
}

}  // namespace mtl

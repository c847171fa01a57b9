// Which gradients of node values share memory. Backward visits the nodes from last to first; the gradient of
// a node is alive from the visit of its last consumer (of the node itself, for a prediction) to its own
// visit.
#ifndef MTL_GRAPH_DELTA_PLAN_H
#define MTL_GRAPH_DELTA_PLAN_H

#include <cstdint>
#include <vector>

namespace mtl {

// The life of one gradient: written first at the visit of node `first`, read last at the visit of node
// `last`.
struct DeltaLife {
  int32_t first;
  int32_t last;
  int64_t floats;  // 0: no gradient
};

struct DeltaPlan {
  std::vector<int64_t> offsets;  // per node, in floats; -1: none
  int64_t floats = 0;
};

DeltaPlan plan_deltas(const std::vector<DeltaLife>& lives);

}  // namespace mtl

#endif

// Derivatives along a direction in the space of the shared parameters: one pass like forward gives, for every
// task at once, the inner product of its gradient with the direction.
#ifndef MTL_GRAPH_TANGENTS_H
#define MTL_GRAPH_TANGENTS_H

#include <cstdint>
#include <vector>

#include "backend/memory.h"
#include "graph/network.h"

namespace mtl {

class Tangents {
 public:
  explicit Tangents(Network& network);

  int64_t bytes() const { return partial_.bytes(); }
  // Floats of memory that project needs meanwhile.
  int64_t floats() const {
    return align_floats(floats_per_row_ * int64_t{network_.max_batch_}) +
           int64_t{widest_} * network_.max_batch_;
  }
  // products[k] = g_k . direction, for the members with values that are fresh; direction: the shared slice.
  void project(const float* direction, float* memory, double* products);

 private:
  struct Step {
    int32_t node;
    std::vector<int64_t> parameters;  // where the shared tensors begin in the shared slice; none: they stay
  };

  void run_rows(const Pass& pass, int32_t part, const float* direction, double* products);
  // How fast the value of a node changes, seen from the first row of the batch; nullptr: it does not. Every
  // part of a pass has its rows of all nodes in one place, since it goes through the nodes at its own pace.
  float* change_of(int32_t node, const Pass& pass) const {
    if (offset_[node] < 0) return nullptr;
    return values_ + pass.value_at(floats_per_row_ - network_.node_[node].width) + offset_[node] * pass.rows;
  }

  Network& network_;
  Backend& backend_;
  std::vector<Step> steps_;
  std::vector<int64_t> offset_;  // [nodes] per row; -1: the value does not change
  int32_t floats_per_row_ = 0;
  int32_t widest_ = 1;                             // of the predictions
  std::vector<std::vector<const float*>> inputs_;  // [parts] of the node at hand
  float* values_ = nullptr;
  float* slopes_ = nullptr;  // the gradient of one task's loss [max_batch, width]
  Memory<double> partial_;   // [parts, tasks + 1]; the last takes losses, which nobody reads
  std::vector<double> host_;
};

}  // namespace mtl

#endif

// The gradients of the tasks' losses with respect to the trunk, each task's apart, from one forward: backward
// through the trunk runs once with the rows of all tasks below each other ("expanded" gradients), and at
// every op the inner products of its parameters' gradients are taken at once, so that they need never be
// kept. Tasks that do not fit into the memory granted follow one by one: a backward of their own, and the
// derivative of all losses along its gradient.
//
// task_gradients.cc plans and runs; trunk_backward.cc is backward through the trunk; gradient_matrix.cc is
// for those who want the gradients themselves.
#ifndef MTL_GRAPH_TASK_GRADIENTS_H
#define MTL_GRAPH_TASK_GRADIENTS_H

#include <cstdint>
#include <vector>

#include "backend/memory.h"
#include "graph/network.h"
#include "graph/tangents.h"

namespace mtl {

class TaskGradients {
 public:
  TaskGradients(Network& network, const mtl_gradient_options& options);

  int64_t bytes() const;
  // The members' gradients over the current batch. products [parts * count, parts * count] on the host;
  // place[k] is the place of task k among count. Leaves the gradients of the members' heads with the network.
  void compute(const std::vector<uint8_t>& wanted, const mtl_gradient_request& request,
               const std::vector<int32_t>& place, int32_t count, double* products);
  // One more pass, along directions [count, directions].
  void project(const std::vector<uint8_t>& wanted, const std::vector<int32_t>& place, int32_t directions,
               uint64_t seed, double* products);
  // What is done with kept gradients; the members' that have a label.
  int32_t max_parts() const { return max_parts_; }
  int32_t matrices() const { return matrices_; }
  bool has_directions() const { return direction_.data() != nullptr; }
  bool kept() const { return kept_; }
  void average(const double* keep, const double* take, const std::vector<int32_t>& place, int32_t count,
               double* products);
  void accumulate_squares(const std::vector<int32_t>& place, double* sums);
  void combine(const mtl_combination& combination, const std::vector<double>& weights);
  // Called by the network when the gradient of a head's node is complete.
  void leave_head(int32_t node);

 private:
  // The rows of one task, in one part of the batch.
  struct Segment {
    int32_t task;
    int32_t first;  // row of the batch
    int32_t rows;
    double scale;  // from the gradient of the batch's mean loss to that of the part's
    float* place;  // its expanded gradients: floats_per_row_ for each row
    int32_t out;   // row of the products
  };

  // Free memory for expanded gradients.
  struct Pool {
    float* floats;
    int64_t count;
  };

  // A node of the trunk with a gradient.
  struct TrunkNode {
    int32_t node;
    int64_t offset = 0;       // of its gradients in a segment, per row
    bool boundary = false;    // a head reads it, or it is a prediction
    bool in_place = false;    // the gradient of its input takes the place of its own
    bool last_layer = false;  // the last one with weights, or behind it
  };

  // Rows that are taken together, and where the gradient of their one input goes.
  struct Run {
    int32_t first = 0;
    int64_t rows = 0;
    float* delta = nullptr;
    InputGradient input{};
  };

  // task_gradients.cc
  void plan_trunk();
  void plan_last_layer();
  void plan_representation();
  void find_pools();
  void reserve(double memory_share, bool directions);
  int64_t segment_floats(int64_t rows) const { return align_floats(floats_per_row_ * rows); }
  void make_segments(const mtl_gradient_request& request, const std::vector<int32_t>& place, int32_t count);
  void forget_places();
  size_t place_segments(size_t first, size_t end);
  void backward_heads(const std::vector<uint8_t>& wanted);
  void enter_from_losses();
  void add_rest(mtl_gradient_scope scope);
  void own_gradient(int32_t task);
  void write_products(const mtl_gradient_request& request, int32_t count, double* products);
  float* gradient_of(const Segment& segment, const TrunkNode& node) const {
    return segment.place + node.offset * segment.rows;
  }
  uint8_t& written(size_t trunk, size_t segment) { return written_[trunk * segments_.size() + segment]; }

  // gradient_matrix.cc
  void keep_gradients(const TrunkNode& node);
  void matrix_products(const Memory<float>& matrix, const std::vector<int32_t>& place, int32_t count,
                       double* products);
  float* row_of(const Memory<float>& matrix, int32_t task) const {
    return matrix.data() + task * row_floats_;
  }

  // trunk_backward.cc
  void backward_trunk(mtl_gradient_scope scope);
  void at_representation(const std::vector<uint8_t>& wanted, bool whole);
  void representation_products(size_t first, size_t end, size_t other, size_t other_end);
  void products_of_heads();
  void prepare(const TrunkNode& node);
  void take_products(const TrunkNode& node);
  void add_up_for_all();
  void add_up_for(const std::vector<size_t>& segments);
  void collect_products();
  void backward_inputs(const TrunkNode& node);
  Pass pass_over(Backend& backend, const TrunkNode& node, const Segment& segment, int64_t offset,
                 int64_t rows) const;
  template <typename Body>
  void for_active_rows(int32_t part, int32_t parts, const Body& body) const;
  int32_t row_parts(int64_t cost_per_row) const;

  Network& network_;
  Backend& backend_;
  std::vector<TrunkNode> trunk_;        // from the last to the first
  std::vector<int32_t> trunk_of_node_;  // [nodes] index into trunk_; -1
  int64_t floats_per_row_ = 0;
  int32_t heads_together_ = -1;  // the sibling layers that alone read the trunk; -1: it is not so simple
  int64_t scratch_floats_ = 0;   // of one part
  std::vector<Pool> pools_;
  Memory<float> expanded_, scratch_;
  Memory<double> part_products_;  // [parts, adding, adding] what has not been collected

  int32_t max_parts_;
  int32_t matrices_ = 0;
  int64_t row_floats_ = 0;   // of a row of the matrices
  Memory<float> gradients_;  // [tasks, row_floats_] of the shared parameters; empty: not kept
  Memory<float> averages_;   // the same; moving averages or squares
  Memory<float> direction_;  // [shared parameters]
  bool kept_ = false;        // the gradients are those of the values that are fresh

  // of one computation
  std::vector<Segment> segments_;
  std::vector<uint8_t> written_;        // [trunk nodes, segments] the gradient holds something
  std::vector<double> products_;        // [segments, segments], upper triangle
  std::vector<size_t> active_;          // segments with a gradient at the node that is visited
  std::vector<TaskRows> active_rows_;   // the same, for its op
  std::vector<InputGradient> inputs_;   // [active, inputs of the node]
  std::vector<size_t> adding_;          // the segments whose products are added up on the device
  std::vector<double> host_products_;   // [parts, adding, adding]
  std::vector<InputGradient> entry_;    // of one head's node
  size_t pool_ = 0;                     // where the next segment goes
  int64_t used_ = 0;                    // of that pool
  size_t together_ = 0;                 // segments whose gradients fit at once: the first of them
  std::unique_ptr<Tangents> tangents_;  // for the others; nullptr: all fit
  std::vector<double> along_;           // [tasks] products with one gradient
  std::vector<uint8_t> members_;        // [tasks]
};

}  // namespace mtl

#endif

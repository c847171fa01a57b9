// A compiled network: the graph with its memory, optimizer, current batch, and what is kept beside it
// (losses, loss totals, affinity). Nothing here allocates after construction, except calls that return more
// rows than one batch.
//
// compile.cc plans and builds; network.cc reads and writes state; batch.cc gathers; step.cc runs one group
// update; inference.cc predicts and evaluates.
#ifndef MTL_GRAPH_NETWORK_H
#define MTL_GRAPH_NETWORK_H

#include <memory>
#include <vector>

#include "backend/memory.h"
#include "graph/context.h"
#include "graph/dataset.h"
#include "graph/graph.h"
#include "graph/layout.h"

namespace mtl {

class Network {
 public:
  Network(std::shared_ptr<Context> context, const Graph& graph, const mtl_compile_options& options);

  const std::shared_ptr<Context>& context() const { return context_; }
  int32_t tasks() const { return tasks_; }
  const Layout& layout() const { return layout_; }
  void describe(mtl_network_info& info) const;

  void initialize(uint64_t seed);
  void read(mtl_buffer buffer, int64_t offset, int64_t count, float* values);
  void write(mtl_buffer buffer, int64_t offset, int64_t count, const float* values);
  void read_step_counts(int64_t* counts) const;
  void write_step_counts(const int64_t* counts);
  void configure_optimizer(const mtl_optimizer_options& options);
  void configure_affinity(const mtl_affinity_options& options);

  void begin_batch(const Dataset& dataset, const int32_t* rows, int32_t count, uint64_t batch_index);
  void update_group(const int32_t* tasks, int32_t count, const mtl_update_options& options);
  void measure();
  void gradients(const int32_t* tasks, int32_t count, mtl_group_reduction reduction);

  void read_losses(double* losses);
  void take_loss_totals(double* sums, int64_t* batches);
  void read_affinity(double* affinity, int64_t* observations);
  void write_affinity(const double* affinity, const int64_t* observations);

  void predict(const float* features, const int32_t* codes, int64_t rows, float* outputs);
  void predict_rows(const Dataset& dataset, const int32_t* rows, int64_t count, float* outputs);
  void evaluate(const Dataset& dataset, const int32_t* rows, int64_t count, double* loss_sums,
                double* weight_sums);

 private:
  struct Node {
    OpPointer op;
    std::vector<int32_t> inputs;
    int32_t width;
    int32_t owner;
    bool live;            // some loss depends on it
    bool needs_gradient;  // live, and it depends on parameters
    NodeMemory memory;
    float* delta = nullptr;
    int32_t first_task = -1;  // the tasks whose prediction it is: first_task, then tasks_info_[...].next_task
  };

  struct Task {
    TaskLoss loss;
    int32_t next_task = -1;  // another task with the same prediction
    int32_t output = 0;      // first column among the outputs
    LabelSummary labels;     // of the current batch
  };

  // compile.cc
  void adopt(const Graph& graph);
  void mark_live();
  void plan_values();
  void plan_gradients();
  void place_parameters();
  void place_losses();

  // batch.cc
  float* batch_labels(int32_t task) const { return labels_.data() + int64_t{task} * max_batch_; }
  void check_inputs(const Dataset& dataset) const;
  void check_rows(const Dataset& dataset, const int32_t* rows, int64_t count) const;
  void gather_inputs(const Dataset& dataset, const int32_t* rows, int32_t count);
  void gather_labels(const Dataset& dataset, const int32_t* rows, int32_t count);
  // row_of: the number under which a row of the batch is known outside; nullptr: first_row + its place.
  void check_values(int32_t count, const int32_t* row_of, int64_t first_row);

  // step.cc
  void select_group(const int32_t* tasks, int32_t count);
  void forward(const std::vector<uint8_t>& wanted, bool training);
  void measure_losses();
  void credit(const uint8_t* member, int32_t members);
  void remember_losses();
  void backward(mtl_group_reduction reduction);
  void clear_unvisited_gradients();
  void step(const mtl_update_options& options);
  void step_slice(int32_t slice, float learning_rate, const float* scale);
  Slice slice_of(int32_t owner) const { return layout_.slices[static_cast<size_t>(owner) + 1]; }
  void require_batch() const;

  // inference.cc
  void collect_outputs(int32_t count, float* host_outputs);

  std::shared_ptr<Context> context_;
  Backend& backend_;
  int32_t tasks_;
  int32_t max_batch_;
  int32_t features_ = 0;
  int32_t columns_ = 0;
  int32_t outputs_ = 0;
  uint64_t seed_ = 0;
  Layout layout_;
  std::vector<Node> node_;
  std::vector<Task> task_;
  std::vector<CodeRange> code_ranges_;
  int32_t dense_input_ = -1;
  int32_t categorical_input_ = -1;

  // flat arrays [shared | task 0 | ...]
  Memory<float> parameters_, gradients_, first_moment_, second_moment_;
  std::vector<int64_t> steps_;  // [tasks + 1]

  // one batch
  Memory<float> values_, deltas_, saved_, labels_, staged_outputs_, class_weights_, clip_;
  Memory<int32_t> codes_;
  bool has_batch_ = false;
  int32_t batch_ = 0;
  uint64_t batch_index_ = 0;
  std::vector<uint8_t> labelled_;  // [tasks] 1: the loss is defined in this batch

  // beside the network
  Memory<double> losses_;     // [tasks] of the last forward
  Memory<double> reference_;  // [tasks] of the last forward that counts for the affinity
  Memory<double> loss_sums_;  // [tasks]
  Memory<double> affinity_;   // [tasks, tasks]
  Memory<int64_t> observations_;
  Memory<double> evaluation_;          // [2, tasks] losses of a chunk and their sum
  std::vector<int64_t> loss_batches_;  // [tasks]
  std::vector<uint8_t> seen_;          // [tasks] measured before in this batch
  bool reference_known_ = false;
  std::vector<uint8_t> stepped_;  // [tasks] the group whose step has not been credited
  int32_t stepped_count_ = 0;

  mtl_optimizer_options optimizer_;
  mtl_affinity_options affinity_options_;

  // scratch of a step, allocated once
  std::vector<int32_t> active_;  // [tasks] the members of the group that take part; active_count_ of them
  int32_t active_count_ = 0;
  std::vector<uint8_t> member_;            // [tasks] 1 for those
  std::vector<uint8_t> named_;             // [tasks] for finding repeats
  std::vector<uint8_t> measured_;          // [tasks] whose predictions the last forward computed
  std::vector<uint8_t> take_;              // [tasks] whose losses are added to a sum
  std::vector<double> evaluated_weights_;  // [tasks] summed over the chunks of an evaluation
  std::vector<uint8_t> every_;             // [tasks] all 1
  std::vector<uint8_t> needed_;            // [nodes] to be computed in this forward
  std::vector<uint8_t> written_;           // [nodes] the gradient holds something
  std::vector<InputGradient> input_gradients_;
  std::vector<int64_t> clip_offsets_, clip_counts_;
};

}  // namespace mtl

#endif

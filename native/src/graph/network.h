// A compiled network: the graph with its memory, optimizer, current batch, and what is kept beside it
// (losses, loss totals, affinity). Nothing here allocates after construction.
//
// compile.cc plans and builds; network.cc reads and writes state; batch.cc gathers; pass.cc runs forward and
// backward; step.cc and weighted_step.cc make updates of them; network_gradients.cc is for
// gradients of tasks; optimizer.cc steps; inference.cc predicts and evaluates.
#ifndef MTL_GRAPH_NETWORK_H
#define MTL_GRAPH_NETWORK_H

#include <algorithm>
#include <memory>
#include <vector>

#include "backend/memory.h"
#include "graph/context.h"
#include "graph/dataset.h"
#include "graph/graph.h"
#include "graph/input_values.h"
#include "graph/layout.h"
#include "graph/parameter_access.h"
#include "graph/trace.h"
#include "ops/linear_siblings.h"

namespace mtl {

class TaskGradients;

class Network {
 public:
  Network(std::shared_ptr<Context> context, const Graph& graph, const mtl_compile_options& options);

  ~Network();

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
  void step_weighted(const int32_t* tasks, int32_t count, const double* shared_weights,
                     const double* head_weights, const mtl_update_options& options);
  void configure_gradients(const mtl_gradient_options& options);
  void task_gradients(const int32_t* tasks, int32_t count, const mtl_gradient_request& request,
                      double* products);
  void project_gradients(const int32_t* tasks, int32_t count, int32_t directions, uint64_t seed,
                         double* products);
  void average_gradients(const int32_t* tasks, int32_t count, const double* keep, const double* take,
                         double* products);
  void accumulate_squares(const int32_t* tasks, int32_t count, double* sums);
  void step_combined(const int32_t* tasks, int32_t count, const double* weights, const double* head_weights,
                     const mtl_combination& combination, const mtl_update_options& options);
  void measure();
  void gradients(const int32_t* tasks, int32_t count, mtl_group_reduction reduction);

  void read_losses(double* losses);
  void take_loss_totals(double* sums, int64_t* batches);
  void read_affinity(double* affinity, int64_t* observations);
  void request_affinity();
  void take_affinity(double* affinity, int64_t* observations);
  void write_affinity(const double* affinity, const int64_t* observations);

  void predict(const float* features, const int32_t* codes, int64_t rows, float* outputs);
  void predict_rows(const Dataset& dataset, const int32_t* rows, int64_t count, float* outputs);
  void evaluate(const Dataset& dataset, const int32_t* rows, int64_t count, double* loss_sums,
                double* weight_sums);

 private:
  friend class Predictor;
  friend class Tangents;
  friend class TaskGradients;

  struct Node {
    OpPointer op;
    std::vector<int32_t> inputs;
    int32_t width;
    int32_t owner;
    bool live;            // some loss depends on it, and it is computed on its own
    bool needs_gradient;  // live, and it depends on parameters
    NodeMemory memory;
    float* delta = nullptr;
    int32_t computed_by;    // itself, or the activation that is computed together with this linear layer
    int32_t siblings = -1;  // the linear layers it is computed together with
    bool prediction = false;
  };

  struct Task {
    TaskLoss loss;
    int32_t output = 0;               // first column among the outputs
    Write write = Write::kOverwrite;  // of the gradient of its loss, in this backward
    LabelSummary labels;              // of the current batch
  };

  struct Siblings {
    int32_t input;
    std::vector<int32_t> nodes;  // ascending
    LinearSiblings layers;
  };

  // One thing to compute: a node, or sibling layers together (at the place of the first of them).
  struct Visit {
    int32_t node;
    int32_t siblings;  // -1: the node alone
  };

  struct BackwardVisit {
    Visit visit;
    size_t inputs;  // the first of its input gradients
  };

  // A share of the parameter gradients: a part of one visit.
  struct ParameterJob {
    int32_t visit;  // among the backward visits
    Part part;
    int64_t cost;
  };

  // Whose parameters a backward computes the gradients of.
  enum class Owners { kAll, kShared, kTasks };

  // Rows first ... first + size - 1, first + size ...: the parts of a batch.
  struct RowCut {
    int32_t parts;
    int32_t size;
  };

  struct StepRange {
    OptimizerStep step;
    int64_t steps;  // taken, this one included
    int64_t offset;
    int64_t count;
  };

  // compile.cc
  void adopt(const Graph& graph);
  void join_activations();
  void join_siblings();
  void place_siblings();
  void mark_live();
  void plan_values();
  void plan_gradients();
  void place_parameters();
  void place_losses();

  // batch.cc
  float* batch_labels(int32_t task) const { return labels_.data() + int64_t{task} * max_batch_; }
  // The same where host code reads them.
  const float* host_labels(int32_t task) const {
    return (host_labels_.empty() ? labels_.data() : host_labels_.data()) + int64_t{task} * max_batch_;
  }
  void check_inputs(const Dataset& dataset) const;
  void check_rows(const Dataset& dataset, const int32_t* rows, int64_t count) const;
  void gather_inputs(const Dataset& dataset, const int32_t* rows, int32_t count);
  void gather_labels(const Dataset& dataset, const int32_t* rows, int32_t count);
  InputValues inputs() const;

  // pass.cc: what is to be computed for these tasks, and with what gradients (nullptr: none), then how.
  void plan_pass(const std::vector<uint8_t>& wanted, const std::vector<uint8_t>* members);
  void plan_forward(const std::vector<uint8_t>& wanted);
  void plan_siblings();
  void plan_backward(const std::vector<uint8_t>& members, Owners owners);
  void scale_losses(double scale) { std::fill(loss_scales_.begin(), loss_scales_.end(), scale); }
  // Forward, losses and what backward was planned; without forward the values are those that are there.
  // from_heads is told of every node of a head whose gradient is complete.
  void run_pass(bool training, bool losses, bool forward = true, TaskGradients* from_heads = nullptr);
  // The losses of the measured tasks, each divided by its divisor.
  void finish_losses();
  RowCut cut_rows(int64_t cost_per_row) const;
  Pass pass_over(Backend& backend, int32_t first, int32_t rows, bool training) const;
  void forward_rows(Pass pass) const;
  void loss_rows(const Pass& pass, double* sums) const;
  void backward_rows(Pass pass) const;
  void backward_by_layers(Pass pass, TaskGradients* from_heads) const;
  void leave_heads(const BackwardVisit& visit, TaskGradients& from_heads) const;
  void prepare_visit(const Pass& pass, const BackwardVisit& visit) const;
  void backward_visit(const Pass& pass, const BackwardVisit& visit) const;
  void visit_parameters(const Pass& whole, const BackwardVisit& visit, Part part) const;
  void parameter_gradients();
  void clear_unreached_gradients();
  bool computes_parameters(const Visit& visit) const;

  // step.cc
  void observe_losses();
  void select_group(const int32_t* tasks, int32_t count);
  void train_pass(const std::vector<uint8_t>& wanted, mtl_group_reduction reduction);
  void count_losses();
  void credit(const uint8_t* member, int32_t members);
  void remember_losses();
  void require_batch() const;
  Range call(const char* name, int64_t index = -1) const;
  Range group_call(const char* name) const;
  Range phase(const char* name) const { return {context_->trace(), MTL_TRACE_PHASE, name}; }
  Range op_range(int32_t node) const {
    return {context_->trace(), MTL_TRACE_OP, node_[node].op->name(), node};
  }

  static void check_update(const mtl_update_options& options);

  // network_gradients.cc
  void select_for_gradients(const int32_t* tasks, int32_t count);
  void require_kept(int32_t matrices) const;

  // weighted_step.cc
  void scale_heads();
  void weighted_gradients(const std::vector<uint8_t>& wanted);
  bool all_members(const std::vector<uint8_t>& tasks) const;
  void forget_head_gradients() { std::fill(head_known_.begin(), head_known_.end(), uint8_t{0}); }

  // optimizer.cc
  void step(const mtl_update_options& options);
  void plan_step(int32_t owner, float learning_rate);
  Slice slice_of(int32_t owner) const { return layout_.slices[static_cast<size_t>(owner) + 1]; }

  // inference.cc
  void collect_outputs(int32_t count, float* host_outputs);
  void add_evaluated_losses(const Dataset& dataset, const int32_t* rows, int32_t count);

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
  std::vector<Siblings> siblings_;
  std::vector<Visit> schedule_;  // everything live, in the order of forward
  int64_t cost_per_row_ = 0;     // of forward over all of it
  int32_t row_step_ = 1;         // a batch may be cut at its multiples
  bool by_rows_ = false;         // forward and backward run row block by row block, not layer by layer
  std::vector<CodeRange> code_ranges_;
  int32_t dense_input_ = -1;
  int32_t categorical_input_ = -1;

  ParameterAccess access_;

  // flat arrays [shared | task 0 | ...]
  Memory<float> parameters_, gradients_, first_moment_, second_moment_;
  std::vector<int64_t> steps_;  // [tasks + 1]

  // one batch
  Memory<float> values_, deltas_, saved_, joined_, labels_, staged_outputs_, class_weights_, clip_;
  Memory<int32_t> codes_;
  std::vector<float> host_labels_;  // labels_ again; empty where that is memory of the host
  bool has_batch_ = false;
  int32_t batch_ = 0;
  uint64_t batch_index_ = 0;
  bool fresh_ = false;  // values and losses are those of the current batch and parameters
  std::vector<uint8_t>
      head_known_;  // [tasks] the gradient of the head's own loss is there, at the fresh values
  std::vector<uint8_t> labelled_;  // [tasks] 1: the loss is defined in this batch

  // beside the network
  Memory<double> partial_losses_;  // [parts, tasks] sums over the rows of a part
  Memory<double> losses_;          // [tasks] of the last forward
  Memory<double> reference_;       // [tasks] of the last forward that counts for the affinity
  Memory<double> loss_sums_;       // [tasks]
  Memory<double> affinity_;        // [tasks, tasks]
  Memory<int64_t> observations_;
  std::unique_ptr<ReadBack> affinity_snapshot_;  // affinity_, then observations_
  bool affinity_requested_ = false;
  Memory<double> evaluation_;          // [tasks] losses summed over the chunks
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
  std::vector<double> divisors_;           // [tasks] of the losses
  std::vector<double> loss_scales_;        // [tasks] of the gradients of the losses
  std::vector<double> shared_scales_;      // [tasks] of a weighted step
  std::vector<double> head_scales_;        // [tasks]
  Owners owners_ = Owners::kAll;           // of this backward
  std::vector<uint8_t> needed_;            // [nodes] to be computed in this forward
  std::vector<uint8_t> reached_;           // [nodes] with a gradient in this backward
  std::vector<uint8_t> written_;           // [nodes] the gradient holds something
  std::vector<Visit> forward_;             // this pass: what is computed, in order
  std::vector<BackwardVisit> backward_;    // and visited by backward, in order; empty: no backward
  std::vector<InputGradient> input_gradients_;
  std::vector<ParameterJob> jobs_;
  std::vector<StepRange> step_ranges_;
  int32_t loss_parts_ = 0;  // rows of partial_losses_ in use
  std::vector<int64_t> clip_offsets_, clip_counts_;
  std::vector<int32_t> place_;  // [tasks] of the members among the tasks that were named

  std::unique_ptr<TaskGradients> task_gradients_;  // nullptr: not asked for
};

}  // namespace mtl

#endif

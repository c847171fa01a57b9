// From a graph to a network: which nodes matter, where everything lies.
#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

#include "graph/defaults.h"
#include "graph/delta_plan.h"
#include "graph/network.h"
#include "graph/task_gradients.h"

namespace mtl {

Network::Network(std::shared_ptr<Context> context, const Graph& graph, const mtl_compile_options& options)
    : context_(std::move(context)),
      backend_(context_->backend()),
      tasks_(graph.tasks()),
      max_batch_(options.max_batch),
      dense_input_(graph.dense_input()),
      categorical_input_(graph.categorical_input()) {
  require(options.max_batch >= 1, "options.max_batch must be at least 1, but is ", options.max_batch);
  optimizer_ = default_optimizer_options();
  affinity_options_ = default_affinity_options();
  for (int32_t task = 0; task < tasks_; ++task) {
    require(graph.losses().contains(task), "graph: task ", task, " of ", tasks_, " has no loss");
  }
  layout_ = plan_layout(graph);
  adopt(graph);
  join_activations();
  mark_live();
  join_siblings();
  plan_values();
  plan_gradients();
  place_parameters();
  place_siblings();
  place_losses();
  initialize(options.seed);
}

void Network::adopt(const Graph& graph) {
  size_t inputs = 0;
  for (const GraphNode& node : graph.nodes()) {
    const int32_t index = static_cast<int32_t>(node_.size());
    node_.push_back({node.op, node.inputs, node.op->width(), node.owner, false, false, {}, nullptr, index});
    inputs += node.inputs.size();
  }
  for (const auto& [task, loss] : graph.losses()) {
    Task entry;
    entry.loss = loss;
    entry.output = outputs_;
    node_[loss.prediction].prediction = true;
    task_.push_back(std::move(entry));
    require(outputs_ <= std::numeric_limits<int32_t>::max() - loss.spec.width, "graph: too many outputs");
    outputs_ += loss.spec.width;
  }
  code_ranges_ = graph.code_ranges();
  if (dense_input_ >= 0) features_ = node_[dense_input_].width;
  if (categorical_input_ >= 0) columns_ = node_[categorical_input_].width;
  needed_.resize(node_.size());
  reached_.resize(node_.size());
  written_.resize(node_.size());
  forward_.reserve(node_.size());
  backward_.reserve(node_.size());
  input_gradients_.reserve(inputs);
}

// A linear layer that only an activation reads becomes one op with it, at the place of the activation.
void Network::join_activations() {
  std::vector<int32_t> readers(node_.size());
  for (const Node& node : node_) {
    for (const int32_t input : node.inputs) ++readers[input];
  }
  for (Node& node : node_) {
    const std::optional<mtl_activation> kind = node.op->activation();
    if (!kind) continue;
    Node& before = node_[node.inputs[0]];
    if (readers[node.inputs[0]] != 1 || before.prediction) continue;
    const OpPointer joined = before.op->followed_by(*kind);
    if (joined == nullptr) continue;
    node.op = joined;
    node.inputs = before.inputs;
    before.computed_by = node.computed_by;
  }
}

// Narrow linear layers with one input are computed together. Of wide ones, each is a product worth its own.
void Network::join_siblings() {
  constexpr int32_t kNarrow = 16;
  // Those of tasks apart from those of the trunk: backward may stop between them.
  std::map<std::pair<int32_t, bool>, std::vector<int32_t>> by_input;
  for (size_t n = 0; n < node_.size(); ++n) {
    const int32_t outputs = node_[n].op->linear_outputs();
    if (!node_[n].live || outputs < 1 || outputs > kNarrow) continue;
    by_input[{node_[n].inputs[0], node_[n].owner == MTL_SHARED}].push_back(static_cast<int32_t>(n));
  }
  for (const auto& [key, nodes] : by_input) {
    const int32_t input = key.first;
    if (nodes.size() < 2) continue;
    int64_t columns = 0;
    for (const int32_t node : nodes) columns += node_[node].width;
    require(columns <= std::numeric_limits<int32_t>::max(), "graph: the layers behind node ", input,
            " are too wide together");
    for (const int32_t node : nodes) node_[node].siblings = static_cast<int32_t>(siblings_.size());
    siblings_.push_back(
        {input, nodes, LinearSiblings(node_[input].width, static_cast<int32_t>(columns), max_batch_)});
  }
  for (size_t n = 0; n < node_.size(); ++n) {
    const Node& node = node_[n];
    if (!node.live) continue;
    cost_per_row_ = checked_sum(cost_per_row_, node.op->cost_per_row(), "the cost of a row");
    row_step_ = std::lcm(row_step_, node.op->row_step());
    const int32_t index = static_cast<int32_t>(n);
    if (node.siblings >= 0 && siblings_[node.siblings].nodes.front() != index) continue;
    schedule_.push_back({index, node.siblings});
  }
  // Row block by row block a pass meets its threads once instead of at every layer, but every thread reads
  // all the weights, and no two gradients of activations can share memory: for passes that take little time.
  constexpr int64_t kMostPerPart = 100'000'000;
  const int64_t parts = backend_.parallel_parts();
  by_rows_ = parts > 1 && cost_per_row_ <= kMostPerPart * parts / max_batch_;
  jobs_.reserve(schedule_.size() + static_cast<size_t>(2 * parts));
}

void Network::mark_live() {
  for (size_t n = node_.size(); n-- > 0;) {
    Node& node = node_[n];
    if (node.prediction) node.live = true;
    if (!node.live) continue;
    for (const int32_t input : node.inputs) node_[input].live = true;
  }
  std::vector<bool> trainable(node_.size());
  for (const Tensor& tensor : layout_.tensors) trainable[node_[tensor.node].computed_by] = true;
  for (size_t n = 0; n < node_.size(); ++n) {
    for (const int32_t input : node_[n].inputs) trainable[n] = trainable[n] || trainable[input];
    node_[n].needs_gradient = node_[n].live && trainable[n];
  }
}

void Network::plan_values() {
  std::vector<int64_t> value_at(node_.size()), saved_at(node_.size());
  int64_t values = 0, saved = 0;
  for (size_t n = 0; n < node_.size(); ++n) {
    value_at[n] = values;
    saved_at[n] = saved;
    // Inputs are gathered even when no loss depends on them; other dead nodes are never computed.
    if (!node_[n].live && !node_[n].inputs.empty()) continue;
    if (static_cast<int32_t>(n) == categorical_input_) continue;
    values = checked_sum(values, align_floats(checked_product(node_[n].width, max_batch_, "activations")),
                         "the activations");
    saved = checked_sum(
        saved, align_floats(checked_product(node_[n].op->saved_per_row(), max_batch_, "saved values")),
        "saved values");
  }
  values_ = Memory<float>(backend_, values, "the activations");
  saved_ = Memory<float>(backend_, saved, "values saved for the backward pass");
  codes_ = Memory<int32_t>(backend_, checked_product(columns_, max_batch_, "codes"), "the codes of a batch");
  for (size_t n = 0; n < node_.size(); ++n) {
    node_[n].memory.value = values_.data() + value_at[n];
    node_[n].memory.saved = saved_.data() + saved_at[n];
    for (const int32_t input : node_[n].inputs) {
      node_[n].memory.inputs.push_back(input == categorical_input_ ? nullptr : node_[input].memory.value);
      if (input == categorical_input_) node_[n].memory.codes = codes_.data();
    }
  }
}

void Network::plan_gradients() {
  std::vector<DeltaLife> lives;
  for (size_t n = 0; n < node_.size(); ++n) {
    const int32_t index = static_cast<int32_t>(n);
    const Node& node = node_[n];
    const int64_t floats = node.needs_gradient ? int64_t{node.width} * max_batch_ : 0;
    if (by_rows_) {  // all alive until the gradients of the parameters are done
      lives.push_back({static_cast<int32_t>(node_.size()), -1, floats});
      continue;
    }
    // The gradients of all losses are written first.
    const int32_t first = node.prediction ? static_cast<int32_t>(node_.size()) : index;
    const int32_t last = node.siblings >= 0 ? siblings_[node.siblings].nodes.front() : index;
    lives.push_back({first, last, floats});
  }
  for (size_t n = 0; n < node_.size(); ++n) {
    if (!node_[n].live) continue;
    for (const int32_t input : node_[n].inputs) {
      lives[input].first = std::max(lives[input].first, static_cast<int32_t>(n));
    }
  }
  const DeltaPlan plan = plan_deltas(lives);
  deltas_ = Memory<float>(backend_, plan.floats, "the gradients of the activations");
  for (size_t n = 0; n < node_.size(); ++n) {
    if (node_[n].needs_gradient) node_[n].delta = deltas_.data() + plan.offsets[n];
  }
}

void Network::place_parameters() {
  parameters_ = Memory<float>(backend_, layout_.elements, "the parameters");
  gradients_ = Memory<float>(backend_, layout_.elements, "the gradients");
  first_moment_ = Memory<float>(backend_, layout_.elements, "the first moments");
  second_moment_ = Memory<float>(backend_, layout_.elements, "the second moments");
  clip_ = Memory<float>(backend_, 1, "the clipping factor");
  for (const Tensor& tensor : layout_.tensors) {
    NodeMemory& memory = node_[node_[tensor.node].computed_by].memory;
    memory.parameters.push_back(parameters_.data() + tensor.offset);
    memory.gradients.push_back(gradients_.data() + tensor.offset);
    memory.tensor_floats.push_back(tensor.count);
  }
  step_ranges_.reserve(layout_.slices.size());
  steps_.resize(layout_.slices.size());
  clip_offsets_.resize(layout_.slices.size());
  clip_counts_.resize(layout_.slices.size());
}

void Network::place_siblings() {
  int64_t floats = 0;
  for (const Siblings& group : siblings_) {
    floats = checked_sum(floats, group.layers.floats(), "sibling layers");
  }
  joined_ = Memory<float>(backend_, floats, "sibling layers");
  float* place = joined_.data();
  for (Siblings& group : siblings_) {
    std::vector<LinearSiblings::Layer> layers;
    for (const int32_t node : group.nodes) {
      layers.push_back({&node_[node].memory, node_[node].delta, node_[node].width});
    }
    group.layers.place(place, std::move(layers));
    place += group.layers.floats();
  }
}

void Network::place_losses() {
  partial_losses_ = Memory<double>(
      backend_, checked_product(backend_.parallel_parts(), tasks_, "partial losses"), "partial losses");
  divisors_.resize(static_cast<size_t>(tasks_), 1.0);
  loss_scales_.resize(static_cast<size_t>(tasks_), 1.0);
  place_.resize(static_cast<size_t>(tasks_));
  head_known_.resize(static_cast<size_t>(tasks_));
  shared_scales_.resize(static_cast<size_t>(tasks_));
  head_scales_.resize(static_cast<size_t>(tasks_));
  labels_ = Memory<float>(backend_, checked_product(tasks_, max_batch_, "labels"), "the labels of a batch");
  if (!backend_.host_memory()) host_labels_.resize(static_cast<size_t>(labels_.count()));
  staged_outputs_ =
      Memory<float>(backend_, checked_product(outputs_, max_batch_, "outputs"), "the outputs of a batch");
  losses_ = Memory<double>(backend_, tasks_, "losses");
  reference_ = Memory<double>(backend_, tasks_, "losses");
  loss_sums_ = Memory<double>(backend_, tasks_, "loss totals");
  evaluation_ = Memory<double>(backend_, tasks_, "evaluated losses");
  affinity_ = Memory<double>(backend_, int64_t{tasks_} * tasks_, "the affinity matrix");
  observations_ = Memory<int64_t>(backend_, int64_t{tasks_} * tasks_, "the affinity's observations");
  affinity_snapshot_ =
      backend_.make_read_back(affinity_.bytes() + observations_.bytes(), "snapshots of the affinity");

  int64_t weights = 0;
  for (const Task& task : task_)
    weights += align_floats(static_cast<int64_t>(task.loss.class_weights.size()));
  class_weights_ = Memory<float>(backend_, weights, "class weights");
  float* place = class_weights_.data();
  for (Task& task : task_) {
    const int64_t count = static_cast<int64_t>(task.loss.class_weights.size());
    if (count == 0) continue;
    backend_.upload(place, task.loss.class_weights.data(), count * static_cast<int64_t>(sizeof(float)));
    task.loss.spec.class_weights = place;
    place += align_floats(count);
  }

  const size_t tasks = static_cast<size_t>(tasks_);
  loss_batches_.resize(tasks);
  seen_.resize(tasks);
  stepped_.resize(tasks);
  active_.resize(tasks);
  member_.resize(tasks);
  named_.resize(tasks);
  measured_.resize(tasks);
  take_.resize(tasks);
  evaluated_weights_.resize(tasks);
  labelled_.resize(tasks);
  every_.resize(tasks, uint8_t{1});
}

}  // namespace mtl

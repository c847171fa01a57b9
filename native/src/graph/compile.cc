// From a graph to a network: which nodes matter, where everything lies.
#include <algorithm>
#include <limits>

#include "graph/defaults.h"
#include "graph/delta_plan.h"
#include "graph/network.h"

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
  mark_live();
  plan_values();
  plan_gradients();
  place_parameters();
  place_losses();
  initialize(options.seed);
}

void Network::adopt(const Graph& graph) {
  size_t most_inputs = 0;
  for (const GraphNode& node : graph.nodes()) {
    node_.push_back({node.op, node.inputs, node.op->width(), node.owner, false, false, {}});
    most_inputs = std::max(most_inputs, node.inputs.size());
  }
  for (const auto& [task, loss] : graph.losses()) {
    Task entry;
    entry.loss = loss;
    entry.output = outputs_;
    entry.next_task = node_[loss.prediction].first_task;
    node_[loss.prediction].first_task = task;
    task_.push_back(std::move(entry));
    require(outputs_ <= std::numeric_limits<int32_t>::max() - loss.spec.width, "graph: too many outputs");
    outputs_ += loss.spec.width;
  }
  code_ranges_ = graph.code_ranges();
  if (dense_input_ >= 0) features_ = node_[dense_input_].width;
  if (categorical_input_ >= 0) columns_ = node_[categorical_input_].width;
  needed_.resize(node_.size());
  written_.resize(node_.size());
  input_gradients_.resize(most_inputs);
}

void Network::mark_live() {
  for (size_t n = node_.size(); n-- > 0;) {
    Node& node = node_[n];
    if (node.first_task >= 0) node.live = true;
    if (!node.live) continue;
    for (const int32_t input : node.inputs) node_[input].live = true;
  }
  std::vector<bool> trainable(node_.size());
  for (const Tensor& tensor : layout_.tensors) trainable[tensor.node] = true;
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
    lives.push_back({index, index, node_[n].needs_gradient ? int64_t{node_[n].width} * max_batch_ : 0});
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
    node_[tensor.node].memory.parameters.push_back(parameters_.data() + tensor.offset);
    node_[tensor.node].memory.gradients.push_back(gradients_.data() + tensor.offset);
  }
  steps_.resize(layout_.slices.size());
  clip_offsets_.resize(layout_.slices.size());
  clip_counts_.resize(layout_.slices.size());
}

void Network::place_losses() {
  labels_ = Memory<float>(backend_, checked_product(tasks_, max_batch_, "labels"), "the labels of a batch");
  staged_outputs_ =
      Memory<float>(backend_, checked_product(outputs_, max_batch_, "outputs"), "the outputs of a batch");
  losses_ = Memory<double>(backend_, tasks_, "losses");
  reference_ = Memory<double>(backend_, tasks_, "losses");
  loss_sums_ = Memory<double>(backend_, tasks_, "loss totals");
  evaluation_ = Memory<double>(backend_, int64_t{2} * tasks_, "evaluated losses");
  affinity_ = Memory<double>(backend_, int64_t{tasks_} * tasks_, "the affinity matrix");
  observations_ = Memory<int64_t>(backend_, int64_t{tasks_} * tasks_, "the affinity's observations");

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

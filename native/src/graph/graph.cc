#include "graph/graph.h"

#include <cmath>
#include <limits>

#include "backend/error.h"

namespace mtl {

Graph::Graph(int32_t tasks) : tasks_(tasks) {
  require(tasks >= 1, "tasks must be at least 1, but is ", tasks);
}

int32_t Graph::add(OpPointer op, std::vector<int32_t> inputs, int32_t owner) {
  require(nodes_.size() < static_cast<size_t>(std::numeric_limits<int32_t>::max()),
          "the graph has too many nodes");
  nodes_.push_back({std::move(op), std::move(inputs), owner});
  return static_cast<int32_t>(nodes_.size()) - 1;
}

int32_t Graph::width(int32_t node, const char* argument) const {
  require(node >= 0 && node < static_cast<int32_t>(nodes_.size()), argument, " must be a node in [0, ",
          nodes_.size(), "), but is ", node);
  return nodes_[node].op->width();
}

const GraphNode& Graph::value_node(int32_t node, const char* argument) const {
  width(node, argument);
  require(!nodes_[node].codes, argument, " must be a node of numbers, but node ", node,
          " is the categorical input, which only embeddings read");
  return nodes_[node];
}

int32_t Graph::parameter_owner(int32_t input, int32_t owner) const {
  require(owner >= MTL_SHARED && owner < tasks_, "owner must be MTL_SHARED (-1) or a task in [0, ", tasks_,
          "), but is ", owner);
  const int32_t before = nodes_[input].owner;
  require(before == MTL_SHARED || before == owner, "owner must be ", before, " behind node ", input,
          ", which depends on the parameters of task ", before, ", but is ", owner);
  return owner;
}

int32_t Graph::add_dense_input(int32_t features) {
  require(dense_input_ < 0, "the graph has a dense input already: node ", dense_input_);
  require(features >= 1, "features must be at least 1, but is ", features);
  return dense_input_ = add(make_dense_input(features), {}, MTL_SHARED);
}

int32_t Graph::add_categorical_input(int32_t columns) {
  require(categorical_input_ < 0, "the graph has a categorical input already: node ", categorical_input_);
  require(columns >= 1, "columns must be at least 1, but is ", columns);
  categorical_input_ = add(make_categorical_input(columns), {}, MTL_SHARED);
  nodes_[categorical_input_].codes = true;
  return categorical_input_;
}

int32_t Graph::add_linear(int32_t input, int32_t out, bool bias, int32_t owner) {
  const int32_t in = value_node(input, "input").op->width();
  require(out >= 1, "out_features must be at least 1, but is ", out);
  owner = parameter_owner(input, owner);
  return add(make_linear(in, out, bias), {input}, owner);
}

int32_t Graph::add_activation(int32_t input, mtl_activation kind) {
  const GraphNode& node = value_node(input, "input");
  const int32_t value = static_cast<int32_t>(kind);
  require(value >= MTL_RELU && value <= MTL_SIGMOID, "kind must be a mtl_activation, but is ", value);
  return add(make_activation(node.op->width(), kind), {input}, node.owner);
}

int32_t Graph::add_layer_norm(int32_t input, float epsilon, int32_t owner) {
  const int32_t width = value_node(input, "input").op->width();
  require(std::isfinite(epsilon) && epsilon > 0, "epsilon must be finite and above 0, but is ", epsilon);
  owner = parameter_owner(input, owner);
  return add(make_layer_norm(width, epsilon), {input}, owner);
}

int32_t Graph::add_dropout(int32_t input, float probability) {
  const GraphNode& node = value_node(input, "input");
  require(probability >= 0 && probability < 1, "probability must be in [0, 1), but is ", probability);
  return add(make_dropout(node.op->width(), probability), {input}, node.owner);
}

int32_t Graph::add_embedding(int32_t input, int32_t column, int32_t categories, int32_t width,
                             int32_t owner) {
  const int32_t columns = this->width(input, "input");
  require(nodes_[input].codes, "input must be the categorical input, but node ", input, " holds numbers");
  require(column >= 0 && column < columns, "column must be in [0, ", columns, "), but is ", column);
  require(categories >= 1, "categories must be at least 1, but is ", categories);
  require(width >= 1, "width must be at least 1, but is ", width);
  owner = parameter_owner(input, owner);
  const int32_t node = add(make_embedding(columns, column, categories, width), {input}, owner);
  code_ranges_.push_back({node, column, categories});
  return node;
}

int32_t Graph::add_concatenate(const std::vector<int32_t>& inputs) {
  require(!inputs.empty(), "count must be at least 1, but is 0");
  std::vector<int32_t> widths;
  int64_t total = 0;
  int32_t owner = MTL_SHARED;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const GraphNode& node = value_node(inputs[i], "inputs");
    require(owner == MTL_SHARED || node.owner == MTL_SHARED || owner == node.owner, "inputs[", i, "], node ",
            inputs[i], ", depends on the parameters of task ", node.owner, ", others on those of task ",
            owner);
    if (node.owner != MTL_SHARED) owner = node.owner;
    widths.push_back(node.op->width());
    total += node.op->width();
  }
  require(total <= std::numeric_limits<int32_t>::max(), "inputs are too wide together: ", total);
  return add(make_concatenate(std::move(widths)), inputs, owner);
}

int32_t Graph::add_sum(int32_t left, int32_t right) {
  const GraphNode& a = value_node(left, "left");
  const GraphNode& b = value_node(right, "right");
  require(a.op->width() == b.op->width(), "left and right must have one width, but have ", a.op->width(),
          " and ", b.op->width());
  require(a.owner == MTL_SHARED || b.owner == MTL_SHARED || a.owner == b.owner,
          "left depends on the parameters of task ", a.owner, ", right on those of task ", b.owner);
  const int32_t owner = a.owner != MTL_SHARED ? a.owner : b.owner;
  return add(make_add(a.op->width()), {left, right}, owner);
}

void Graph::set_loss(int32_t task, int32_t prediction, const mtl_loss_options& options) {
  require(task >= 0 && task < tasks_, "task must be in [0, ", tasks_, "), but is ", task);
  const GraphNode& node = value_node(prediction, "prediction");
  require(node.owner == MTL_SHARED || node.owner == task, "prediction, node ", prediction,
          ", depends on the parameters of task ", node.owner, ", not ", task);
  require(!losses_.contains(task), "task ", task, " has a loss already");
  losses_.emplace(task, make_task_loss(options, prediction, node.op->width()));
}

}  // namespace mtl

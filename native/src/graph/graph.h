// The network as a list of nodes in the order they were added, which is a topological order.
#ifndef MTL_GRAPH_GRAPH_H
#define MTL_GRAPH_GRAPH_H

#include <map>
#include <vector>

#include "ops/loss.h"
#include "ops/op.h"

namespace mtl {

struct GraphNode {
  OpPointer op;
  std::vector<int32_t> inputs;
  int32_t owner;       // MTL_SHARED: the trunk; else the one task whose parameters it depends on
  bool codes = false;  // the categorical input
};

// A column of the categorical input that is looked up in a table.
struct CodeRange {
  int32_t node;
  int32_t column;
  int32_t categories;
};

class Graph {
 public:
  explicit Graph(int32_t tasks);

  int32_t add_dense_input(int32_t features);
  int32_t add_categorical_input(int32_t columns);
  int32_t add_linear(int32_t input, int32_t out, bool bias, int32_t owner);
  int32_t add_activation(int32_t input, mtl_activation kind);
  int32_t add_layer_norm(int32_t input, float epsilon, int32_t owner);
  int32_t add_dropout(int32_t input, float probability);
  int32_t add_embedding(int32_t input, int32_t column, int32_t categories, int32_t width, int32_t owner);
  int32_t add_concatenate(const std::vector<int32_t>& inputs);
  int32_t add_sum(int32_t left, int32_t right);
  void set_loss(int32_t task, int32_t prediction, const mtl_loss_options& options);

  int32_t tasks() const { return tasks_; }
  int32_t width(int32_t node, const char* argument) const;
  int32_t dense_input() const { return dense_input_; }              // node or -1
  int32_t categorical_input() const { return categorical_input_; }  // node or -1
  const std::vector<GraphNode>& nodes() const { return nodes_; }
  const std::vector<CodeRange>& code_ranges() const { return code_ranges_; }
  const std::map<int32_t, TaskLoss>& losses() const { return losses_; }

 private:
  const GraphNode& value_node(int32_t node, const char* argument) const;
  // The owner of a node with these inputs and parameters of `owner`.
  int32_t parameter_owner(int32_t input, int32_t owner) const;
  int32_t add(OpPointer op, std::vector<int32_t> inputs, int32_t owner);

  int32_t tasks_;
  int32_t dense_input_ = -1;
  int32_t categorical_input_ = -1;
  std::vector<GraphNode> nodes_;
  std::vector<CodeRange> code_ranges_;
  std::map<int32_t, TaskLoss> losses_;
};

}  // namespace mtl

#endif

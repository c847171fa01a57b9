// Building the network as a graph.
#include "api/handles.h"
#include "api/options.h"

namespace {

// Adds a node by add(graph) and hands out its number.
template <typename Add>
mtl_status add_node(const char* function, mtl_graph* graph, int32_t* out_node, const Add& add) {
  return mtl::guard(function, [&] {
    mtl::require_pointer(graph, "graph");
    mtl::require_pointer(out_node, "out_node");
    *out_node = add(graph->graph);
  });
}

}  // namespace

mtl_status mtl_graph_create(int32_t tasks, mtl_graph** out_graph) {
  return mtl::guard("mtl_graph_create", [&] {
    mtl::require_pointer(out_graph, "out_graph");
    *out_graph = new mtl_graph{mtl::Graph(tasks)};
  });
}

void mtl_graph_destroy(mtl_graph* graph) {
  delete graph;
}

mtl_status mtl_graph_dense_input(mtl_graph* graph, int32_t features, int32_t* out_node) {
  return add_node("mtl_graph_dense_input", graph, out_node,
                  [&](mtl::Graph& target) { return target.add_dense_input(features); });
}

mtl_status mtl_graph_categorical_input(mtl_graph* graph, int32_t columns, int32_t* out_node) {
  return add_node("mtl_graph_categorical_input", graph, out_node,
                  [&](mtl::Graph& target) { return target.add_categorical_input(columns); });
}

mtl_status mtl_graph_linear(mtl_graph* graph, int32_t input, int32_t out_features, int32_t bias,
                            int32_t owner, int32_t* out_node) {
  return add_node("mtl_graph_linear", graph, out_node, [&](mtl::Graph& target) {
    mtl::require(bias == 0 || bias == 1, "bias must be 0 or 1, but is ", bias);
    return target.add_linear(input, out_features, bias == 1, owner);
  });
}

mtl_status mtl_graph_activation(mtl_graph* graph, int32_t input, mtl_activation kind, int32_t* out_node) {
  return add_node("mtl_graph_activation", graph, out_node, [&](mtl::Graph& target) {
    return target.add_activation(input, mtl::read_enum(kind, "kind"));
  });
}

mtl_status mtl_graph_layer_norm(mtl_graph* graph, int32_t input, float epsilon, int32_t owner,
                                int32_t* out_node) {
  return add_node("mtl_graph_layer_norm", graph, out_node,
                  [&](mtl::Graph& target) { return target.add_layer_norm(input, epsilon, owner); });
}

mtl_status mtl_graph_dropout(mtl_graph* graph, int32_t input, float probability, int32_t* out_node) {
  return add_node("mtl_graph_dropout", graph, out_node,
                  [&](mtl::Graph& target) { return target.add_dropout(input, probability); });
}

mtl_status mtl_graph_embedding(mtl_graph* graph, int32_t input, int32_t column, int32_t categories,
                               int32_t width, int32_t owner, int32_t* out_node) {
  return add_node("mtl_graph_embedding", graph, out_node, [&](mtl::Graph& target) {
    return target.add_embedding(input, column, categories, width, owner);
  });
}

mtl_status mtl_graph_concatenate(mtl_graph* graph, const int32_t* inputs, int32_t count, int32_t* out_node) {
  return add_node("mtl_graph_concatenate", graph, out_node, [&](mtl::Graph& target) {
    mtl::require(count >= 1, "count must be at least 1, but is ", count);
    mtl::require_pointer(inputs, "inputs");
    return target.add_concatenate({inputs, inputs + count});
  });
}

mtl_status mtl_graph_add(mtl_graph* graph, int32_t left, int32_t right, int32_t* out_node) {
  return add_node("mtl_graph_add", graph, out_node,
                  [&](mtl::Graph& target) { return target.add_sum(left, right); });
}

void mtl_loss_options_init(mtl_loss_options* options) {
  if (options == nullptr) return;
  *options = {};
  options->struct_size = sizeof(*options);
  options->kind = MTL_MEAN_SQUARE;
  options->weight = 1;
  options->huber_delta = 1;
  options->positive_weight = 1;
  options->ignore_index = -100;
}

mtl_status mtl_graph_loss(mtl_graph* graph, int32_t task, int32_t prediction,
                          const mtl_loss_options* options) {
  return mtl::guard("mtl_graph_loss", [&] {
    mtl::require_pointer(graph, "graph");
    graph->graph.set_loss(task, prediction, mtl::read_options(options, mtl_loss_options_init, "options"));
  });
}

mtl_status mtl_graph_node_width(const mtl_graph* graph, int32_t node, int32_t* out_width) {
  return mtl::guard("mtl_graph_node_width", [&] {
    mtl::require_pointer(graph, "graph");
    mtl::require_pointer(out_width, "out_width");
    *out_width = graph->graph.width(node, "node");
  });
}

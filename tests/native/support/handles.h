// Owning pointers to the library's handles, and their making from plain data.
#pragma once

#include <mtl/mtl.h>

#include <cstdlib>
#include <cstring>
#include <memory>

#include "reference/graph.h"
#include "status.h"

namespace support {

struct Destroy {
  void operator()(mtl_context* p) const { mtl_context_destroy(p); }
  void operator()(mtl_dataset* p) const { mtl_dataset_destroy(p); }
  void operator()(mtl_graph* p) const { mtl_graph_destroy(p); }
  void operator()(mtl_network* p) const { mtl_network_destroy(p); }
  void operator()(mtl_predictor* p) const { mtl_predictor_destroy(p); }
};
using Context = std::unique_ptr<mtl_context, Destroy>;
using Dataset = std::unique_ptr<mtl_dataset, Destroy>;
using GraphHandle = std::unique_ptr<mtl_graph, Destroy>;
using NetworkHandle = std::unique_ptr<mtl_network, Destroy>;
using Predictor = std::unique_ptr<mtl_predictor, Destroy>;

// Whether the tests run on a CUDA device: the environment variable MTL_TEST_DEVICE is cuda, instead of cpu or
// nothing.
inline bool OnCuda() {
  const char* device = std::getenv("MTL_TEST_DEVICE");
  if (device == nullptr) return false;
  const bool cuda = std::strcmp(device, "cuda") == 0;
  EXPECT_TRUE(cuda || std::strcmp(device, "cpu") == 0) << "MTL_TEST_DEVICE is " << device;
  return cuda;
}

inline Context MakeContext(int threads = 1) {
  mtl_context_options options;
  mtl_context_options_init(&options);
  options.threads = threads;
  if (OnCuda()) options.device_kind = MTL_DEVICE_CUDA;
  mtl_context* context = nullptr;
  EXPECT_OK(mtl_context_create(&options, &context));
  return Context(context);
}

inline Dataset MakeDataset(mtl_context* context, const reference::Rows& rows) {
  mtl_dataset_options options;
  mtl_dataset_options_init(&options);
  options.features = rows.features;
  options.categorical_columns = rows.columns;
  options.tasks = rows.tasks;
  options.rows = rows.count;
  mtl_dataset* dataset = nullptr;
  EXPECT_OK(mtl_dataset_create(context, &options, &dataset));
  if (dataset == nullptr) return nullptr;
  if (rows.features > 0) {
    EXPECT_OK(mtl_dataset_set_features(dataset, 0, rows.count, rows.dense.data()));
  }
  if (rows.columns > 0) {
    EXPECT_OK(mtl_dataset_set_categories(dataset, 0, rows.count, rows.categories.data()));
  }
  if (rows.tasks > 0) {
    EXPECT_OK(mtl_dataset_set_labels(dataset, 0, rows.count, rows.labels.data()));
  }
  return Dataset(dataset);
}

inline Predictor MakePredictor(mtl_network* network, int max_batch) {
  mtl_predictor_options options;
  mtl_predictor_options_init(&options);
  options.max_batch = max_batch;
  mtl_predictor* predictor = nullptr;
  EXPECT_OK(mtl_predictor_create(network, &options, &predictor));
  return Predictor(predictor);
}

inline mtl_status AddNode(mtl_graph* graph, const reference::Node& node, int32_t* out) {
  using reference::NodeKind;
  switch (node.kind) {
    case NodeKind::kDenseInput:
      return mtl_graph_dense_input(graph, node.width, out);
    case NodeKind::kCategoricalInput:
      return mtl_graph_categorical_input(graph, node.width, out);
    case NodeKind::kLinear:
      return mtl_graph_linear(graph, node.inputs[0], node.width, node.bias, node.owner, out);
    case NodeKind::kActivation:
      return mtl_graph_activation(graph, node.inputs[0], node.activation, out);
    case NodeKind::kLayerNorm:
      return mtl_graph_layer_norm(graph, node.inputs[0], node.epsilon, node.owner, out);
    case NodeKind::kDropout:
      return mtl_graph_dropout(graph, node.inputs[0], node.probability, out);
    case NodeKind::kEmbedding:
      return mtl_graph_embedding(graph, node.inputs[0], node.column, node.categories, node.width, node.owner,
                                 out);
    case NodeKind::kConcatenate:
      return mtl_graph_concatenate(graph, node.inputs.data(), static_cast<int32_t>(node.inputs.size()), out);
    case NodeKind::kAdd:
      return mtl_graph_add(graph, node.inputs[0], node.inputs[1], out);
  }
  return MTL_INTERNAL;
}

inline mtl_loss_options LossOptions(const reference::Loss& loss) {
  mtl_loss_options options;
  mtl_loss_options_init(&options);
  options.kind = loss.kind;
  options.weight = loss.weight;
  options.huber_delta = loss.huber_delta;
  options.positive_weight = loss.positive_weight;
  options.label_smoothing = loss.label_smoothing;
  options.ignore_index = loss.ignore_index;
  options.class_weight_count = static_cast<int32_t>(loss.class_weights.size());
  options.class_weights = loss.class_weights.empty() ? nullptr : loss.class_weights.data();
  return options;
}

inline GraphHandle MakeGraph(const reference::Graph& graph) {
  mtl_graph* raw = nullptr;
  EXPECT_OK(mtl_graph_create(graph.tasks(), &raw));
  GraphHandle handle(raw);
  for (int n = 0; n < static_cast<int>(graph.nodes.size()); ++n) {
    int32_t node = -1;
    EXPECT_OK(AddNode(raw, graph.nodes[n], &node)) << "node " << n;
    EXPECT_EQ(node, n);
    int32_t width = -1;
    EXPECT_OK(mtl_graph_node_width(raw, node, &width));
    EXPECT_EQ(width, graph.nodes[n].width);
  }
  for (int task = 0; task < graph.tasks(); ++task) {
    const mtl_loss_options options = LossOptions(graph.outputs[task].loss);
    EXPECT_OK(mtl_graph_loss(raw, task, graph.outputs[task].prediction, &options)) << "task " << task;
  }
  return handle;
}

}  // namespace support

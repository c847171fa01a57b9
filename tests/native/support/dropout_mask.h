// The dropout mask of a batch, observed from outside.
#pragma once

#include "network.h"

namespace support {

// The mask of node `node` in any network of this seed, since masks are keyed by (seed, batch index, node)
// alone. A network is built whose dropout has that number. Row k has a label of task k only, and task k is a
// linear layer behind the dropout of features that are all one, so that the gradient of its weights over that
// of its bias is row k of the mask.
inline reference::Matrix ObserveDropoutMask(mtl_context* context, int node, int width, float probability,
                                            uint64_t seed, uint64_t batch_index, int rows) {
  reference::Graph graph;
  int input = graph.DenseInput(width);
  while (static_cast<int>(graph.nodes.size()) < node) input = graph.Concatenate({input});
  const int dropout = graph.Dropout(input, probability);
  EXPECT_EQ(dropout, node);
  for (int task = 0; task < rows; ++task) graph.Output(graph.Linear(dropout, 1, task));

  reference::Rows data{rows, width, 0, rows, {}, {}, {}};
  data.dense.assign(static_cast<size_t>(rows) * width, 1.0f);
  data.labels.assign(static_cast<size_t>(rows) * rows, std::numeric_limits<float>::quiet_NaN());
  for (int r = 0; r < rows; ++r) data.labels[static_cast<size_t>(r) * rows + r] = 100;

  Network network(context, graph, rows, seed);
  std::vector<int32_t> indices(rows);
  for (int r = 0; r < rows; ++r) indices[r] = r;
  network.Begin(MakeDataset(context, data), indices, batch_index);
  reference::Matrix mask(rows, width);
  for (int task = 0; task < rows; ++task) {
    const int32_t group[] = {task};
    EXPECT_OK(mtl_network_gradients(network.get(), group, 1, MTL_REDUCTION_SUM));
    const std::vector<float> head = network.Slice(MTL_BUFFER_GRADIENTS, task);
    const int64_t start = network.layout().Of(task).offset;
    const int prediction = graph.outputs[task].prediction;
    const int64_t weight = network.layout().Find(prediction, MTL_ROLE_WEIGHT).offset - start;
    const double bias = head[network.layout().Find(prediction, MTL_ROLE_BIAS).offset - start];
    for (int c = 0; c < width; ++c) mask.at(task, c) = head[weight + c] / bias;
  }
  return mask;
}

}  // namespace support

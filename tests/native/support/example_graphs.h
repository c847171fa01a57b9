// Small networks that several tests train.
#pragma once

#include "reference/graph.h"

namespace support {

// Four tasks of four kinds behind a trunk with an embedding, a layer norm and a residual block; some 150
// parameters.
inline reference::Graph FourTaskGraph() {
  reference::Graph graph;
  const int dense = graph.DenseInput(3);
  const int categorical = graph.CategoricalInput(2);
  const int embedded = graph.Embedding(categorical, 1, 3, 2, MTL_SHARED);
  const int joined = graph.Concatenate({dense, embedded});
  const int wide = graph.Activation(graph.Linear(joined, 5, MTL_SHARED), MTL_TANH);
  const int inner = graph.Activation(graph.LayerNorm(wide, 1e-5f, MTL_SHARED), MTL_GELU);
  const int trunk = graph.Add(wide, graph.Linear(inner, 5, MTL_SHARED, false));
  graph.Output(graph.Linear(trunk, 1, 0));
  graph.Output(graph.Linear(trunk, 1, 1),
               {.kind = MTL_BINARY_CROSS_ENTROPY, .weight = 1.5f, .positive_weight = 2.0f});
  const int hidden = graph.Activation(graph.Linear(trunk, 3, 2), MTL_SILU);
  graph.Output(graph.Linear(hidden, 3, 2), {.kind = MTL_SOFTMAX_CROSS_ENTROPY,
                                            .weight = 0.75f,
                                            .label_smoothing = 0.05f,
                                            .class_weights = {1, 0.5f, 2}});
  graph.Output(graph.Linear(graph.LayerNorm(trunk, 1e-3f, 3), 1, 3),
               {.kind = MTL_HUBER, .huber_delta = 0.5f});
  return graph;
}

// `tasks` regressions with linear heads behind one hidden layer.
inline reference::Graph RegressionGraph(int tasks, int features = 4, int hidden = 6,
                                        mtl_activation activation = MTL_TANH) {
  reference::Graph graph;
  const int trunk =
      graph.Activation(graph.Linear(graph.DenseInput(features), hidden, MTL_SHARED), activation);
  for (int task = 0; task < tasks; ++task) graph.Output(graph.Linear(trunk, 1, task));
  return graph;
}

}  // namespace support

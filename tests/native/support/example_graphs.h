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

// Six tasks. Linear layers alone, with an activation of their own, and with one that others read too; narrow
// heads with and without bias and of several widths; a wide head; a head behind a hidden layer; dropout;
// layer norm; a residual sum. Large enough to be cut over threads.
inline reference::Graph WideGraph(mtl_activation kind) {
  reference::Graph graph;
  const int dense = graph.DenseInput(11);
  const int first = graph.Activation(graph.Linear(dense, 72, MTL_SHARED), kind);
  const int dropped = graph.Dropout(first, 0.25f);
  const int second = graph.Linear(dropped, 72, MTL_SHARED, false);
  const int bent = graph.Activation(second, kind);
  const int normed = graph.LayerNorm(graph.Add(bent, second), 1e-5f, MTL_SHARED);
  const int trunk = graph.Activation(graph.Linear(normed, 55, MTL_SHARED), kind);
  graph.Output(graph.Linear(trunk, 1, 0));
  graph.Output(graph.Linear(trunk, 1, 1, false), {.kind = MTL_BINARY_CROSS_ENTROPY, .weight = 1.5f});
  graph.Output(graph.Linear(trunk, 3, 2), {.kind = MTL_SOFTMAX_CROSS_ENTROPY, .label_smoothing = 0.05f});
  graph.Output(graph.Linear(trunk, 24, 3), {.kind = MTL_SOFTMAX_CROSS_ENTROPY});
  const int hidden = graph.Activation(graph.Linear(trunk, 20, 4), kind);
  graph.Output(graph.Linear(hidden, 1, 4), {.kind = MTL_HUBER});
  graph.Output(graph.Linear(dense, 1, 5));
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

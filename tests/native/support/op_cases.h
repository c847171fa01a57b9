// Every op of the C interface, once or more, as one small network of any width.
#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "reference/graph.h"

namespace support {

struct OpCase {
  std::string name;
  std::string function;  // of mtl.h
  int activation = -1;   // mtl_activation, of an activation
  // Adds the op with `input` as its (or one) input; `dense` and `categorical` are the graph's inputs.
  std::function<int(reference::Graph&, int input, int dense, int categorical, int owner)> add;
  bool categorical = false;

  friend void PrintTo(const OpCase& op, std::ostream* out) { *out << op.name; }
};

inline OpCase ActivationCase(const std::string& name, mtl_activation kind) {
  return {name, "mtl_graph_activation", kind,
          [kind](reference::Graph& g, int input, int, int, int) { return g.Activation(input, kind); }};
}

inline const std::vector<OpCase>& OpCases() {
  using reference::Graph;
  static const std::vector<OpCase> cases = {
      {"Linear", "mtl_graph_linear", -1,
       [](Graph& g, int input, int, int, int owner) {
         return g.Linear(input, g.width(input) / 2 + 1, owner);
       }},
      {"LinearWider", "mtl_graph_linear", -1,
       [](Graph& g, int input, int, int, int owner) { return g.Linear(input, g.width(input) + 9, owner); }},
      {"LinearWithoutBias", "mtl_graph_linear", -1,
       [](Graph& g, int input, int, int, int owner) {
         return g.Linear(input, g.width(input), owner, false);
       }},
      ActivationCase("Relu", MTL_RELU),
      ActivationCase("Gelu", MTL_GELU),
      ActivationCase("GeluTanh", MTL_GELU_TANH),
      ActivationCase("Silu", MTL_SILU),
      ActivationCase("Tanh", MTL_TANH),
      ActivationCase("Sigmoid", MTL_SIGMOID),
      {"LayerNorm", "mtl_graph_layer_norm", -1,
       [](Graph& g, int input, int, int, int owner) { return g.LayerNorm(input, 1e-5f, owner); }},
      {"LayerNormLargeEpsilon", "mtl_graph_layer_norm", -1,
       [](Graph& g, int input, int, int, int owner) { return g.LayerNorm(input, 0.5f, owner); }},
      {"DropoutOfNothing", "mtl_graph_dropout", -1,
       [](Graph& g, int input, int, int, int) { return g.Dropout(input, 0.0f); }},
      {"Embedding", "mtl_graph_embedding", -1,
       [](Graph& g, int input, int, int categorical, int owner) {
         return g.Add(input, g.Embedding(categorical, 1, 5, g.width(input), owner));
       },
       true},
      {"TwoEmbeddings", "mtl_graph_categorical_input", -1,
       [](Graph& g, int input, int, int categorical, int owner) {
         return g.Concatenate({g.Embedding(categorical, 0, 3, 4, owner), input,
                               g.Embedding(categorical, 1, 9, g.width(input), owner)});
       },
       true},
      {"ConcatenateOne", "mtl_graph_concatenate", -1,
       [](Graph& g, int input, int, int, int) { return g.Concatenate({input}); }},
      {"ConcatenateInput", "mtl_graph_dense_input", -1,
       [](Graph& g, int input, int dense, int, int) {
         return g.Concatenate({dense, input});
       }},
      {"ConcatenateRepeats", "mtl_graph_concatenate", -1,
       [](Graph& g, int input, int dense, int, int) {
         return g.Concatenate({input, dense, g.Activation(input, MTL_TANH), input});
       }},
      {"Add", "mtl_graph_add", -1,
       [](Graph& g, int input, int, int, int) { return g.Add(input, g.Activation(input, MTL_TANH)); }},
      {"AddToItself", "mtl_graph_add", -1,
       [](Graph& g, int input, int, int, int) { return g.Add(input, input); }},
      {"ResidualBlock", "mtl_graph_add", -1,
       [](Graph& g, int input, int, int, int owner) {
         const int inner = g.Activation(g.LayerNorm(input, 1e-5f, owner), MTL_GELU);
         return g.Add(input, g.Linear(inner, g.width(input), owner));
       }},
  };
  return cases;
}

// Two tasks behind a shared linear layer of `width`: the op in the trunk is the prediction of task 0 itself;
// the op in the head of task 1 is followed by a linear layer.
inline reference::Graph OpGraph(const OpCase& op, int width) {
  reference::Graph graph;
  const int dense = graph.DenseInput(3);
  const int categorical = op.categorical ? graph.CategoricalInput(2) : -1;
  const int before = graph.Linear(dense, width, MTL_SHARED);
  const int in_trunk = op.add(graph, before, dense, categorical, MTL_SHARED);
  const int in_head = op.add(graph, before, dense, categorical, 1);
  graph.Output(in_trunk, {.kind = graph.width(in_trunk) == 1 ? MTL_MEAN_SQUARE : MTL_SOFTMAX_CROSS_ENTROPY});
  graph.Output(graph.Linear(in_head, 1, 1));
  return graph;
}

}  // namespace support

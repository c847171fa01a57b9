// A network written down as plain data, from which both the network under test and the reference are built.
#pragma once

#include <mtl/mtl.h>

#include <cstdint>
#include <vector>

namespace reference {

enum class NodeKind {
  kDenseInput,
  kCategoricalInput,
  kLinear,
  kActivation,
  kLayerNorm,
  kDropout,
  kEmbedding,
  kConcatenate,
  kAdd
};

struct Node {
  NodeKind kind = NodeKind::kDenseInput;
  std::vector<int> inputs = {};
  int width = 0;
  int owner = MTL_SHARED;
  bool bias = true;
  mtl_activation activation = MTL_RELU;
  float epsilon = 0;
  float probability = 0;
  int column = 0;
  int categories = 0;
};

struct Loss {
  mtl_loss_kind kind = MTL_MEAN_SQUARE;
  float weight = 1;
  float huber_delta = 1;
  float positive_weight = 1;
  float label_smoothing = 0;
  int ignore_index = -100;
  std::vector<float> class_weights = {};
};

struct Graph {
  struct TaskOutput {
    int prediction = -1;
    Loss loss;
  };

  std::vector<Node> nodes;
  std::vector<TaskOutput> outputs;  // by task

  int tasks() const { return static_cast<int>(outputs.size()); }
  int width(int node) const { return nodes[node].width; }

  int DenseInput(int features) { return Push({.kind = NodeKind::kDenseInput, .width = features}); }
  int CategoricalInput(int columns) { return Push({.kind = NodeKind::kCategoricalInput, .width = columns}); }
  int Linear(int input, int out, int owner, bool bias = true) {
    return Push({.kind = NodeKind::kLinear, .inputs = {input}, .width = out, .owner = owner, .bias = bias});
  }
  int Activation(int input, mtl_activation kind) {
    return Push(
        {.kind = NodeKind::kActivation, .inputs = {input}, .width = width(input), .activation = kind});
  }
  int LayerNorm(int input, float epsilon, int owner) {
    return Push({.kind = NodeKind::kLayerNorm,
                 .inputs = {input},
                 .width = width(input),
                 .owner = owner,
                 .epsilon = epsilon});
  }
  int Dropout(int input, float probability) {
    return Push(
        {.kind = NodeKind::kDropout, .inputs = {input}, .width = width(input), .probability = probability});
  }
  int Embedding(int input, int column, int categories, int out, int owner) {
    return Push({.kind = NodeKind::kEmbedding,
                 .inputs = {input},
                 .width = out,
                 .owner = owner,
                 .column = column,
                 .categories = categories});
  }
  int Concatenate(const std::vector<int>& inputs) {
    int total = 0;
    for (int input : inputs) total += width(input);
    return Push({.kind = NodeKind::kConcatenate, .inputs = inputs, .width = total});
  }
  int Add(int left, int right) {
    return Push({.kind = NodeKind::kAdd, .inputs = {left, right}, .width = width(left)});
  }
  // The next task's output; tasks are numbered in the order of these calls.
  void Output(int prediction, const Loss& loss = {}) { outputs.push_back({prediction, loss}); }

 private:
  int Push(Node node) {
    nodes.push_back(std::move(node));
    return static_cast<int>(nodes.size()) - 1;
  }
};

// Rows of a dataset, or a batch of them.
struct Rows {
  int count = 0;
  int features = 0;
  int columns = 0;
  int tasks = 0;
  std::vector<float> dense;         // [count, features]
  std::vector<int32_t> categories;  // [count, columns]
  std::vector<float> labels;        // [count, tasks], NaN: missing

  Rows Select(const std::vector<int32_t>& indices) const {
    Rows picked{static_cast<int>(indices.size()), features, columns, tasks, {}, {}, {}};
    for (int32_t i : indices) {
      picked.dense.insert(picked.dense.end(), dense.begin() + int64_t{i} * features,
                          dense.begin() + (int64_t{i} + 1) * features);
      picked.categories.insert(picked.categories.end(), categories.begin() + int64_t{i} * columns,
                               categories.begin() + (int64_t{i} + 1) * columns);
      picked.labels.insert(picked.labels.end(), labels.begin() + int64_t{i} * tasks,
                           labels.begin() + (int64_t{i} + 1) * tasks);
    }
    return picked;
  }
};

}  // namespace reference

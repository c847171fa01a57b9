// Random rows that fit a graph.
#pragma once

#include <limits>
#include <numeric>

#include "random.h"
#include "reference/graph.h"

namespace support {

inline constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

inline std::vector<int32_t> Indices(int count, int first = 0) {
  std::vector<int32_t> rows(count);
  std::iota(rows.begin(), rows.end(), first);
  return rows;
}

inline float RandomLabel(const reference::Graph& graph, int task, Random& random) {
  const reference::Loss& loss = graph.outputs[task].loss;
  switch (loss.kind) {
    case MTL_BINARY_CROSS_ENTROPY:
      // Hard labels and soft ones.
      return random.Below(3) ? static_cast<float>(random.Below(2)) : static_cast<float>(random.Uniform(0, 1));
    case MTL_SOFTMAX_CROSS_ENTROPY:
      return static_cast<float>(random.Below(graph.width(graph.outputs[task].prediction)));
    default:
      return static_cast<float>(random.Uniform(-2, 2));
  }
}

// missing: probability of a label to be missing.
inline reference::Rows RandomRows(const reference::Graph& graph, int count, uint64_t seed,
                                  double missing = 0) {
  Random random(seed);
  reference::Rows rows{count, 0, 0, graph.tasks(), {}, {}, {}};
  for (const reference::Node& node : graph.nodes) {
    if (node.kind == reference::NodeKind::kDenseInput) rows.features = node.width;
    if (node.kind == reference::NodeKind::kCategoricalInput) rows.columns = node.width;
  }
  // A column that several embeddings read stays below the smallest of their tables.
  std::vector<int> categories(rows.columns, std::numeric_limits<int>::max());
  for (const reference::Node& node : graph.nodes) {
    if (node.kind != reference::NodeKind::kEmbedding) continue;
    categories[node.column] = std::min(categories[node.column], node.categories);
  }
  rows.dense = random.Floats(static_cast<size_t>(count) * rows.features, -1.5, 1.5);
  for (int r = 0; r < count; ++r) {
    for (int bound : categories) rows.categories.push_back(random.Below(bound));
  }
  for (int r = 0; r < count; ++r) {
    for (int task = 0; task < graph.tasks(); ++task) {
      const float label = RandomLabel(graph, task, random);
      rows.labels.push_back(random.Uniform(0, 1) < missing ? kMissing : label);
    }
  }
  return rows;
}

}  // namespace support

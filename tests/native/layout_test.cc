// The flat arrays: what lies where, what a new network holds, and reading and writing any part.
#include "support/compare.h"
#include "support/data.h"
#include "support/example_graphs.h"
#include "support/network.h"

namespace {

using reference::Graph;
using reference::NodeKind;
using reference::Tensor;
using support::Network;
using support::SameBits;

// Interleaves the owners, so that the order of the nodes is not that of the layout.
Graph InterleavedGraph() {
  Graph graph;
  const int dense = graph.DenseInput(3);
  const int categorical = graph.CategoricalInput(1);
  const int trunk = graph.Linear(dense, 7, MTL_SHARED);
  const int head_1 = graph.Linear(trunk, 2, 1);
  const int head_0 = graph.LayerNorm(trunk, 1e-5f, 0);
  const int more = graph.Concatenate({trunk, graph.Embedding(categorical, 0, 4, 5, MTL_SHARED)});
  const int deep = graph.LayerNorm(graph.Linear(more, 3, MTL_SHARED, false), 1e-5f, MTL_SHARED);
  graph.Output(graph.Linear(head_0, 1, 0));
  graph.Output(graph.Linear(head_1, 2, 1), {.kind = MTL_SOFTMAX_CROSS_ENTROPY});
  graph.Output(graph.Activation(graph.Linear(graph.Concatenate({deep, deep}), 1, 2), MTL_TANH));
  graph.Output(graph.Add(graph.Linear(deep, 1, 3), graph.Embedding(categorical, 0, 4, 1, 3)));
  return graph;
}

struct Shape {
  int node, role, owner, rows, columns;
  auto operator<=>(const Shape&) const = default;
};

std::vector<Shape> ExpectedShapes(const Graph& graph) {
  std::vector<Shape> shapes;
  for (int n = 0; n < static_cast<int>(graph.nodes.size()); ++n) {
    const reference::Node& node = graph.nodes[n];
    const int in = node.inputs.empty() ? 0 : graph.width(node.inputs[0]);
    if (node.kind == NodeKind::kLinear) {
      shapes.push_back({n, MTL_ROLE_WEIGHT, node.owner, node.width, in});
      if (node.bias) shapes.push_back({n, MTL_ROLE_BIAS, node.owner, 1, node.width});
    } else if (node.kind == NodeKind::kLayerNorm) {
      shapes.push_back({n, MTL_ROLE_WEIGHT, node.owner, 1, node.width});
      shapes.push_back({n, MTL_ROLE_BIAS, node.owner, 1, node.width});
    } else if (node.kind == NodeKind::kEmbedding) {
      shapes.push_back({n, MTL_ROLE_TABLE, node.owner, node.categories, node.width});
    }
  }
  return shapes;
}

struct NamedGraph {
  const char* name;
  Graph graph;

  friend void PrintTo(const NamedGraph& named, std::ostream* out) { *out << named.name; }
};

class LayoutTest : public testing::TestWithParam<NamedGraph> {
 protected:
  LayoutTest() : context_(support::MakeContext()), network_(context_.get(), GetParam().graph, 10) {}

  support::Context context_;
  Network network_;
};

TEST_P(LayoutTest, NamesEveryTensorOnceWithItsShape) {
  std::vector<Shape> actual;
  for (const Tensor& t : network_.layout().tensors) {
    actual.push_back({t.node, t.role, t.owner, t.rows, t.columns});
  }
  std::sort(actual.begin(), actual.end());
  std::vector<Shape> expected = ExpectedShapes(GetParam().graph);
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(actual, expected);
}

TEST_P(LayoutTest, SlicesFollowOneAnotherAndHoldTheirTensors) {
  const reference::Layout& layout = network_.layout();
  int64_t end = 0;
  for (const reference::Slice& slice : layout.slices) {
    if (slice.count == 0) continue;
    EXPECT_GE(slice.offset, end);
    end = slice.offset + slice.count;
  }
  EXPECT_LE(end, layout.parameters);
  int64_t last = 0;
  for (const Tensor& tensor : layout.tensors) {
    EXPECT_GE(tensor.offset, last) << "not in the order of the layout, or overlapping";
    last = tensor.offset + tensor.size();
    const reference::Slice& slice = layout.Of(tensor.owner);
    EXPECT_GE(tensor.offset, slice.offset);
    EXPECT_LE(last, slice.offset + slice.count);
  }
}

TEST_P(LayoutTest, ANewNetworkHasNoMomentsStepsTotalsOrAffinity) {
  const auto expect_cleared = [&] {
    for (mtl_buffer buffer : {MTL_BUFFER_FIRST_MOMENT, MTL_BUFFER_SECOND_MOMENT}) {
      for (float v : network_.Read(buffer)) EXPECT_EQ(v, 0);
    }
    const size_t tasks = network_.tasks();
    EXPECT_EQ(network_.Steps(), std::vector<int64_t>(tasks + 1, 0));
    EXPECT_EQ(network_.Affinity().first, std::vector<double>(tasks * tasks, 0.0));
    EXPECT_EQ(network_.Affinity().second, std::vector<int64_t>(tasks * tasks, 0));
    EXPECT_EQ(network_.TakeLossTotals().second, std::vector<int64_t>(tasks, 0));
  };
  expect_cleared();
  network_.ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 0.5f);
  const support::Dataset dataset =
      support::MakeDataset(context_.get(), support::RandomRows(network_.graph(), 10, 121));
  network_.Begin(dataset, support::Indices(10));
  network_.Update({.tasks = {0, 1}});
  network_.Measure();
  EXPECT_OK(mtl_network_initialize(network_.get(), 9));
  expect_cleared();
}

// The padding between tensors reads as zero, whatever is written over it.
TEST_P(LayoutTest, AnyPartCanBeWrittenAndReadBack) {
  support::Random random(122);
  const int64_t total = network_.layout().parameters;
  std::vector<bool> padding(static_cast<size_t>(total), true);
  for (const Tensor& tensor : network_.layout().tensors) {
    std::fill_n(padding.begin() + tensor.offset, tensor.size(), false);
  }
  for (mtl_buffer buffer : {MTL_BUFFER_PARAMETERS, MTL_BUFFER_FIRST_MOMENT, MTL_BUFFER_SECOND_MOMENT}) {
    std::vector<float> model = network_.Read(buffer);
    for (int round = 0; round < 20; ++round) {
      const int64_t offset = random.Below(static_cast<int>(total));
      const int64_t count = 1 + random.Below(static_cast<int>(total - offset));
      const std::vector<float> part = random.Floats(static_cast<size_t>(count), -1, 1);
      network_.Write(buffer, part, offset);
      for (int64_t i = 0; i < count; ++i) model[offset + i] = padding[offset + i] ? 0 : part[i];
      const auto start = model.begin() + offset;
      EXPECT_TRUE(SameBits(network_.ReadRange(buffer, offset, static_cast<size_t>(count)),
                           std::vector<float>(start, start + count)));
    }
    EXPECT_TRUE(SameBits(network_.Read(buffer), model));
  }
}

TEST_P(LayoutTest, StepCountsCanBeWrittenAndReadBack) {
  std::vector<int64_t> counts(network_.tasks() + 1);
  std::iota(counts.begin(), counts.end(), int64_t{5'000'000'000});
  EXPECT_OK(mtl_network_write_step_counts(network_.get(), counts.data()));
  EXPECT_EQ(network_.Steps(), counts);
}

TEST_P(LayoutTest, DescribesItself) {
  const mtl_network_info& info = network_.info();
  int outputs = 0;
  for (const auto& output : network_.graph().outputs) outputs += network_.graph().width(output.prediction);
  EXPECT_EQ(info.tasks, network_.tasks());
  EXPECT_EQ(info.outputs, outputs);
  EXPECT_EQ(info.max_batch, 10);
  EXPECT_EQ(info.parameter_tensors, static_cast<int>(ExpectedShapes(GetParam().graph).size()));
  // At least the four flat arrays.
  EXPECT_GE(info.memory_bytes, 4 * 4 * info.parameters);
}

INSTANTIATE_TEST_SUITE_P(Graphs, LayoutTest,
                         testing::Values(NamedGraph{"Interleaved", InterleavedGraph()},
                                         NamedGraph{"FourTasks", support::FourTaskGraph()},
                                         NamedGraph{"TwoRegressions", support::RegressionGraph(2)}),
                         [](const auto& info) { return info.param.name; });

// Mean and variance of the initial values, each within five deviations of its own estimate.
void ExpectMoments(const std::vector<float>& values, double mean, double variance, double kurtosis) {
  const double n = static_cast<double>(values.size());
  double sum = 0;
  double squares = 0;
  for (float v : values) sum += v;
  for (float v : values) squares += (v - mean) * (v - mean);
  EXPECT_TRUE(std::abs(sum / n - mean) <= 5 * std::sqrt(variance / n)) << sum / n;
  EXPECT_TRUE(std::abs(squares / n - variance) <= 5 * variance * std::sqrt((kurtosis - 1) / n))
      << squares / n;
}

TEST(InitialParameters, FollowTheDocumentedDistributions) {
  Graph graph;
  const int categorical = graph.CategoricalInput(1);
  const int table = graph.Embedding(categorical, 0, 100, 50, MTL_SHARED);
  const int linear = graph.Linear(table, 400, MTL_SHARED);
  const int norm = graph.LayerNorm(linear, 1e-5f, MTL_SHARED);
  graph.Output(graph.Linear(norm, 1, 0));
  const support::Context context = support::MakeContext();
  const Network network(context.get(), graph, 4, 17);
  const auto values = [&](int node, mtl_parameter_role role) {
    const Tensor& tensor = network.layout().Find(node, role);
    return network.ReadRange(MTL_BUFFER_PARAMETERS, tensor.offset, static_cast<size_t>(tensor.size()));
  };
  ExpectMoments(values(table, MTL_ROLE_TABLE), 0, 1, 3);
  const double bound = 1 / std::sqrt(50.0);
  for (mtl_parameter_role role : {MTL_ROLE_WEIGHT, MTL_ROLE_BIAS}) {
    const std::vector<float> uniform = values(linear, role);
    ExpectMoments(uniform, 0, bound * bound / 3, 1.8);
    const auto [least, greatest] = std::minmax_element(uniform.begin(), uniform.end());
    EXPECT_TRUE(*least >= -1.000001 * bound && *least < -0.97 * bound) << *least;
    EXPECT_TRUE(*greatest <= 1.000001 * bound && *greatest > 0.97 * bound) << *greatest;
  }
  for (float v : values(norm, MTL_ROLE_WEIGHT)) EXPECT_EQ(v, 1);
  for (float v : values(norm, MTL_ROLE_BIAS)) EXPECT_EQ(v, 0);
}

}  // namespace

// The same seed gives the same bits; another seed, or another number of threads, what it should.
#include "support/compare.h"
#include "support/data.h"
#include "support/example_graphs.h"
#include "support/network.h"

namespace {

using reference::Graph;
using support::Close;
using support::Network;
using support::SameBits;

// Wide enough for the work to be shared among threads.
Graph WideGraph() {
  Graph graph;
  const int dense = graph.DenseInput(33);
  const int categorical = graph.CategoricalInput(1);
  const int joined = graph.Concatenate({dense, graph.Embedding(categorical, 0, 12, 7, MTL_SHARED)});
  int trunk = graph.Activation(graph.Linear(joined, 130, MTL_SHARED), MTL_GELU);
  trunk = graph.Dropout(graph.LayerNorm(trunk, 1e-5f, MTL_SHARED), 0.1f);
  trunk = graph.Activation(graph.Linear(trunk, 129, MTL_SHARED), MTL_RELU);
  graph.Output(graph.Linear(trunk, 1, 0));
  graph.Output(graph.Linear(trunk, 5, 1), {.kind = MTL_SOFTMAX_CROSS_ENTROPY});
  graph.Output(graph.Linear(trunk, 1, 2), {.kind = MTL_BINARY_CROSS_ENTROPY});
  return graph;
}

struct Outcome {
  std::vector<float> parameters;
  std::vector<float> first;
  std::vector<float> second;
  std::vector<double> affinity;
  std::vector<double> loss_sums;
  std::vector<float> predictions;
  std::vector<double> evaluation;
};

Outcome Train(int threads, uint64_t seed) {
  const Graph graph = WideGraph();
  const support::Context context = support::MakeContext(threads);
  const reference::Rows rows = support::RandomRows(graph, 300, 111, 0.1);
  const support::Dataset dataset = support::MakeDataset(context.get(), rows);
  Network network(context.get(), graph, 128, seed);
  network.Configure({.kind = MTL_SGD, .momentum = 0.9f, .clip_norm = 1.0f});
  network.ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 0.1f);
  for (int batch = 0; batch < 12; ++batch) {
    network.Begin(dataset, support::Indices(batch % 3 ? 128 : 77, 11 * batch), static_cast<uint64_t>(batch));
    network.Update({.tasks = {0, 2}});
    network.Update({.tasks = {1}});
    network.Measure();
  }
  const std::vector<double> sums = network.TakeLossTotals().first;
  return {network.Read(MTL_BUFFER_PARAMETERS),
          network.Read(MTL_BUFFER_FIRST_MOMENT),
          network.Read(MTL_BUFFER_SECOND_MOMENT),
          network.Affinity().first,
          sums,
          network.Predict(rows),
          network.Evaluate(dataset, support::Indices(300)).first};
}

TEST(Determinism, OneSeedGivesTheSameBits) {
  for (int threads : {1, 2}) {
    const Outcome one = Train(threads, 3);
    const Outcome other = Train(threads, 3);
    EXPECT_TRUE(SameBits(other.parameters, one.parameters));
    EXPECT_TRUE(SameBits(other.first, one.first));
    EXPECT_TRUE(SameBits(other.second, one.second));
    EXPECT_TRUE(SameBits(other.affinity, one.affinity));
    EXPECT_TRUE(SameBits(other.loss_sums, one.loss_sums));
    EXPECT_TRUE(SameBits(other.predictions, one.predictions));
    EXPECT_TRUE(SameBits(other.evaluation, one.evaluation));
  }
}

TEST(Determinism, AnotherSeedGivesAnotherNetwork) {
  const Outcome one = Train(1, 3);
  const Outcome other = Train(1, 4);
  EXPECT_FALSE(Close(other.parameters, one.parameters, 0.01, 0));
  EXPECT_FALSE(SameBits(other.affinity, one.affinity));
}

TEST(Determinism, ThreadsAgreeToRounding) {
  const Outcome one = Train(1, 3);
  for (int threads : {2, 3}) {
    const Outcome other = Train(threads, 3);
    EXPECT_TRUE(Close(other.parameters, one.parameters, 1e-5));
    EXPECT_TRUE(Close(other.loss_sums, one.loss_sums, 1e-5));
    EXPECT_TRUE(Close(other.predictions, one.predictions, 1e-5));
    EXPECT_TRUE(Close(other.evaluation, one.evaluation, 1e-5));
  }
}

TEST(Determinism, InitialParametersDependOnTheSeedAlone) {
  const Graph graph = WideGraph();
  const support::Context one = support::MakeContext(1);
  const support::Context two = support::MakeContext(2);
  const std::vector<float> expected = Network(one.get(), graph, 8, 5).Read(MTL_BUFFER_PARAMETERS);
  EXPECT_TRUE(SameBits(Network(two.get(), graph, 8, 5).Read(MTL_BUFFER_PARAMETERS), expected)) << "threads";
  EXPECT_TRUE(SameBits(Network(one.get(), graph, 200, 5).Read(MTL_BUFFER_PARAMETERS), expected)) << "batch";
  EXPECT_FALSE(SameBits(Network(one.get(), graph, 8, 6).Read(MTL_BUFFER_PARAMETERS), expected)) << "seed";

  Network network(one.get(), graph, 8, 6);
  EXPECT_OK(mtl_network_initialize(network.get(), 5));
  EXPECT_TRUE(SameBits(network.Read(MTL_BUFFER_PARAMETERS), expected)) << "initialised anew";
}

// Rows of one batch do not see each other: a prediction is the same alone and in company, to rounding.
TEST(Determinism, APredictionDoesNotDependOnTheOtherRows) {
  const Graph graph = WideGraph();
  const support::Context context = support::MakeContext(2);
  Network network(context.get(), graph, 64, 5);
  const reference::Rows rows = support::RandomRows(graph, 150, 112);
  const std::vector<float> all = network.Predict(rows);
  for (int r : {0, 63, 64, 149}) {
    const std::vector<float> alone = network.Predict(rows.Select({r}));
    const auto start = all.begin() + static_cast<int64_t>(r) * network.info().outputs;
    EXPECT_TRUE(Close(alone, std::vector<float>(start, start + network.info().outputs), 1e-5)) << r;
  }
}

}  // namespace

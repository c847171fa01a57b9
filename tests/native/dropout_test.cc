// Dropout: what the mask is keyed by, its statistics, and training with it.
#include "support/dropout_mask.h"
#include "support/example_graphs.h"
#include "support/lockstep.h"

namespace {

using reference::Graph;
using reference::Matrix;
using reference::Rows;
using support::Network;
using support::ObserveDropoutMask;

class DropoutTest : public testing::Test {
 protected:
  DropoutTest() : context_(support::MakeContext()) {}

  // Elements in which two masks of one shape differ.
  static int Differences(const Matrix& a, const Matrix& b) {
    int count = 0;
    for (size_t i = 0; i < a.values.size(); ++i) count += (a.values[i] == 0) != (b.values[i] == 0);
    return count;
  }

  support::Context context_;
};

TEST_F(DropoutTest, KeepsTheRightShareAndScalesIt) {
  constexpr int kRows = 48;
  constexpr int kWidth = 65;
  for (const float p : {0.1f, 0.25f, 0.5f, 0.9f}) {
    const Matrix mask = ObserveDropoutMask(context_.get(), 1, kWidth, p, 5, 3, kRows);
    int kept = 0;
    for (double factor : mask.values) {
      EXPECT_TRUE(factor == 0 || std::abs(factor * (1 - p) - 1) <= 1e-5) << factor << " at p = " << p;
      kept += factor != 0;
    }
    const double count = kRows * kWidth;
    const double deviation = std::sqrt(count * p * (1 - p));
    EXPECT_TRUE(std::abs(kept - count * (1 - p)) <= 4 * deviation) << kept << " kept at p = " << p;
  }
}

TEST_F(DropoutTest, IsIndependentFromElementToElement) {
  constexpr int kRows = 48;
  constexpr int kWidth = 64;
  const Matrix mask = ObserveDropoutMask(context_.get(), 1, kWidth, 0.5f, 6, 3, kRows);
  // Agreements with the element some places on are as likely as not: along a row, down a column, and at the
  // distances that a defective counter would repeat at.
  for (int distance : {1, 2, 3, 4, 5, 8, 16, 32, kWidth, 2 * kWidth, 4 * kWidth, 8 * kWidth}) {
    const int pairs = kRows * kWidth - distance;
    int equal = 0;
    for (int i = 0; i < pairs; ++i) equal += (mask.values[i] == 0) == (mask.values[i + distance] == 0);
    EXPECT_TRUE(std::abs(equal - pairs / 2.0) <= 4 * std::sqrt(pairs / 4.0))
        << equal << " of " << pairs << " at distance " << distance;
  }
}

TEST_F(DropoutTest, IsKeyedBySeedBatchAndNode) {
  constexpr int kRows = 12;
  constexpr int kWidth = 40;
  const auto mask = [&](int node, uint64_t seed, uint64_t batch) {
    return ObserveDropoutMask(context_.get(), node, kWidth, 0.5f, seed, batch, kRows);
  };
  const Matrix base = mask(2, 7, 11);
  EXPECT_EQ(Differences(base, mask(2, 7, 11)), 0);
  const uint64_t high = uint64_t{1} << 40;
  for (const Matrix& other : {mask(2, 7, 12), mask(2, 8, 11), mask(3, 7, 11), mask(2, 11, 7),
                              mask(2, 7 + high, 11), mask(2, 7, 11 + high)}) {
    const int differences = Differences(base, other);
    EXPECT_GT(differences, kRows * kWidth * 2 / 5);
    EXPECT_LT(differences, kRows * kWidth * 3 / 5);
  }
}

TEST_F(DropoutTest, DoesNotDependOnTheThreads) {
  const support::Context two = support::MakeContext(2);
  const Matrix a = ObserveDropoutMask(context_.get(), 1, 70, 0.3f, 9, 2, 33);
  const Matrix b = ObserveDropoutMask(two.get(), 1, 70, 0.3f, 9, 2, 33);
  EXPECT_EQ(Differences(a, b), 0);
}

// A trunk of dropout, linear, GELU, dropout, and a head with dropout of its own.
Graph DropoutGraph(float p) {
  Graph graph;
  const int input = graph.Dropout(graph.DenseInput(6), p);
  const int hidden = graph.Activation(graph.Linear(input, 5, MTL_SHARED), MTL_GELU);
  const int trunk = graph.Dropout(hidden, p);
  graph.Output(graph.Linear(trunk, 1, 0));
  graph.Output(
      graph.Linear(graph.Dropout(graph.Activation(graph.Linear(trunk, 4, 1), MTL_TANH), p / 2), 3, 1),
      {.kind = MTL_SOFTMAX_CROSS_ENTROPY});
  graph.Output(graph.Linear(trunk, 1, 2), {.kind = MTL_BINARY_CROSS_ENTROPY});
  return graph;
}

TEST_F(DropoutTest, GroupsOfOneBatchSeeTheSameMask) {
  const Graph graph = DropoutGraph(0.4f);
  Network network(context_.get(), graph, 16);
  const support::Dataset dataset = support::MakeDataset(context_.get(), support::RandomRows(graph, 16, 101));
  network.Begin(dataset, support::Indices(16), 1);
  network.Measure();
  const std::vector<double> losses = network.Losses();
  for (int task : {2, 0, 1}) {
    network.Update({.tasks = {task}, .shared_rate = 0, .head_rate = 0});
    EXPECT_EQ(network.Losses(), losses);
  }
  network.Measure();
  EXPECT_EQ(network.Losses(), losses);
  network.Begin(dataset, support::Indices(16), 1);
  network.Measure();
  EXPECT_EQ(network.Losses(), losses) << "the same batch index again";
  network.Begin(dataset, support::Indices(16), 2);
  network.Measure();
  EXPECT_NE(network.Losses(), losses) << "another batch index";
}

TEST_F(DropoutTest, IsTheIdentityOutsideTraining) {
  const Graph graph = DropoutGraph(0.6f);
  Network network(context_.get(), graph, 16);
  const std::vector<double> parameters = support::RandomizeParameters(network, 102);
  const Rows rows = support::RandomRows(graph, 40, 103);
  const support::Dataset dataset = support::MakeDataset(context_.get(), rows);
  const std::vector<double> expected = reference::Forward(graph, network.layout()).Outputs(parameters, rows);
  EXPECT_TRUE(support::Close(network.Predict(rows), expected, 1e-5));
  EXPECT_TRUE(support::Close(network.PredictRows(dataset, support::Indices(40)), expected, 1e-5));
  const reference::DropoutMasks no_masks;
  const reference::Objective objective(graph, network.layout(), rows, no_masks);
  const std::vector<reference::LossSum> sums = objective.Losses(parameters);
  const auto [actual, weights] = network.Evaluate(dataset, support::Indices(40));
  EXPECT_TRUE(support::Close(actual, std::vector<double>{sums[0].sum, sums[1].sum, sums[2].sum}, 1e-5));
}

TEST_F(DropoutTest, TrainingAgreesWithTheReferenceUnderTheSameMasks) {
  constexpr uint64_t kSeed = 1;
  const Graph graph = DropoutGraph(0.3f);
  support::Lockstep pair(context_.get(), graph, 9, support::RandomRows(graph, 40, 104, 0.2));
  pair.Configure({.kind = MTL_ADAM});
  pair.ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 0.1f);
  support::Random random(105);
  for (uint64_t batch = 0; batch < 25; ++batch) {
    std::vector<int32_t> indices(batch % 5 == 4 ? 4 : 9);
    for (int32_t& i : indices) i = random.Below(40);
    reference::DropoutMasks masks;
    for (int n = 0; n < static_cast<int>(graph.nodes.size()); ++n) {
      const reference::Node& node = graph.nodes[n];
      if (node.kind != reference::NodeKind::kDropout) continue;
      masks[n] = ObserveDropoutMask(context_.get(), n, node.width, node.probability, kSeed, batch,
                                    static_cast<int>(indices.size()));
    }
    pair.Begin(indices, batch, masks);
    pair.Update({.tasks = {1}});
    pair.Update({.tasks = {2, 0}});
    pair.Measure();
    if (HasFailure()) FAIL() << "batch " << batch;
  }
  pair.CompareState(1e-4);
  pair.CompareAffinity(1e-4);
}

}  // namespace

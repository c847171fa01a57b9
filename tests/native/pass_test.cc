// The ways a pass can run give the same training: on one thread (which other tests hold to the reference),
// with several threads row block by row block, and with several threads layer by layer. Networks large enough
// to be cut.
#include "support/compare.h"
#include "support/data.h"
#include "support/example_graphs.h"
#include "support/parameters.h"

namespace {

using reference::Graph;
using support::Close;
using support::Network;

constexpr int kRows = 161;  // not a multiple of anything a batch is cut by
constexpr int kTasks = 6;

struct Outcome {
  std::vector<float> parameters, gradients, second;
  std::vector<double> losses, affinity;
};

// Layer by layer is what a network for large batches does.
Outcome Train(const Graph& graph, int threads, int max_batch) {
  const support::Context context = support::MakeContext(threads);
  Network network(context.get(), graph, max_batch);
  support::RandomizeParameters(network, 17);
  network.Configure({.kind = MTL_ADAM, .weight_decay = 0.01f, .clip_norm = 2.0f});
  network.ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 0.1f);
  const support::Dataset data = support::MakeDataset(context.get(), support::RandomRows(graph, 400, 5, 0.3));
  Outcome outcome;
  for (int batch = 0; batch < 4; ++batch) {
    network.Begin(data, support::Indices(kRows, 50 * batch), static_cast<uint64_t>(batch));
    for (const std::vector<int>& group : {std::vector<int>{0, 2, 4}, {1}, {3, 5}}) {
      network.Update({.tasks = group, .all_losses = batch != 2});
      for (double loss : network.Losses()) {
        if (!std::isnan(loss)) outcome.losses.push_back(loss);
      }
    }
    network.Measure();
  }
  const int32_t everyone[] = {0, 1, 2, 3, 4, 5};
  network.Begin(data, support::Indices(kRows, 30), 9);
  EXPECT_OK(mtl_network_gradients(network.get(), everyone, kTasks, MTL_REDUCTION_MEAN));
  outcome.gradients = network.Read(MTL_BUFFER_GRADIENTS);
  outcome.parameters = network.Read(MTL_BUFFER_PARAMETERS);
  outcome.second = network.Read(MTL_BUFFER_SECOND_MOMENT);
  outcome.affinity = network.Affinity().first;
  return outcome;
}

struct Way {
  int threads;
  int max_batch;
};

class PassTest : public testing::TestWithParam<std::tuple<mtl_activation, Way>> {};

TEST_P(PassTest, GivesTheSameTraining) {
  const auto [kind, way] = GetParam();
  const Graph graph = support::WideGraph(kind);
  const Outcome expected = Train(graph, 1, kRows);
  const Outcome actual = Train(graph, way.threads, way.max_batch);
  ASSERT_EQ(expected.losses.size(), actual.losses.size());
  EXPECT_TRUE(Close(actual.losses, expected.losses, 1e-5));
  EXPECT_TRUE(Close(actual.gradients, expected.gradients, 1e-5));
  EXPECT_TRUE(Close(actual.parameters, expected.parameters, 1e-5));
  EXPECT_TRUE(Close(actual.second, expected.second, 1e-5));
  EXPECT_TRUE(Close(actual.affinity, expected.affinity, 1e-3));
}

std::string NameOf(const testing::TestParamInfo<PassTest::ParamType>& info) {
  static const char* const names[] = {"Relu", "Gelu", "GeluTanh", "Silu", "Tanh", "Sigmoid"};
  const auto [kind, way] = info.param;
  return std::string(names[kind]) + "_" + std::to_string(way.threads) +
         (way.max_batch > kRows ? "_ByLayers" : "_ByRows");
}

INSTANTIATE_TEST_SUITE_P(EveryWay, PassTest,
                         testing::Combine(testing::Values(MTL_RELU, MTL_GELU, MTL_GELU_TANH, MTL_SILU,
                                                          MTL_TANH, MTL_SIGMOID),
                                          testing::Values(Way{1, 20000}, Way{2, kRows}, Way{4, kRows},
                                                          Way{2, 20000}, Way{4, 20000})),
                         NameOf);

}  // namespace

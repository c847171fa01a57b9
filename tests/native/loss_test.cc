// Every loss: values, gradients, masks and evaluation against the double-precision reference.
#include "support/compare.h"
#include "support/data.h"
#include "support/loss_cases.h"
#include "support/parameters.h"

namespace {

using reference::Graph;
using reference::LossSum;
using reference::Objective;
using reference::Rows;
using support::Close;
using support::CloseOrUndefined;
using support::LossCase;
using support::Network;

constexpr int kMaxBatch = 33;
constexpr int kDatasetRows = 80;

Graph LossGraph(const LossCase& loss) {
  Graph graph;
  const int trunk = graph.Activation(graph.Linear(graph.DenseInput(5), 6, MTL_SHARED), MTL_TANH);
  graph.Output(graph.Linear(trunk, loss.width, 0), loss.loss);
  graph.Output(graph.Linear(trunk, 1, 1), {.kind = MTL_MEAN_SQUARE, .weight = 0.5f});
  return graph;
}

std::vector<double> Means(const std::vector<LossSum>& sums) {
  std::vector<double> means;
  for (const LossSum& sum : sums) means.push_back(sum.mean());
  return means;
}

std::vector<int64_t> Elements(const Network& network, const std::vector<int>& owners) {
  std::vector<int64_t> elements;
  for (const reference::Tensor& tensor : network.layout().tensors) {
    if (std::find(owners.begin(), owners.end(), tensor.owner) == owners.end()) continue;
    for (int64_t i = 0; i < tensor.size(); ++i) elements.push_back(tensor.offset + i);
  }
  return elements;
}

class LossTest : public testing::TestWithParam<std::tuple<LossCase, double>> {
 protected:
  LossTest()
      : context_(support::MakeContext()),
        network_(context_.get(), LossGraph(std::get<0>(GetParam())), kMaxBatch),
        parameters_(support::RandomizeParameters(network_, 21)),
        rows_(support::RandomRows(network_.graph(), kDatasetRows, 22, std::get<1>(GetParam()))),
        dataset_(support::MakeDataset(context_.get(), rows_)) {}

  // Batches of several sizes, over all of the dataset.
  std::vector<std::vector<int32_t>> Batches() const {
    std::vector<std::vector<int32_t>> batches;
    for (int first = 0; first < 6; ++first) batches.push_back({first});
    for (int count : {2, 5, 17, kMaxBatch}) batches.push_back(support::Indices(count, 80 - count));
    return batches;
  }

  support::Context context_;
  Network network_;
  std::vector<double> parameters_;
  Rows rows_;
  support::Dataset dataset_;
  const reference::DropoutMasks no_masks_;
};

TEST_P(LossTest, ValuesAgreeWithTheReference) {
  for (const std::vector<int32_t>& batch : Batches()) {
    network_.Begin(dataset_, batch);
    network_.Measure();
    const Rows rows = rows_.Select(batch);
    const Objective objective(network_.graph(), network_.layout(), rows, no_masks_);
    const std::vector<double> expected = Means(objective.Losses(parameters_));
    EXPECT_TRUE(CloseOrUndefined(network_.Losses(), expected, 1e-5)) << batch.size() << " rows";
  }
}

TEST_P(LossTest, GradientsAgreeWithCentralDifferences) {
  for (const std::vector<int32_t>& batch : Batches()) {
    network_.Begin(dataset_, batch);
    const Rows rows = rows_.Select(batch);
    const Objective objective(network_.graph(), network_.layout(), rows, no_masks_);
    for (const std::vector<int>& group : {std::vector<int>{0}, {0, 1}}) {
      for (mtl_group_reduction reduction : {MTL_REDUCTION_SUM, MTL_REDUCTION_MEAN}) {
        std::vector<int> owners = reference::Participants(objective.Losses(parameters_), group);
        if (owners.empty()) continue;
        const std::vector<float> all = network_.Gradients(group, reduction);
        owners.push_back(MTL_SHARED);
        const Objective::Derivatives expected =
            objective.Differentiate(parameters_, group, reduction, Elements(network_, owners));
        std::vector<float> actual;
        for (int64_t element : expected.elements) actual.push_back(all[element]);
        EXPECT_TRUE(Close(actual, expected.values, 1e-4, 0.4)) << batch.size() << " rows";
        EXPECT_LE(expected.dropped, 5);
      }
    }
  }
}

TEST_P(LossTest, EvaluationSumsOverAnyNumberOfRows) {
  for (int count : {1, 2, kMaxBatch, kMaxBatch + 1, kDatasetRows}) {
    const std::vector<int32_t> indices = support::Indices(count, kDatasetRows - count);
    const Rows rows = rows_.Select(indices);
    const Objective objective(network_.graph(), network_.layout(), rows, no_masks_);
    const std::vector<LossSum> expected = objective.Losses(parameters_);
    const auto [sums, weights] = network_.Evaluate(dataset_, indices);
    for (int task = 0; task < network_.tasks(); ++task) {
      EXPECT_TRUE(std::abs(sums[task] - expected[task].sum) <= 2e-5 * std::abs(expected[task].sum))
          << "task " << task << ", " << count << " rows: " << sums[task] << " for " << expected[task].sum;
      EXPECT_TRUE(std::abs(weights[task] - expected[task].weight) <= 1e-6 * expected[task].weight)
          << "task " << task << ", " << count << " rows: " << weights[task] << " for "
          << expected[task].weight;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryLossWithAndWithoutMissingLabels, LossTest,
                         testing::Combine(testing::ValuesIn(support::LossCases()), testing::Values(0.0, 0.4)),
                         [](const auto& info) {
                           return std::get<0>(info.param).name +
                                  (std::get<1>(info.param) > 0 ? "_MissingLabels" : "_AllLabels");
                         });

// A network whose only output is a weight times a feature, so that predictions can be any number.
class ExtremeLossTest : public testing::TestWithParam<LossCase> {};

TEST_P(ExtremeLossTest, StaysFiniteAtExtremePredictions) {
  const LossCase& loss = GetParam();
  Graph graph;
  graph.Output(graph.Linear(graph.DenseInput(1), loss.width, MTL_SHARED, false), loss.loss);
  const support::Context context = support::MakeContext();
  Network network(context.get(), graph, 8);
  for (const float size : {30.0f, 90.0f, 1e4f, 1e6f}) {
    std::vector<float> weights = network.Read(MTL_BUFFER_PARAMETERS);
    for (int c = 0; c < loss.width; ++c) weights[c] = (c % 2 ? -1.0f : 1.0f) * size;
    network.Write(MTL_BUFFER_PARAMETERS, weights);
    Rows rows{4, 1, 0, 1, {1, -1, 1, -1}, {}, {0, 0, 1, 1}};
    if (loss.loss.ignore_index == 1) rows.labels = {0, 0, 2, 2};
    const support::Dataset dataset = support::MakeDataset(context.get(), rows);
    network.Begin(dataset, support::Indices(4));
    const std::vector<float> gradients = network.Gradients({0});
    for (int c = 0; c < loss.width; ++c) EXPECT_TRUE(std::isfinite(gradients[c])) << size;
    network.Measure();

    const reference::DropoutMasks no_masks;
    const Objective objective(network.graph(), network.layout(), rows, no_masks);
    const std::vector<double> expected =
        Means(objective.Losses(std::vector<double>(weights.begin(), weights.end())));
    EXPECT_TRUE(Close(network.Losses(), expected, 1e-5)) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(EveryLoss, ExtremeLossTest, testing::ValuesIn(support::LossCases()),
                         [](const auto& info) { return info.param.name; });

TEST(LossKink, GradientOfTheAbsoluteErrorAtZeroLiesBetweenItsSides) {
  Graph graph;
  graph.Output(graph.Linear(graph.DenseInput(1), 1, 0, false), {.kind = MTL_MEAN_ABSOLUTE});
  const support::Context context = support::MakeContext();
  Network network(context.get(), graph, 4);
  std::vector<float> weights = network.Read(MTL_BUFFER_PARAMETERS);
  weights[network.layout().Find(1, MTL_ROLE_WEIGHT).offset] = 0.5f;
  network.Write(MTL_BUFFER_PARAMETERS, weights);
  const support::Dataset dataset = support::MakeDataset(context.get(), Rows{1, 1, 0, 1, {1}, {}, {0.5f}});
  network.Begin(dataset, {0});
  const float gradient = network.Gradients({0})[network.layout().Find(1, MTL_ROLE_WEIGHT).offset];
  EXPECT_TRUE(std::abs(gradient) <= 1) << gradient;
}

}  // namespace

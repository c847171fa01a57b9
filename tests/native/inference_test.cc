// Predictions and evaluation: any number of rows, poisoned outputs, and what they do to the batch in
// progress.
#include "support/compare.h"
#include "support/data.h"
#include "support/example_graphs.h"
#include "support/parameters.h"

namespace {

using reference::Graph;
using reference::Rows;
using support::Close;
using support::Guarded;
using support::Network;
using support::SameBits;

constexpr int kMaxBatch = 16;
constexpr int kRows = 3 * kMaxBatch + 5;

class InferenceTest : public testing::Test {
 protected:
  InferenceTest()
      : context_(support::MakeContext()),
        network_(context_.get(), support::FourTaskGraph(), kMaxBatch),
        parameters_(support::RandomizeParameters(network_, 131)),
        rows_(support::RandomRows(network_.graph(), kRows, 132, 0.2)),
        dataset_(support::MakeDataset(context_.get(), rows_)) {}

  support::Context context_;
  Network network_;
  std::vector<double> parameters_;
  Rows rows_;
  support::Dataset dataset_;
};

TEST_F(InferenceTest, PredictsAnyNumberOfRows) {
  for (int count : {1, 2, kMaxBatch - 1, kMaxBatch, kMaxBatch + 1, 2 * kMaxBatch, kRows}) {
    const Rows some = rows_.Select(support::Indices(count));
    const std::vector<double> expected =
        reference::Forward(network_.graph(), network_.layout()).Outputs(parameters_, some);
    EXPECT_TRUE(Close(network_.Predict(some), expected, 1e-5)) << count;
  }
}

TEST_F(InferenceTest, PredictsRowsOfADatasetInTheOrderAsked) {
  support::Random random(133);
  for (int count : {1, kMaxBatch, kRows, 4 * kRows}) {
    std::vector<int32_t> indices(count);
    for (int32_t& i : indices) i = random.Below(kRows);
    EXPECT_TRUE(SameBits(network_.PredictRows(dataset_, indices), network_.Predict(rows_.Select(indices))));
  }
}

TEST_F(InferenceTest, ZeroRowsWriteNothing) {
  Guarded<float> out(4);
  EXPECT_OK(mtl_network_predict(network_.get(), rows_.dense.data(), rows_.categories.data(), 0, out.data()));
  EXPECT_TRUE(out.Unwritten());
}

TEST_F(InferenceTest, PredictionsFollowTheParameters) {
  const std::vector<float> before = network_.Predict(rows_);
  network_.Begin(dataset_, support::Indices(kMaxBatch));
  network_.Update({.tasks = {0, 1, 2, 3}, .shared_rate = 0.05f, .head_rate = 0.05f});
  const std::vector<float> parameters = network_.Read(MTL_BUFFER_PARAMETERS);
  const std::vector<float> after = network_.Predict(rows_);
  EXPECT_FALSE(Close(after, before, 1e-4));
  const std::vector<double> expected =
      reference::Forward(network_.graph(), network_.layout())
          .Outputs(std::vector<double>(parameters.begin(), parameters.end()), rows_);
  EXPECT_TRUE(Close(after, expected, 1e-5));
}

TEST_F(InferenceTest, EndsTheCurrentBatch) {
  const auto expect_ended = [&](const char* call) {
    EXPECT_TRUE(
        support::FailedWith(MTL_INVALID_STATE, mtl_network_measure(network_.get()), {"mtl_network_measure"}))
        << call;
  };
  network_.Begin(dataset_, support::Indices(3));
  network_.Predict(rows_);
  expect_ended("predict");
  network_.Begin(dataset_, support::Indices(3));
  network_.PredictRows(dataset_, {0});
  expect_ended("predict_rows");
  network_.Begin(dataset_, support::Indices(3));
  network_.Evaluate(dataset_, {0});
  expect_ended("evaluate");
}

TEST_F(InferenceTest, NeitherPredictionNorEvaluationChangesTheNetwork) {
  network_.ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 0.5f);
  network_.Begin(dataset_, support::Indices(kMaxBatch));
  network_.Update({.tasks = {0, 1}});
  network_.Update({.tasks = {2, 3}});
  const mtl_buffer buffers[] = {MTL_BUFFER_PARAMETERS, MTL_BUFFER_FIRST_MOMENT, MTL_BUFFER_SECOND_MOMENT};
  std::vector<std::vector<float>> before;
  for (mtl_buffer buffer : buffers) before.push_back(network_.Read(buffer));
  const auto affinity = network_.Affinity();
  const std::vector<int64_t> steps = network_.Steps();
  network_.Predict(rows_);
  network_.Evaluate(dataset_, support::Indices(kRows));
  for (size_t i = 0; i < before.size(); ++i) EXPECT_TRUE(SameBits(network_.Read(buffers[i]), before[i]));
  EXPECT_EQ(network_.Affinity(), affinity);
  EXPECT_EQ(network_.Steps(), steps);
  EXPECT_EQ(network_.TakeLossTotals().second, std::vector<int64_t>(4, 1)) << "evaluation counted as a batch";
}

TEST_F(InferenceTest, EvaluationOfRowsWithoutLabelsHasNoWeight) {
  Rows rows = rows_;
  for (int r = 0; r < kRows; ++r) rows.labels[r * 4 + 2] = support::kMissing;
  const auto [sums, weights] =
      network_.Evaluate(support::MakeDataset(context_.get(), rows), support::Indices(kRows));
  EXPECT_EQ(sums[2], 0);
  EXPECT_EQ(weights[2], 0);
  EXPECT_GT(weights[0], 0);
}

// One task's predictions must not leak into another's columns at any width.
TEST_F(InferenceTest, OutputsLieInTaskOrder) {
  Graph graph;
  const int trunk = graph.Linear(graph.DenseInput(2), 3, MTL_SHARED);
  const int last = graph.Linear(trunk, 9, 2);
  const int first = graph.Linear(trunk, 5, 0);
  const int middle = graph.Linear(trunk, 1, 1);
  graph.Output(first, {.kind = MTL_SOFTMAX_CROSS_ENTROPY});
  graph.Output(middle);
  graph.Output(last, {.kind = MTL_SOFTMAX_CROSS_ENTROPY});
  Network network(context_.get(), graph, 7);
  const std::vector<double> parameters = support::RandomizeParameters(network, 134);
  const Rows rows = support::RandomRows(graph, 20, 135);
  EXPECT_EQ(network.info().outputs, 15);
  EXPECT_TRUE(Close(network.Predict(rows),
                    reference::Forward(graph, network.layout()).Outputs(parameters, rows), 1e-5));
}

TEST_F(InferenceTest, NetworksOfCategoriesAloneAndOfNumbersAlone) {
  Graph categories;
  const int codes = categories.CategoricalInput(2);
  categories.Output(categories.Linear(categories.Embedding(codes, 0, 3, 4, MTL_SHARED), 1, 0));
  Network one(context_.get(), categories, 7);
  const Rows coded = support::RandomRows(categories, 20, 136);
  const std::vector<double> one_parameters = support::RandomizeParameters(one, 137);
  EXPECT_TRUE(Close(one.Predict(coded),
                    reference::Forward(categories, one.layout()).Outputs(one_parameters, coded), 1e-5));

  const Graph numbers = support::RegressionGraph(2);
  Network other(context_.get(), numbers, 7);
  const Rows dense = support::RandomRows(numbers, 20, 138);
  const std::vector<double> other_parameters = support::RandomizeParameters(other, 139);
  EXPECT_TRUE(Close(other.Predict(dense),
                    reference::Forward(numbers, other.layout()).Outputs(other_parameters, dense), 1e-5));
}

TEST_F(InferenceTest, RowsCanBeWrittenInParts) {
  mtl_dataset_options options;
  mtl_dataset_options_init(&options);
  options.features = rows_.features;
  options.categorical_columns = rows_.columns;
  options.tasks = rows_.tasks;
  options.rows = kRows;
  mtl_dataset* raw = nullptr;
  ASSERT_OK(mtl_dataset_create(context_.get(), &options, &raw));
  const support::Dataset parts(raw);
  for (int first : {20, 0, 10, 30}) {
    const int count = first == 30 ? kRows - 30 : 10;
    EXPECT_OK(mtl_dataset_set_features(raw, first, count, &rows_.dense[first * rows_.features]));
    EXPECT_OK(mtl_dataset_set_categories(raw, first, count, &rows_.categories[first * rows_.columns]));
    EXPECT_OK(mtl_dataset_set_labels(raw, first, count, &rows_.labels[first * rows_.tasks]));
  }
  const std::vector<int32_t> all = support::Indices(kRows);
  EXPECT_TRUE(SameBits(network_.PredictRows(parts, all), network_.PredictRows(dataset_, all)));
  EXPECT_EQ(network_.Evaluate(parts, all), network_.Evaluate(dataset_, all));
}

TEST_F(InferenceTest, ANewDatasetHasZerosAndNoLabels) {
  Rows zeros = rows_;
  std::fill(zeros.dense.begin(), zeros.dense.end(), 0.0f);
  std::fill(zeros.categories.begin(), zeros.categories.end(), 0);
  mtl_dataset_options options;
  mtl_dataset_options_init(&options);
  options.features = rows_.features;
  options.categorical_columns = rows_.columns;
  options.tasks = rows_.tasks;
  options.rows = kRows;
  mtl_dataset* raw = nullptr;
  ASSERT_OK(mtl_dataset_create(context_.get(), &options, &raw));
  const support::Dataset fresh(raw);
  const std::vector<int32_t> all = support::Indices(kRows);
  EXPECT_TRUE(SameBits(network_.PredictRows(fresh, all), network_.Predict(zeros)));
  EXPECT_EQ(network_.Evaluate(fresh, all).second, std::vector<double>(4, 0.0));
}

}  // namespace

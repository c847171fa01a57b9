// Values that data can hold and a network cannot use: found before anything is changed, or carried through
// openly.
#include "support/compare.h"
#include "support/data.h"
#include "support/example_graphs.h"
#include "support/network.h"

namespace {

using reference::Graph;
using reference::Rows;
using support::FailedWith;
using support::Guarded;
using support::Network;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

class BadDataTest : public testing::Test {
 protected:
  BadDataTest()
      : context_(support::MakeContext()),
        network_(context_.get(), support::FourTaskGraph(), 8),
        rows_(support::RandomRows(network_.graph(), 8, 171)) {}

  // The batch, and the evaluation, are refused for the row that holds the bad value, and allowed without it.
  void ExpectRefused(const Rows& rows, int bad_row, const std::vector<std::string>& words) {
    const support::Dataset dataset = support::MakeDataset(context_.get(), rows);
    std::vector<int32_t> all = support::Indices(8);
    EXPECT_TRUE(FailedWith(MTL_INVALID_ARGUMENT,
                           mtl_network_begin_batch(network_.get(), dataset.get(), all.data(), 8, 0), words));
    Guarded<double> sums(4);
    Guarded<double> weights(4);
    EXPECT_TRUE(FailedWith(
        MTL_INVALID_ARGUMENT,
        mtl_network_evaluate(network_.get(), dataset.get(), all.data(), 8, sums.data(), weights.data()),
        words));
    EXPECT_TRUE(sums.Unwritten());
    EXPECT_TRUE(weights.Unwritten());
    all.erase(all.begin() + bad_row);
    network_.Begin(dataset, all);
    network_.Update({.tasks = {0, 1, 2, 3}});
    for (double loss : network_.Losses()) EXPECT_TRUE(std::isfinite(loss));
  }

  support::Context context_;
  Network network_;
  Rows rows_;
};

TEST_F(BadDataTest, ACodeOutsideItsTable) {
  for (int32_t bad : {-1, 3, 2147483647, -2147483647 - 1}) {
    Rows rows = rows_;
    rows.categories[5 * 2 + 1] = bad;
    ExpectRefused(rows, 5, {"categor", "3"});
    Guarded<float> out(8 * network_.info().outputs);
    EXPECT_TRUE(FailedWith(
        MTL_INVALID_ARGUMENT,
        mtl_network_predict(network_.get(), rows.dense.data(), rows.categories.data(), 8, out.data()),
        {"mtl_network_predict", "categor"}));
    const support::Dataset dataset = support::MakeDataset(context_.get(), rows);
    const int32_t row = 5;
    EXPECT_EQ(mtl_network_predict_rows(network_.get(), dataset.get(), &row, 1, out.data()),
              MTL_INVALID_ARGUMENT);
  }
  // A column that no embedding reads may hold anything.
  Rows rows = rows_;
  rows.categories[5 * 2] = 1000;
  network_.Begin(support::MakeDataset(context_.get(), rows), support::Indices(8));
}

TEST_F(BadDataTest, AClassThatDoesNotExist) {
  for (float bad : {3.0f, -1.0f, 1.5f, 1e30f, -1e30f}) {
    Rows rows = rows_;
    rows.labels[2 * 4 + 2] = bad;
    ExpectRefused(rows, 2, {"label"});
  }
}

TEST_F(BadDataTest, ABinaryLabelOutsideZeroAndOne) {
  for (float bad : {-0.25f, 1.5f, 2.0f}) {
    Rows rows = rows_;
    rows.labels[4 * 4 + 1] = bad;
    ExpectRefused(rows, 4, {"label"});
  }
}

// One such label would turn every parameter into NaN.
TEST_F(BadDataTest, AnInfiniteLabelOfARegression) {
  for (int task : {0, 3}) {
    for (float bad : {kInfinity, -kInfinity}) {
      Rows rows = rows_;
      rows.labels[6 * 4 + task] = bad;
      ExpectRefused(rows, 6, {"label"});
    }
  }
}

TEST_F(BadDataTest, AFeatureThatIsNoNumberSpoilsItsOwnRowAlone) {
  const std::vector<float> clean = network_.Predict(rows_);
  for (float bad : {support::kMissing, kInfinity}) {
    Rows rows = rows_;
    rows.dense[3 * rows.features + 1] = bad;
    const int outputs = network_.info().outputs;
    Guarded<float> out(8 * outputs);
    const mtl_status status =
        mtl_network_predict(network_.get(), rows.dense.data(), rows.categories.data(), 8, out.data());
    if (status != MTL_OK) {
      EXPECT_TRUE(FailedWith(MTL_INVALID_ARGUMENT, status, {"mtl_network_predict", "features"}));
      EXPECT_TRUE(out.Unwritten());
      continue;
    }
    const std::vector<float> values = out.values();
    for (int i = 0; i < 8 * outputs; ++i) {
      if (i / outputs == 3) continue;
      EXPECT_TRUE(std::abs(values[i] - clean[i]) <= 1e-6) << i;
    }
  }
}

TEST_F(BadDataTest, ALossThatIsNotFiniteIsReportedSo) {
  std::vector<float> parameters = network_.Read(MTL_BUFFER_PARAMETERS);
  const int head = network_.graph().outputs[0].prediction;
  parameters[network_.layout().Find(head, MTL_ROLE_BIAS).offset] = support::kMissing;
  network_.Write(MTL_BUFFER_PARAMETERS, parameters);
  network_.Begin(support::MakeDataset(context_.get(), rows_), support::Indices(8));
  network_.Update({.tasks = {1}});
  const auto [sums, batches] = network_.TakeLossTotals();
  EXPECT_FALSE(std::isfinite(sums[0]));
  EXPECT_EQ(batches[0], 1);
  EXPECT_TRUE(std::isfinite(sums[1]));
}

}  // namespace

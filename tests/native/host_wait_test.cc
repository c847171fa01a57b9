// On a device with memory of its own: a batch never waits for it, and is decided as where the host sees all.
#include <functional>

#include "support/compare.h"
#include "support/data.h"
#include "support/example_graphs.h"
#include "support/network.h"
#include "support/waiting_backend.h"

namespace {

using reference::Rows;
using support::Network;

constexpr int kRows = 40;

class HostWaitTest : public testing::Test {
 protected:
  HostWaitTest()
      : device_(support::MakeWaitingContext(waits_)),
        host_(support::MakeContext()),
        network_(device_.get(), support::FourTaskGraph(), 16),
        twin_(host_.get(), support::FourTaskGraph(), 16),
        rows_(support::RandomRows(network_.graph(), kRows, 31, 0.3)) {}

  void SetUp() override {
    if (support::OnCuda()) GTEST_SKIP() << "the device that counts is the processor, and so must be its twin";
  }

  template <typename Body>
  int64_t WaitsOf(const Body& body) {
    const int64_t before = waits_;
    body();
    return waits_ - before;
  }

  // body(network, data set) on the device and on the host.
  void OnBoth(const std::function<void(Network&, const support::Dataset&)>& body) {
    body(network_, support::MakeDataset(device_.get(), rows_));
    body(twin_, support::MakeDataset(host_.get(), rows_));
  }

  int64_t waits_ = 0;
  support::Context device_;
  support::Context host_;
  Network network_;
  Network twin_;
  Rows rows_;
};

// Selective updates with affinity, clipping, and missing labels.
void Train(Network& network, const support::Dataset& dataset) {
  const std::vector<std::vector<int32_t>> groups = {{2}, {0, 3}, {1}, {0, 1, 2, 3}};
  for (int batch = 0; batch < 6; ++batch) {
    network.Begin(dataset, support::Indices(batch % 2 ? 16 : 7, 4 * batch), static_cast<uint64_t>(batch));
    for (const std::vector<int32_t>& group : groups) {
      network.Update({.tasks = group, .shared_rate = 0.05f, .head_rate = 0.1f});
    }
    network.StepWeighted({3, 0, 1}, {0.5, 2, 1}, {1, 1, 0.25}, 0.02f, 0.05f);
    network.Measure();
    EXPECT_OK(mtl_network_request_affinity(network.get()));
  }
}

TEST_F(HostWaitTest, IsCounted) {
  const support::Dataset dataset = support::MakeDataset(device_.get(), rows_);
  network_.Begin(dataset, support::Indices(8));
  network_.Measure();
  EXPECT_EQ(WaitsOf([&] { network_.Losses(); }), 1);
}

TEST_F(HostWaitTest, ASelectiveBatchMakesNone) {
  for (Network* network : {&network_, &twin_}) {
    network->Configure({.kind = MTL_ADAMW, .weight_decay = 0.01f, .clip_norm = 1.0f});
    network->ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 0.1f);
  }
  const support::Dataset dataset = support::MakeDataset(device_.get(), rows_);
  EXPECT_EQ(WaitsOf([&] { Train(network_, dataset); }), 0);

  Train(twin_, support::MakeDataset(host_.get(), rows_));
  EXPECT_TRUE(support::SameBits(network_.Read(MTL_BUFFER_PARAMETERS), twin_.Read(MTL_BUFFER_PARAMETERS)));
  EXPECT_TRUE(support::SameBits(network_.Affinity().first, twin_.Affinity().first));
  EXPECT_EQ(network_.Affinity().second, twin_.Affinity().second);
  EXPECT_EQ(network_.TakeLossTotals(), twin_.TakeLossTotals());
}

// Each waits once for what it hands out, however many rows and chunks there are.
TEST_F(HostWaitTest, AnEvaluationMakesOne) {
  const support::Dataset dataset = support::MakeDataset(device_.get(), rows_);
  EXPECT_EQ(WaitsOf([&] { network_.Evaluate(dataset, support::Indices(kRows)); }), 1);
  EXPECT_EQ(network_.Evaluate(dataset, support::Indices(kRows)),
            twin_.Evaluate(support::MakeDataset(host_.get(), rows_), support::Indices(kRows)));
}

// Parts of a batch have labels of their own, with class weights.
TEST_F(HostWaitTest, GradientsOfHalvesMakeOne) {
  std::vector<std::vector<double>> products;
  OnBoth([&](Network& network, const support::Dataset& dataset) {
    network.ConfigureGradients(2);
    network.Begin(dataset, support::Indices(16, 3));
    const int64_t waits = WaitsOf([&] {
      products.push_back(network.TaskGradients({0, 1, 2, 3}, {.parts = 2}));
    });
    EXPECT_EQ(waits, &network == &network_ ? 1 : 0);
  });
  EXPECT_TRUE(support::SameBits(products[0], products[1]));
}

// Rows set anew count as they are now.
TEST_F(HostWaitTest, RowsAreRefusedInTheSameWords) {
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<std::function<void(Rows&)>> spoilers = {
      [&](Rows& rows) { rows.dense[5 * 3 + 2] = -infinity; },
      [&](Rows& rows) { rows.dense[5 * 3 + 1] = support::kMissing; },
      [&](Rows& rows) { rows.categories[6 * 2 + 1] = 3; },
      [&](Rows& rows) { rows.categories[5 * 2 + 1] = -7; },
      [&](Rows& rows) { rows.labels[4 * 4 + 2] = 1.5f; },
      [&](Rows& rows) { rows.labels[6 * 4 + 1] = 2; },
      [&](Rows& rows) { rows.labels[5 * 4 + 0] = infinity; },
      [&](Rows& rows) {  // features come first, then codes
        rows.labels[4 * 4 + 2] = -1;
        rows.categories[4 * 2 + 1] = 9;
        rows.dense[6 * 3] = infinity;
      }};
  const std::vector<int32_t> batch = {7, 6, 5, 4};
  for (const auto& spoil : spoilers) {
    const Rows good = rows_;
    spoil(rows_);
    std::vector<std::string> texts;
    OnBoth([&](Network& network, const support::Dataset& dataset) {
      EXPECT_EQ(mtl_network_begin_batch(network.get(), dataset.get(), batch.data(), 4, 0),
                MTL_INVALID_ARGUMENT);
      texts.push_back(mtl_last_error());
      EXPECT_OK(mtl_dataset_set_features(dataset.get(), 4, 3, good.dense.data() + 4 * 3));
      EXPECT_OK(mtl_dataset_set_categories(dataset.get(), 4, 3, good.categories.data() + 4 * 2));
      EXPECT_OK(mtl_dataset_set_labels(dataset.get(), 4, 3, good.labels.data() + 4 * 4));
      network.Begin(dataset, batch);
    });
    EXPECT_EQ(texts[0], texts[1]);
    EXPECT_NE(texts[0].find("must be"), std::string::npos) << texts[0];
    rows_ = good;
  }
}

}  // namespace

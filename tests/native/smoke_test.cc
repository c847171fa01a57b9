// A first look through the C interface: a small network learns, and heads outside the group stay as they are.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "mtl/mtl.h"

namespace {

class Smoke : public ::testing::Test {
 protected:
  static constexpr int32_t kTasks = 3, kFeatures = 5, kRows = 40, kBatch = 16;

  void SetUp() override {
    ASSERT_EQ(mtl_context_create(nullptr, &context_), MTL_OK) << mtl_last_error();
    mtl_graph* graph = nullptr;
    ASSERT_EQ(mtl_graph_create(kTasks, &graph), MTL_OK);
    int32_t node = 0;
    ASSERT_EQ(mtl_graph_dense_input(graph, kFeatures, &node), MTL_OK);
    ASSERT_EQ(mtl_graph_linear(graph, node, 24, 1, MTL_SHARED, &node), MTL_OK);
    ASSERT_EQ(mtl_graph_activation(graph, node, MTL_TANH, &node), MTL_OK);
    mtl_loss_options loss;
    mtl_loss_options_init(&loss);
    for (int32_t k = 0; k < kTasks; ++k) {
      int32_t head = 0;
      ASSERT_EQ(mtl_graph_linear(graph, node, 1, 1, k, &head), MTL_OK);
      ASSERT_EQ(mtl_graph_loss(graph, k, head, &loss), MTL_OK);
    }
    mtl_compile_options compile;
    mtl_compile_options_init(&compile);
    compile.max_batch = kBatch;
    ASSERT_EQ(mtl_network_compile(context_, graph, &compile, &network_), MTL_OK) << mtl_last_error();
    mtl_graph_destroy(graph);

    mtl_dataset_options data;
    mtl_dataset_options_init(&data);
    data.features = kFeatures;
    data.tasks = kTasks;
    data.rows = kRows;
    ASSERT_EQ(mtl_dataset_create(context_, &data, &dataset_), MTL_OK) << mtl_last_error();
    std::vector<float> features(kRows * kFeatures), labels(kRows * kTasks);
    for (int i = 0; i < kRows; ++i) {
      for (int j = 0; j < kFeatures; ++j)
        features[i * kFeatures + j] = std::sin(0.7f * i + 1.3f * j * (i + 1));
      const float* x = &features[i * kFeatures];
      labels[i * kTasks] = x[0] - 0.5f * x[1];
      labels[i * kTasks + 1] = x[2] * 0.3f + 0.1f;
      labels[i * kTasks + 2] = i % 3 == 0 ? NAN : x[3] + x[4];
    }
    ASSERT_EQ(mtl_dataset_set_features(dataset_, 0, kRows, features.data()), MTL_OK);
    ASSERT_EQ(mtl_dataset_set_labels(dataset_, 0, kRows, labels.data()), MTL_OK);
    for (int i = 0; i < kRows; ++i) rows_.push_back(i);
  }

  void TearDown() override {
    mtl_context_destroy(context_);
    mtl_dataset_destroy(dataset_);
    mtl_network_destroy(network_);
  }

  std::vector<float> Parameters(int32_t owner) {
    int64_t offset = 0, count = 0;
    EXPECT_EQ(mtl_network_slice(network_, owner, &offset, &count), MTL_OK);
    std::vector<float> values(static_cast<size_t>(count));
    EXPECT_EQ(mtl_network_read(network_, MTL_BUFFER_PARAMETERS, offset, count, values.data()), MTL_OK);
    return values;
  }

  mtl_context* context_ = nullptr;
  mtl_dataset* dataset_ = nullptr;
  mtl_network* network_ = nullptr;
  std::vector<int32_t> rows_;
};

TEST_F(Smoke, JointTrainingLowersEveryLoss) {
  mtl_update_options update;
  mtl_update_options_init(&update);
  update.shared_learning_rate = update.head_learning_rate = 0.01f;
  const int32_t all[] = {0, 1, 2};
  std::vector<double> before(kTasks), weights(kTasks), after(kTasks);
  ASSERT_EQ(mtl_network_evaluate(network_, dataset_, rows_.data(), kRows, before.data(), weights.data()),
            MTL_OK);
  for (int step = 0; step < 300; ++step) {
    const int first = (step * kBatch) % (kRows - kBatch);
    ASSERT_EQ(mtl_network_begin_batch(network_, dataset_, rows_.data() + first, kBatch, step), MTL_OK);
    ASSERT_EQ(mtl_network_update_group(network_, all, kTasks, &update), MTL_OK) << mtl_last_error();
  }
  ASSERT_EQ(mtl_network_evaluate(network_, dataset_, rows_.data(), kRows, after.data(), weights.data()),
            MTL_OK);
  for (int k = 0; k < kTasks; ++k) EXPECT_LT(after[k], 0.3 * before[k]) << "task " << k;
  EXPECT_EQ(weights[2], 26);
}

TEST_F(Smoke, HeadsOutsideTheGroupStayBitForBit) {
  mtl_update_options update;
  mtl_update_options_init(&update);
  update.shared_learning_rate = update.head_learning_rate = 0.01f;
  ASSERT_EQ(mtl_network_begin_batch(network_, dataset_, rows_.data(), 7, 0), MTL_OK);
  const std::vector<float> shared = Parameters(MTL_SHARED), head0 = Parameters(0), head1 = Parameters(1);
  const int32_t group[] = {1};
  ASSERT_EQ(mtl_network_update_group(network_, group, 1, &update), MTL_OK) << mtl_last_error();
  EXPECT_NE(Parameters(MTL_SHARED), shared);
  EXPECT_NE(Parameters(1), head1);
  EXPECT_EQ(Parameters(0), head0);
}

TEST_F(Smoke, FailuresNameTheArgument) {
  const int32_t row = kRows;
  EXPECT_EQ(mtl_network_begin_batch(network_, dataset_, &row, 1, 0), MTL_INVALID_ARGUMENT);
  EXPECT_STREQ(mtl_last_error(), "mtl_network_begin_batch: rows[0] must be in [0, 40), but is 40");
  EXPECT_EQ(mtl_network_measure(network_), MTL_INVALID_STATE);
}

}  // namespace

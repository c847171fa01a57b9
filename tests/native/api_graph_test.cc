// The rules of building a graph, each broken once: nothing is added, and the text says what was expected.
#include <limits>

#include "support/handles.h"

namespace {

using support::FailedWith;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr int32_t kHuge = std::numeric_limits<int32_t>::max();
constexpr int32_t kLeast = std::numeric_limits<int32_t>::min();

class GraphRulesTest : public testing::Test {
 protected:
  GraphRulesTest() {
    mtl_graph* raw = nullptr;
    EXPECT_OK(mtl_graph_create(3, &raw));
    handle_.reset(raw);
    graph_ = raw;
    EXPECT_OK(mtl_graph_dense_input(graph_, 4, &dense_));
    EXPECT_OK(mtl_graph_categorical_input(graph_, 2, &codes_));
    EXPECT_OK(mtl_graph_linear(graph_, dense_, 5, 1, MTL_SHARED, &trunk_));
    EXPECT_OK(mtl_graph_linear(graph_, trunk_, 5, 1, 0, &head_0_));
    EXPECT_OK(mtl_graph_linear(graph_, trunk_, 5, 1, 1, &head_1_));
  }

  void Refused(const char* function, const char* argument, mtl_status status) {
    EXPECT_TRUE(FailedWith(MTL_INVALID_ARGUMENT, status, {function, argument}))
        << function << ", " << argument;
    EXPECT_EQ(out_, -7) << function << " wrote its output on failure";
  }

  support::GraphHandle handle_;
  mtl_graph* graph_ = nullptr;
  int32_t dense_ = -1, codes_ = -1, trunk_ = -1, head_0_ = -1, head_1_ = -1;
  int32_t out_ = -7;
};

TEST_F(GraphRulesTest, Creation) {
  mtl_graph* out = nullptr;
  for (int32_t bad : {0, -1, kLeast}) Refused("mtl_graph_create", "tasks", mtl_graph_create(bad, &out));
  EXPECT_EQ(out, nullptr);
  Refused("mtl_graph_create", "out_graph", mtl_graph_create(1, nullptr));
}

TEST_F(GraphRulesTest, NullGraphsAndOutputs) {
  const int32_t inputs[] = {trunk_};
  Refused("mtl_graph_dense_input", "graph", mtl_graph_dense_input(nullptr, 1, &out_));
  Refused("mtl_graph_categorical_input", "graph", mtl_graph_categorical_input(nullptr, 1, &out_));
  Refused("mtl_graph_linear", "graph", mtl_graph_linear(nullptr, trunk_, 1, 1, -1, &out_));
  Refused("mtl_graph_activation", "graph", mtl_graph_activation(nullptr, trunk_, MTL_RELU, &out_));
  Refused("mtl_graph_layer_norm", "graph", mtl_graph_layer_norm(nullptr, trunk_, 1e-5f, -1, &out_));
  Refused("mtl_graph_dropout", "graph", mtl_graph_dropout(nullptr, trunk_, 0.5f, &out_));
  Refused("mtl_graph_embedding", "graph", mtl_graph_embedding(nullptr, codes_, 0, 2, 2, -1, &out_));
  Refused("mtl_graph_concatenate", "graph", mtl_graph_concatenate(nullptr, inputs, 1, &out_));
  Refused("mtl_graph_add", "graph", mtl_graph_add(nullptr, trunk_, trunk_, &out_));
  Refused("mtl_graph_node_width", "graph", mtl_graph_node_width(nullptr, 0, &out_));

  Refused("mtl_graph_linear", "out_node", mtl_graph_linear(graph_, trunk_, 1, 1, -1, nullptr));
  Refused("mtl_graph_activation", "out_node", mtl_graph_activation(graph_, trunk_, MTL_RELU, nullptr));
  Refused("mtl_graph_layer_norm", "out_node", mtl_graph_layer_norm(graph_, trunk_, 1e-5f, -1, nullptr));
  Refused("mtl_graph_dropout", "out_node", mtl_graph_dropout(graph_, trunk_, 0.5f, nullptr));
  Refused("mtl_graph_embedding", "out_node", mtl_graph_embedding(graph_, codes_, 0, 2, 2, -1, nullptr));
  Refused("mtl_graph_concatenate", "out_node", mtl_graph_concatenate(graph_, inputs, 1, nullptr));
  Refused("mtl_graph_add", "out_node", mtl_graph_add(graph_, trunk_, trunk_, nullptr));
  Refused("mtl_graph_node_width", "out_width", mtl_graph_node_width(graph_, 0, nullptr));
  // Nothing was added by any of them.
  EXPECT_OK(mtl_graph_activation(graph_, trunk_, MTL_RELU, &out_));
  EXPECT_EQ(out_, 5);
}

TEST_F(GraphRulesTest, NodesThatDoNotExist) {
  mtl_loss_options loss;
  mtl_loss_options_init(&loss);
  for (int32_t bad : {-1, 5, kHuge, kLeast}) {
    const int32_t inputs[] = {trunk_, bad};
    Refused("mtl_graph_linear", "input", mtl_graph_linear(graph_, bad, 1, 1, -1, &out_));
    Refused("mtl_graph_activation", "input", mtl_graph_activation(graph_, bad, MTL_RELU, &out_));
    Refused("mtl_graph_layer_norm", "input", mtl_graph_layer_norm(graph_, bad, 1e-5f, -1, &out_));
    Refused("mtl_graph_dropout", "input", mtl_graph_dropout(graph_, bad, 0.5f, &out_));
    Refused("mtl_graph_embedding", "input", mtl_graph_embedding(graph_, bad, 0, 2, 2, -1, &out_));
    Refused("mtl_graph_concatenate", "inputs", mtl_graph_concatenate(graph_, inputs, 2, &out_));
    Refused("mtl_graph_add", "left", mtl_graph_add(graph_, bad, trunk_, &out_));
    Refused("mtl_graph_add", "right", mtl_graph_add(graph_, trunk_, bad, &out_));
    Refused("mtl_graph_node_width", "node", mtl_graph_node_width(graph_, bad, &out_));
    Refused("mtl_graph_loss", "prediction", mtl_graph_loss(graph_, 0, bad, &loss));
  }
}

TEST_F(GraphRulesTest, CodesAreReadByEmbeddingsOnly) {
  const int32_t inputs[] = {trunk_, codes_};
  Refused("mtl_graph_linear", "input", mtl_graph_linear(graph_, codes_, 1, 1, -1, &out_));
  Refused("mtl_graph_activation", "input", mtl_graph_activation(graph_, codes_, MTL_RELU, &out_));
  Refused("mtl_graph_layer_norm", "input", mtl_graph_layer_norm(graph_, codes_, 1e-5f, -1, &out_));
  Refused("mtl_graph_dropout", "input", mtl_graph_dropout(graph_, codes_, 0.5f, &out_));
  Refused("mtl_graph_concatenate", "inputs", mtl_graph_concatenate(graph_, inputs, 2, &out_));
  Refused("mtl_graph_add", "left", mtl_graph_add(graph_, codes_, codes_, &out_));
  Refused("mtl_graph_embedding", "input", mtl_graph_embedding(graph_, dense_, 0, 2, 2, -1, &out_));
}

TEST_F(GraphRulesTest, SizesAndRanges) {
  for (int32_t bad : {0, -1, kLeast}) {
    Refused("mtl_graph_linear", "out_features", mtl_graph_linear(graph_, trunk_, bad, 1, -1, &out_));
    Refused("mtl_graph_embedding", "categories", mtl_graph_embedding(graph_, codes_, 0, bad, 2, -1, &out_));
    Refused("mtl_graph_embedding", "width", mtl_graph_embedding(graph_, codes_, 0, 2, bad, -1, &out_));
    const int32_t inputs[] = {trunk_};
    Refused("mtl_graph_concatenate", "count", mtl_graph_concatenate(graph_, inputs, bad, &out_));
  }
  Refused("mtl_graph_concatenate", "inputs", mtl_graph_concatenate(graph_, nullptr, 1, &out_));
  for (int32_t bad : {-1, 2, kHuge, kLeast}) {
    Refused("mtl_graph_embedding", "column", mtl_graph_embedding(graph_, codes_, bad, 2, 2, -1, &out_));
  }
  for (int32_t bad : {-1, 2}) {
    Refused("mtl_graph_linear", "bias", mtl_graph_linear(graph_, trunk_, 1, bad, -1, &out_));
  }
  for (int32_t bad : {-1, 6, kHuge}) {
    Refused("mtl_graph_activation", "kind",
            mtl_graph_activation(graph_, trunk_, static_cast<mtl_activation>(bad), &out_));
  }
  for (float bad : {-0.1f, 1.0f, 1.5f, kNan, kInfinity}) {
    Refused("mtl_graph_dropout", "probability", mtl_graph_dropout(graph_, trunk_, bad, &out_));
  }
  for (float bad : {-1e-5f, kNan, kInfinity}) {
    Refused("mtl_graph_layer_norm", "epsilon", mtl_graph_layer_norm(graph_, trunk_, bad, -1, &out_));
  }
  Refused("mtl_graph_add", "right", mtl_graph_add(graph_, trunk_, dense_, &out_));
}

TEST_F(GraphRulesTest, InputsComeOnce) {
  EXPECT_NE(mtl_graph_dense_input(graph_, 4, &out_), MTL_OK);
  EXPECT_NE(mtl_graph_categorical_input(graph_, 2, &out_), MTL_OK);
  EXPECT_EQ(out_, -7);
  mtl_graph* raw = nullptr;
  ASSERT_OK(mtl_graph_create(1, &raw));
  const support::GraphHandle fresh(raw);
  for (int32_t bad : {0, -1, kLeast}) {
    Refused("mtl_graph_dense_input", "features", mtl_graph_dense_input(raw, bad, &out_));
    Refused("mtl_graph_categorical_input", "columns", mtl_graph_categorical_input(raw, bad, &out_));
  }
}

TEST_F(GraphRulesTest, OwnersDoNotMix) {
  for (int32_t bad : {-2, 3, kHuge, kLeast}) {
    Refused("mtl_graph_linear", "owner", mtl_graph_linear(graph_, trunk_, 1, 1, bad, &out_));
    Refused("mtl_graph_layer_norm", "owner", mtl_graph_layer_norm(graph_, trunk_, 1e-5f, bad, &out_));
    Refused("mtl_graph_embedding", "owner", mtl_graph_embedding(graph_, codes_, 0, 2, 2, bad, &out_));
  }
  const int32_t two_tasks[] = {head_0_, trunk_, head_1_};
  EXPECT_EQ(mtl_graph_concatenate(graph_, two_tasks, 3, &out_), MTL_INVALID_ARGUMENT);
  EXPECT_EQ(mtl_graph_add(graph_, head_0_, head_1_, &out_), MTL_INVALID_ARGUMENT);
  // Shared parameters, or another task's, behind a task's.
  for (int32_t owner : {MTL_SHARED, 1}) {
    Refused("mtl_graph_linear", "owner", mtl_graph_linear(graph_, head_0_, 1, 1, owner, &out_));
    Refused("mtl_graph_layer_norm", "owner", mtl_graph_layer_norm(graph_, head_0_, 1e-5f, owner, &out_));
  }
  EXPECT_OK(mtl_graph_add(graph_, head_0_, trunk_, &out_)) << "the trunk with one task is no mixture";
}

class LossRulesTest : public GraphRulesTest {
 protected:
  template <typename Set>
  void RefusedOption(const char* field, int32_t prediction, Set set) {
    mtl_loss_options options;
    mtl_loss_options_init(&options);
    set(options);
    Refused("mtl_graph_loss", field, mtl_graph_loss(graph_, 0, prediction, &options));
  }
};

TEST_F(LossRulesTest, TasksAndPredictions) {
  int32_t narrow_0 = -1;
  int32_t narrow_1 = -1;
  ASSERT_OK(mtl_graph_linear(graph_, head_0_, 1, 1, 0, &narrow_0));
  ASSERT_OK(mtl_graph_linear(graph_, head_1_, 1, 1, 1, &narrow_1));
  mtl_loss_options options;
  mtl_loss_options_init(&options);
  Refused("mtl_graph_loss", "graph", mtl_graph_loss(nullptr, 0, narrow_0, &options));
  Refused("mtl_graph_loss", "options", mtl_graph_loss(graph_, 0, narrow_0, nullptr));
  for (int32_t bad : {-1, 3, kHuge, kLeast}) {
    Refused("mtl_graph_loss", "task", mtl_graph_loss(graph_, bad, narrow_0, &options));
  }
  Refused("mtl_graph_loss", "prediction", mtl_graph_loss(graph_, 0, narrow_1, &options));
  Refused("mtl_graph_loss", "prediction", mtl_graph_loss(graph_, 0, head_0_, &options));
  Refused("mtl_graph_loss", "prediction", mtl_graph_loss(graph_, 0, codes_, &options));
  options.kind = MTL_SOFTMAX_CROSS_ENTROPY;
  Refused("mtl_graph_loss", "prediction", mtl_graph_loss(graph_, 0, narrow_0, &options));
  EXPECT_OK(mtl_graph_loss(graph_, 0, head_0_, &options));
  EXPECT_NE(mtl_graph_loss(graph_, 0, head_0_, &options), MTL_OK) << "a task has one loss";
}

TEST_F(LossRulesTest, Options) {
  int32_t narrow = -1;
  ASSERT_OK(mtl_graph_linear(graph_, head_0_, 1, 1, 0, &narrow));
  for (int32_t bad : {-1, 5, kHuge}) RefusedOption("kind", narrow, [&](auto& o) { o.kind = bad; });
  for (float bad : {-0.5f, kNan, kInfinity})
    RefusedOption("weight", narrow, [&](auto& o) { o.weight = bad; });
  for (float bad : {0.0f, -1.0f, kNan, kInfinity}) {
    RefusedOption("huber_delta", narrow, [&](auto& o) {
      o.kind = MTL_HUBER;
      o.huber_delta = bad;
    });
    RefusedOption("positive_weight", narrow, [&](auto& o) {
      o.kind = MTL_BINARY_CROSS_ENTROPY;
      o.positive_weight = bad;
    });
  }
  const auto softmax = [&](const char* field, auto set) {
    RefusedOption(field, head_0_, [&](auto& o) {
      o.kind = MTL_SOFTMAX_CROSS_ENTROPY;
      set(o);
    });
  };
  for (float bad : {-0.1f, 1.0f, kNan}) softmax("label_smoothing", [&](auto& o) { o.label_smoothing = bad; });
  const float weights[] = {1, 1, 1, 1, 1, 1};
  for (int32_t bad : {-1, 1, 4, 6, kHuge}) {
    softmax("class_weight_count", [&](auto& o) {
      o.class_weight_count = bad;
      o.class_weights = weights;
    });
  }
  softmax("class_weights", [&](auto& o) { o.class_weight_count = 5; });
  for (float bad : {-1.0f, kNan, kInfinity}) {
    const float with_bad[] = {1, 1, bad, 1, 1};
    softmax("class_weights", [&](auto& o) {
      o.class_weight_count = 5;
      o.class_weights = with_bad;
    });
  }
}

TEST_F(LossRulesTest, EveryTaskNeedsALossToCompile) {
  const support::Context context = support::MakeContext();
  mtl_network* out = nullptr;
  mtl_compile_options compile;
  mtl_compile_options_init(&compile);
  mtl_loss_options options;
  mtl_loss_options_init(&options);
  options.kind = MTL_SOFTMAX_CROSS_ENTROPY;
  EXPECT_OK(mtl_graph_loss(graph_, 0, head_0_, &options));
  EXPECT_OK(mtl_graph_loss(graph_, 1, head_1_, &options));
  EXPECT_NE(mtl_network_compile(context.get(), graph_, &compile, &out), MTL_OK);
  EXPECT_NE(std::string(mtl_last_error()).find("2"), std::string::npos)
      << mtl_last_error() << " does not name the task";
  EXPECT_EQ(out, nullptr);
  int32_t head_2 = -1;
  ASSERT_OK(mtl_graph_linear(graph_, trunk_, 2, 1, 2, &head_2));
  EXPECT_OK(mtl_graph_loss(graph_, 2, head_2, &options));
  EXPECT_OK(mtl_network_compile(context.get(), graph_, &compile, &out));
  mtl_network_destroy(out);
}

}  // namespace

// Calls in the wrong order, handles that do not belong together, and the life of handles.
#include <chrono>
#include <thread>

#include "support/data.h"
#include "support/example_graphs.h"
#include "support/network.h"

namespace {

using reference::Graph;
using reference::Rows;
using support::FailedWith;
using support::Guarded;
using support::Network;

class StateTest : public testing::Test {
 protected:
  StateTest()
      : context_(support::MakeContext()),
        network_(context_.get(), support::FourTaskGraph(), 8),
        rows_(support::RandomRows(network_.graph(), 10, 161)),
        dataset_(support::MakeDataset(context_.get(), rows_)) {}

  support::Context context_;
  Network network_;
  Rows rows_;
  support::Dataset dataset_;
};

TEST_F(StateTest, NothingStepsBeforeABatch) {
  mtl_update_options options;
  mtl_update_options_init(&options);
  options.shared_learning_rate = options.head_learning_rate = 0.1f;
  const int32_t task = 0;
  mtl_network* n = network_.get();
  const auto expect_refused = [&] {
    EXPECT_TRUE(FailedWith(MTL_INVALID_STATE, mtl_network_update_group(n, &task, 1, &options),
                           {"mtl_network_update_group"}));
    EXPECT_TRUE(FailedWith(MTL_INVALID_STATE, mtl_network_gradients(n, &task, 1, MTL_REDUCTION_SUM),
                           {"mtl_network_gradients"}));
    EXPECT_TRUE(FailedWith(MTL_INVALID_STATE, mtl_network_measure(n), {"mtl_network_measure"}));
  };
  expect_refused();
  Guarded<double> losses(4);
  EXPECT_TRUE(
      FailedWith(MTL_INVALID_STATE, mtl_network_read_losses(n, losses.data()), {"mtl_network_read_losses"}));
  EXPECT_TRUE(losses.Unwritten());
  // Nor when the batch could not be begun.
  const int32_t bad[] = {0, 99};
  EXPECT_EQ(mtl_network_begin_batch(n, dataset_.get(), bad, 2, 0), MTL_INVALID_ARGUMENT);
  expect_refused();
  EXPECT_EQ(network_.Steps(), std::vector<int64_t>(5, 0));
}

TEST_F(StateTest, DatasetsMustFitTheNetwork) {
  const auto refused = [&](int features, int columns, int tasks) {
    Rows rows{4, features, columns, tasks, {}, {}, {}};
    rows.dense.assign(4 * features, 0.0f);
    rows.categories.assign(4 * columns, 0);
    rows.labels.assign(4 * tasks, 0.0f);
    const support::Dataset other = support::MakeDataset(context_.get(), rows);
    const int32_t row = 0;
    EXPECT_TRUE(FailedWith(MTL_INVALID_ARGUMENT,
                           mtl_network_begin_batch(network_.get(), other.get(), &row, 1, 0),
                           {"mtl_network_begin_batch", "dataset"}));
    Guarded<double> sums(4);
    Guarded<double> weights(4);
    EXPECT_TRUE(
        FailedWith(MTL_INVALID_ARGUMENT,
                   mtl_network_evaluate(network_.get(), other.get(), &row, 1, sums.data(), weights.data()),
                   {"mtl_network_evaluate", "dataset"}));
    EXPECT_TRUE(sums.Unwritten());
  };
  refused(4, 2, 4);
  refused(2, 2, 4);
  refused(0, 2, 4);
  refused(3, 1, 4);
  refused(3, 0, 4);
  refused(3, 2, 3);
  refused(3, 2, 5);
  refused(3, 2, 0);
}

TEST_F(StateTest, DatasetsOfAnotherContextAreRefused) {
  const support::Context other = support::MakeContext();
  const support::Dataset foreign = support::MakeDataset(other.get(), rows_);
  const int32_t row = 0;
  EXPECT_TRUE(FailedWith(MTL_INVALID_ARGUMENT,
                         mtl_network_begin_batch(network_.get(), foreign.get(), &row, 1, 0), {"dataset"}));
}

TEST_F(StateTest, HandlesMayBeDestroyedInAnyOrder) {
  const Graph graph = support::RegressionGraph(2);
  const Rows rows = support::RandomRows(graph, 8, 162);
  for (int order = 0; order < 6; ++order) {
    support::Context context = support::MakeContext(2);
    support::Dataset dataset = support::MakeDataset(context.get(), rows);
    auto network = std::make_unique<Network>(context.get(), graph, 8);
    network->Begin(dataset, support::Indices(8));
    const auto drop = [&](int which) {
      if (which == 0) context.reset();
      if (which == 1) dataset.reset();
      if (which == 2) network.reset();
    };
    const int first = order / 2;
    const int second = (first + 1 + order % 2) % 3;
    drop(first);
    if (network) {
      network->Update({.tasks = {0, 1}});
      EXPECT_TRUE(std::isfinite(network->Losses()[0]));
    }
    drop(second);
    if (network) {
      network->Update({.tasks = {0}});
      network->Predict(rows);
    }
    drop(3 - first - second);
  }
}

TEST_F(StateTest, AGraphMayBeCompiledTwiceAndDestroyedAtOnce) {
  support::GraphHandle graph = support::MakeGraph(network_.graph());
  mtl_compile_options options;
  mtl_compile_options_init(&options);
  mtl_network* a = nullptr;
  mtl_network* b = nullptr;
  ASSERT_OK(mtl_network_compile(context_.get(), graph.get(), &options, &a));
  ASSERT_OK(mtl_network_compile(context_.get(), graph.get(), &options, &b));
  graph.reset();
  mtl_network_destroy(a);
  const int32_t row = 1;
  EXPECT_OK(mtl_network_begin_batch(b, dataset_.get(), &row, 1, 0));
  EXPECT_OK(mtl_network_measure(b));
  mtl_network_destroy(b);
}

TEST_F(StateTest, CompiledWithoutOptionsOrWithTheDefaultOnes) {
  const support::GraphHandle graph = support::MakeGraph(network_.graph());
  mtl_compile_options options;
  mtl_compile_options_init(&options);
  mtl_network* raw = nullptr;
  ASSERT_OK(mtl_network_compile(context_.get(), graph.get(), &options, &raw));
  const support::NetworkHandle network(raw);
  mtl_network_info info;
  mtl_network_info_init(&info);
  EXPECT_OK(mtl_network_describe(raw, &info));
  EXPECT_EQ(info.max_batch, 256);
}

// A call that lasts some tenths of a second at least, so that others can be made meanwhile.
class LongCallTest : public testing::Test {
 protected:
  LongCallTest() : context_(support::MakeContext(1)) {
    Graph graph;
    int trunk = graph.DenseInput(32);
    for (int layer = 0; layer < 4; ++layer) {
      trunk = graph.Activation(graph.Linear(trunk, 256, MTL_SHARED), MTL_TANH);
    }
    graph.Output(graph.Linear(trunk, 1, 0));
    rows_ = support::RandomRows(graph, 64, 163);
    dataset_ = support::MakeDataset(context_.get(), rows_);
    network_ = std::make_unique<Network>(context_.get(), graph, 64);
    indices_.assign(1'000'000, 0);
  }

  mtl_status Evaluate() {
    double sum = -7;
    double weight = -7;
    const mtl_status status = mtl_network_evaluate(network_->get(), dataset_.get(), indices_.data(),
                                                   static_cast<int64_t>(indices_.size()), &sum, &weight);
    if (status != MTL_OK) {
      EXPECT_EQ(sum, -7);
      EXPECT_EQ(weight, -7);
    }
    return status;
  }

  support::Context context_;
  Rows rows_;
  support::Dataset dataset_;
  std::unique_ptr<Network> network_;
  std::vector<int32_t> indices_;
};

TEST_F(LongCallTest, ASecondThreadIsToldBusyAndMayCancel) {
  mtl_status status = MTL_OK;
  std::string text;
  std::thread worker([&] {
    status = Evaluate();
    text = mtl_last_error();
  });
  mtl_status seen = MTL_OK;
  std::string busy;
  for (int tries = 0; tries < 10000 && seen != MTL_BUSY; ++tries) {
    Guarded<float> out(1);
    seen = mtl_network_read(network_->get(), MTL_BUFFER_PARAMETERS, 0, 1, out.data());
    if (seen == MTL_BUSY) {
      EXPECT_TRUE(out.Unwritten());
      busy = mtl_last_error();
    } else {
      EXPECT_EQ(seen, MTL_OK);
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
  }
  EXPECT_EQ(seen, MTL_BUSY);
  EXPECT_NE(busy.find("mtl_network_read"), std::string::npos) << busy;
  int64_t one = 0;
  EXPECT_EQ(mtl_network_measure(network_->get()), MTL_BUSY);
  EXPECT_EQ(mtl_network_read_step_counts(network_->get(), &one), MTL_BUSY);

  const auto asked = std::chrono::steady_clock::now();
  EXPECT_OK(mtl_context_request_cancel(context_.get()));
  worker.join();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - asked).count();
  EXPECT_EQ(status, MTL_CANCELLED);
  EXPECT_NE(text.find("mtl_network_evaluate"), std::string::npos) << text;
  EXPECT_LT(seconds, 2) << "soon, the header says";

  // The request is used up, and the network is as usable as before.
  indices_.resize(100);
  EXPECT_OK(Evaluate());
}

TEST_F(LongCallTest, ARequestWithoutACallStopsTheNextLongOne) {
  indices_.resize(100);
  EXPECT_OK(mtl_context_request_cancel(context_.get()));
  EXPECT_EQ(Evaluate(), MTL_CANCELLED);
  EXPECT_OK(Evaluate());

  EXPECT_OK(mtl_context_request_cancel(context_.get()));
  std::vector<float> out(64);
  EXPECT_EQ(mtl_network_predict(network_->get(), rows_.dense.data(), nullptr, 64, out.data()), MTL_CANCELLED);
  EXPECT_OK(mtl_network_predict(network_->get(), rows_.dense.data(), nullptr, 64, out.data()));
}

TEST(Contexts, OfTwoThreadsDoNotDisturbEachOther) {
  const auto train = [](uint64_t seed) {
    const Graph graph = support::RegressionGraph(3);
    const support::Context context = support::MakeContext(1);
    const support::Dataset dataset = support::MakeDataset(context.get(), support::RandomRows(graph, 32, 164));
    Network network(context.get(), graph, 16, seed);
    for (int batch = 0; batch < 40; ++batch) {
      network.Begin(dataset, support::Indices(16, batch % 16), static_cast<uint64_t>(batch));
      network.Update({.tasks = {0, 2}});
      network.Update({.tasks = {1}});
    }
    return network.Read(MTL_BUFFER_PARAMETERS);
  };
  const std::vector<float> alone_1 = train(1);
  const std::vector<float> alone_2 = train(2);
  std::vector<float> together_1;
  std::vector<float> together_2;
  std::thread one([&] { together_1 = train(1); });
  std::thread two([&] { together_2 = train(2); });
  one.join();
  two.join();
  EXPECT_EQ(together_1, alone_1);
  EXPECT_EQ(together_2, alone_2);
}

}  // namespace

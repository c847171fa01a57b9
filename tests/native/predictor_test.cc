// Predictors: the network's outputs, on several threads at once.
#include <atomic>
#include <cmath>
#include <limits>
#include <thread>

#include "support/compare.h"
#include "support/data.h"
#include "support/example_graphs.h"
#include "support/network.h"
#include "support/op_cases.h"
#include "support/parameters.h"

namespace {

using reference::Rows;
using support::Close;
using support::FailedWith;
using support::Guarded;
using support::MakePredictor;
using support::Network;
using support::SameBits;

constexpr int kMaxBatch = 16;
constexpr int kRows = 3 * kMaxBatch + 5;

const float* Features(const Rows& rows) {
  return rows.features > 0 ? rows.dense.data() : nullptr;
}
const int32_t* Categories(const Rows& rows) {
  return rows.columns > 0 ? rows.categories.data() : nullptr;
}

std::vector<float> Predict(const support::Predictor& predictor, const Rows& rows, int outputs) {
  Guarded<float> out(static_cast<size_t>(rows.count) * outputs);
  EXPECT_OK(mtl_predictor_predict(predictor.get(), Features(rows), Categories(rows), rows.count, out.data()));
  return out.values();
}

class PredictorTest : public testing::Test {
 protected:
  PredictorTest()
      : context_(support::MakeContext(2)),
        network_(context_.get(), support::FourTaskGraph(), kMaxBatch),
        parameters_(support::RandomizeParameters(network_, 211)),
        rows_(support::RandomRows(network_.graph(), kRows, 212, 0.2)),
        predictor_(MakePredictor(network_.get(), kMaxBatch)) {}

  std::vector<float> Predict(const Rows& rows) const {
    return ::Predict(predictor_, rows, network_.info().outputs);
  }

  support::Context context_;
  Network network_;
  std::vector<double> parameters_;
  Rows rows_;
  support::Predictor predictor_;
};

TEST_F(PredictorTest, AgreesWithTheReferenceForAnyNumberOfRows) {
  for (int count : {1, 2, 3, kMaxBatch - 1, kMaxBatch, kMaxBatch + 1, 2 * kMaxBatch, kRows}) {
    const Rows some = rows_.Select(support::Indices(count));
    const std::vector<double> expected =
        reference::Forward(network_.graph(), network_.layout()).Outputs(parameters_, some);
    EXPECT_TRUE(Close(Predict(some), expected, 1e-5)) << count;
    EXPECT_TRUE(Close(Predict(some), network_.Predict(some), 1e-6)) << count;
  }
}

TEST_F(PredictorTest, TheSameCallGivesTheSameBits) {
  for (int count : {1, kRows}) {
    const Rows some = rows_.Select(support::Indices(count));
    const std::vector<float> first = Predict(some);
    Predict(rows_);
    EXPECT_TRUE(SameBits(Predict(some), first));
    EXPECT_TRUE(
        SameBits(::Predict(MakePredictor(network_.get(), kMaxBatch), some, network_.info().outputs), first));
  }
}

// Every op, at widths around those of vectors, row by row and together.
class PredictorOpTest : public testing::TestWithParam<support::OpCase> {};

TEST_P(PredictorOpTest, ARowDoesNotDependOnItsNeighbours) {
  const support::Context context = support::MakeContext(1);
  for (int width : {2, 7, 16, 33, 70}) {
    const reference::Graph graph = support::OpGraph(GetParam(), width);
    Network network(context.get(), graph, 100);
    const std::vector<double> parameters = support::RandomizeParameters(network, 213);
    const Rows rows = support::RandomRows(graph, 70, 214);
    const support::Predictor predictor = MakePredictor(network.get(), 100);
    const int outputs = network.info().outputs;
    const std::vector<float> together = ::Predict(predictor, rows, outputs);
    // A rectifier leaves some 40 % of the values.
    EXPECT_TRUE(
        Close(together, reference::Forward(graph, network.layout()).Outputs(parameters, rows), 1e-5, 0.3));
    std::vector<float> alone;
    for (int r = 0; r < rows.count; ++r) {
      const std::vector<float> one = ::Predict(predictor, rows.Select({r}), outputs);
      alone.insert(alone.end(), one.begin(), one.end());
    }
    EXPECT_TRUE(Close(alone, together, 1e-6, 0.3)) << width;
  }
}

INSTANTIATE_TEST_SUITE_P(All, PredictorOpTest, testing::ValuesIn(support::OpCases()),
                         [](const auto& info) { return info.param.name; });

TEST_F(PredictorTest, FollowsTheParametersAndLeavesTheBatch) {
  const support::Dataset dataset = support::MakeDataset(context_.get(), rows_);
  const std::vector<float> before = Predict(rows_);
  network_.Begin(dataset, support::Indices(kMaxBatch));
  Predict(rows_);
  network_.Update({.tasks = {0, 1, 2, 3}, .shared_rate = 0.05f, .head_rate = 0.05f});
  const std::vector<float> after = Predict(rows_);
  EXPECT_FALSE(Close(after, before, 1e-4));
  EXPECT_TRUE(Close(after, network_.Predict(rows_), 1e-6));
}

TEST_F(PredictorTest, NothingIsWrittenWhenOneOfManyRowsIsBad) {
  const auto refused = [&](const Rows& rows, const std::vector<std::string>& words) {
    Guarded<float> out(static_cast<size_t>(kRows) * network_.info().outputs);
    EXPECT_TRUE(FailedWith(
        MTL_INVALID_ARGUMENT,
        mtl_predictor_predict(predictor_.get(), rows.dense.data(), rows.categories.data(), kRows, out.data()),
        words));
    EXPECT_TRUE(out.Unwritten());
    Guarded<float> same(static_cast<size_t>(kRows) * network_.info().outputs);
    EXPECT_EQ(
        mtl_network_predict(network_.get(), rows.dense.data(), rows.categories.data(), kRows, same.data()),
        MTL_INVALID_ARGUMENT);
    EXPECT_TRUE(same.Unwritten());
    const support::Dataset dataset = support::MakeDataset(context_.get(), rows);
    EXPECT_EQ(mtl_network_predict_rows(network_.get(), dataset.get(), support::Indices(kRows).data(), kRows,
                                       same.data()),
              MTL_INVALID_ARGUMENT);
    EXPECT_TRUE(same.Unwritten());
  };
  for (int row : {0, kRows - 1}) {
    Rows rows = rows_;
    rows.dense[row * rows.features + 2] = std::numeric_limits<float>::quiet_NaN();
    refused(rows, {"mtl_predictor_predict", "row " + std::to_string(row), "column 2"});
    rows = rows_;
    rows.categories[row * rows.columns + 1] = 3;
    refused(rows, {"mtl_predictor_predict", "row " + std::to_string(row), "column 1"});
  }
  EXPECT_TRUE(Close(Predict(rows_), network_.Predict(rows_), 1e-6));
}

TEST_F(PredictorTest, ArgumentsAreChecked) {
  mtl_predictor* none = nullptr;
  mtl_predictor_options options;
  mtl_predictor_options_init(&options);
  EXPECT_TRUE(FailedWith(MTL_INVALID_ARGUMENT, mtl_predictor_create(nullptr, &options, &none), {"network"}));
  EXPECT_TRUE(FailedWith(MTL_INVALID_ARGUMENT, mtl_predictor_create(network_.get(), &options, nullptr),
                         {"out_predictor"}));
  for (int32_t bad : {0, -1, std::numeric_limits<int32_t>::min()}) {
    options.max_batch = bad;
    EXPECT_TRUE(FailedWith(MTL_INVALID_ARGUMENT, mtl_predictor_create(network_.get(), &options, &none),
                           {"max_batch"}));
  }
  options.max_batch = std::numeric_limits<int32_t>::max();
  EXPECT_EQ(mtl_predictor_create(network_.get(), &options, &none), MTL_OUT_OF_MEMORY);
  EXPECT_EQ(none, nullptr);
  EXPECT_OK(mtl_predictor_create(network_.get(), nullptr, &none));
  mtl_predictor_destroy(none);
  mtl_predictor_destroy(nullptr);

  int64_t bytes = 0;
  EXPECT_OK(mtl_predictor_memory(predictor_.get(), &bytes));
  EXPECT_GT(bytes, 0);
  EXPECT_TRUE(FailedWith(MTL_INVALID_ARGUMENT, mtl_predictor_memory(nullptr, &bytes), {"predictor"}));
  EXPECT_TRUE(
      FailedWith(MTL_INVALID_ARGUMENT, mtl_predictor_memory(predictor_.get(), nullptr), {"out_bytes"}));

  mtl_predictor* const p = predictor_.get();
  const float* x = rows_.dense.data();
  const int32_t* c = rows_.categories.data();
  Guarded<float> out(static_cast<size_t>(network_.info().outputs));
  const auto refused = [&](const char* word, mtl_status status) {
    EXPECT_TRUE(FailedWith(MTL_INVALID_ARGUMENT, status, {"mtl_predictor_predict", word}));
    EXPECT_TRUE(out.Unwritten());
  };
  refused("predictor", mtl_predictor_predict(nullptr, x, c, 1, out.data()));
  refused("features", mtl_predictor_predict(p, nullptr, c, 1, out.data()));
  refused("categories", mtl_predictor_predict(p, x, nullptr, 1, out.data()));
  refused("out_outputs", mtl_predictor_predict(p, x, c, 1, nullptr));
  refused("rows", mtl_predictor_predict(p, x, c, -1, out.data()));
  EXPECT_OK(mtl_predictor_predict(p, nullptr, nullptr, 0, nullptr));
}

TEST_F(PredictorTest, OutlivesNetworkAndContext) {
  const std::vector<float> expected = Predict(rows_);
  support::Context context = support::MakeContext(1);
  auto network = std::make_unique<Network>(context.get(), network_.graph(), kMaxBatch);
  network->Write(MTL_BUFFER_PARAMETERS, network_.Read(MTL_BUFFER_PARAMETERS));
  const int outputs = network->info().outputs;
  support::Predictor late = MakePredictor(network->get(), kMaxBatch);
  const support::Predictor early = MakePredictor(network->get(), 1);
  context.reset();
  network.reset();
  EXPECT_TRUE(SameBits(::Predict(late, rows_, outputs), expected));
  late.reset();
  EXPECT_TRUE(Close(::Predict(early, rows_, outputs), expected, 1e-6));
}

TEST_F(PredictorTest, ThreadsOfOneModelAgree) {
  const std::vector<float> expected = Predict(rows_);
  const Rows one = rows_.Select({7});
  const std::vector<float> expected_one = Predict(one);
  const int outputs = network_.info().outputs;
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      const support::Predictor own = MakePredictor(network_.get(), kMaxBatch);
      for (int round = 0; round < 200; ++round) {
        const bool single = (round + t) % 2 == 0;
        if (!SameBits(::Predict(own, single ? one : rows_, outputs), single ? expected_one : expected)) {
          ++wrong;
        }
      }
    });
  }
  // Reads of the network go on beside them.
  for (int round = 0; round < 200; ++round) {
    if (!Close(network_.Predict(rows_), expected, 1e-6)) ++wrong;
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong.load(), 0);
}

// A wide network, so that a call lasts some tenths of a second; others are made meanwhile.
TEST(PredictorBusy, TwoThreadsOfOnePredictorAndTrainingDuringACall) {
  const support::Context context = support::MakeContext(1);
  reference::Graph graph;
  int trunk = graph.DenseInput(4);
  for (int layer = 0; layer < 3; ++layer) {
    trunk = graph.Activation(graph.Linear(trunk, 512, MTL_SHARED), MTL_TANH);
  }
  graph.Output(graph.Linear(trunk, 1, 0));
  Network network(context.get(), graph, 64);
  const int count = 60'000;
  const Rows rows = support::RandomRows(graph, count, 215);
  const support::Dataset dataset = support::MakeDataset(context.get(), rows.Select(support::Indices(8)));
  network.Begin(dataset, support::Indices(8));
  const std::vector<float> parameters = network.Read(MTL_BUFFER_PARAMETERS);
  const support::Predictor predictor = MakePredictor(network.get(), 64);

  std::atomic<bool> done{false};
  std::vector<float> outputs(static_cast<size_t>(count));
  mtl_status long_call = MTL_OK;
  std::jthread worker([&] {
    do {  // the other thread may be inside a call of its own
      long_call = mtl_predictor_predict(predictor.get(), rows.dense.data(), nullptr, count, outputs.data());
    } while (long_call == MTL_BUSY);
    done.store(true);
  });
  mtl_update_options update;
  mtl_update_options_init(&update);
  update.shared_learning_rate = update.head_learning_rate = 0.1f;
  const int32_t task = 0;
  mtl_status seen = MTL_OK;
  Guarded<float> out(1);
  while (seen != MTL_BUSY && !done.load()) {
    seen = mtl_predictor_predict(predictor.get(), rows.dense.data(), nullptr, 0, out.data());
  }
  ASSERT_EQ(seen, MTL_BUSY);
  EXPECT_TRUE(FailedWith(MTL_BUSY, seen, {"mtl_predictor_predict", "predictor"}));
  EXPECT_EQ(mtl_network_update_group(network.get(), &task, 1, &update), MTL_BUSY);
  EXPECT_EQ(mtl_network_initialize(network.get(), 3), MTL_BUSY);
  EXPECT_EQ(mtl_network_write(network.get(), MTL_BUFFER_PARAMETERS, 0, 1, parameters.data()), MTL_BUSY);
  // Another predictor, and calls that leave the parameters alone, go on.
  EXPECT_OK(mtl_predictor_predict(MakePredictor(network.get(), 1).get(), rows.dense.data(), nullptr, 1,
                                  out.data()));
  EXPECT_OK(mtl_network_measure(network.get()));
  EXPECT_FALSE(done.load()) << "the call was too short for this test";
  worker.join();
  EXPECT_OK(long_call);
  EXPECT_TRUE(SameBits(network.Read(MTL_BUFFER_PARAMETERS), parameters));
  EXPECT_OK(mtl_network_update_group(network.get(), &task, 1, &update));
  EXPECT_FALSE(SameBits(network.Read(MTL_BUFFER_PARAMETERS), parameters));
}

// Training and prediction at once: each call either sees parameters that nobody is changing, or MTL_BUSY.
TEST(PredictorBusy, NeverReadsHalfAStep) {
  const support::Context context = support::MakeContext(1);
  reference::Graph graph;
  graph.Output(graph.Linear(graph.DenseInput(64), 64, MTL_SHARED), {.kind = MTL_SOFTMAX_CROSS_ENTROPY});
  Network network(context.get(), graph, 8);
  Rows rows{1, 64, 0, 1, std::vector<float>(64, 1.0f), {}, {0}};
  const auto fill = [&](float value) {
    const std::vector<float> all(network.info().parameters, value);
    return mtl_network_write(network.get(), MTL_BUFFER_PARAMETERS, 0, network.info().parameters, all.data());
  };
  EXPECT_OK(fill(0));
  std::atomic<bool> stop{false};
  std::atomic<int> torn{0};
  std::atomic<int64_t> predicted{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&] {
      const support::Predictor predictor = MakePredictor(network.get(), 1);
      std::vector<float> out(64);
      while (!stop.load()) {
        const mtl_status status =
            mtl_predictor_predict(predictor.get(), rows.dense.data(), nullptr, 1, out.data());
        if (status == MTL_BUSY) continue;
        if (status != MTL_OK) ++torn;
        for (float value : out) {
          if (value != out[0]) ++torn;
        }
        ++predicted;
      }
    });
  }
  int written = 0;
  for (int64_t round = 1; written < 200 || predicted.load() < 200; ++round) {
    const mtl_status status = fill(static_cast<float>(round % 5));
    if (status == MTL_OK)
      ++written;
    else if (status != MTL_BUSY)
      ++torn;
    if (round % 16 == 0) std::this_thread::yield();
  }
  stop.store(true);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(torn.load(), 0);
}

}  // namespace

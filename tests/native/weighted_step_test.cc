// A weighted step moves the trunk along the weighted sum of the tasks' gradients and each head along its own,
// by whichever way the pass runs, and whether or not a forward is there already.
#include "support/compare.h"
#include "support/data.h"
#include "support/example_graphs.h"
#include "support/parameters.h"

namespace {

using reference::Graph;
using support::Close;
using support::Network;
using support::SameBits;

constexpr int kRows = 161;
constexpr int kTasks = 6;
constexpr float kSharedRate = 0.25f, kHeadRate = 0.5f;
const std::vector<int32_t> kEveryone = {0, 1, 2, 3, 4, 5};
const std::vector<double> kWeights = {0.5, -1.25, 2, 0, 1e-3, 3};
const std::vector<double> kHeadWeights = {1, 0.5, -2, 0.25, 0, 1};

struct Way {
  int threads;
  int max_batch;
};

class WeightedStepTest : public testing::TestWithParam<Way> {
 protected:
  WeightedStepTest()
      : context_(support::MakeContext(GetParam().threads)),
        network_(context_.get(), support::WideGraph(MTL_SILU), GetParam().max_batch),
        data_(support::MakeDataset(context_.get(), Rows())) {
    support::RandomizeParameters(network_, 23);
    network_.Configure({.kind = MTL_SGD});
    network_.Begin(data_, support::Indices(kRows), 3);
    start_ = network_.Read(MTL_BUFFER_PARAMETERS);
    for (int32_t task = 0; task < kTasks; ++task) gradients_.push_back(network_.Gradients({task}));
    Restart();
  }

  // Task 3 has no label in the batch, others lack some.
  static reference::Rows Rows() {
    reference::Rows rows = support::RandomRows(support::WideGraph(MTL_SILU), 200, 6, 0.3);
    for (int r = 0; r < kRows; ++r) rows.labels[static_cast<size_t>(r) * kTasks + 3] = support::kMissing;
    return rows;
  }

  void Restart() {
    network_.Write(MTL_BUFFER_PARAMETERS, start_);
    network_.Begin(data_, support::Indices(kRows), 3);
  }

  // The change of the parameters divided by minus the rates, in double precision.
  std::vector<double> Expected(const std::vector<int32_t>& tasks, const std::vector<double>& shared,
                               const std::vector<double>& heads) const {
    std::vector<double> moved(start_.size());
    for (size_t i = 0; i < tasks.size(); ++i) {
      if (tasks[i] == 3) continue;
      const std::vector<float>& gradient = gradients_[static_cast<size_t>(tasks[i])];
      const auto add = [&](int owner, double weight) {
        const reference::Slice& slice = network_.layout().Of(owner);
        for (int64_t j = slice.offset; j < slice.offset + slice.count; ++j) {
          moved[static_cast<size_t>(j)] += weight * gradient[static_cast<size_t>(j)];
        }
      };
      add(MTL_SHARED, shared[i]);
      add(tasks[i], heads[i]);
    }
    return moved;
  }

  std::vector<double> Moved() const {
    const std::vector<float> now = network_.Read(MTL_BUFFER_PARAMETERS);
    std::vector<double> moved(now.size());
    for (int owner = MTL_SHARED; owner < kTasks; ++owner) {
      const reference::Slice& slice = network_.layout().Of(owner);
      const double rate = owner == MTL_SHARED ? kSharedRate : kHeadRate;
      for (int64_t j = slice.offset; j < slice.offset + slice.count; ++j) {
        const size_t at = static_cast<size_t>(j);
        moved[at] = (static_cast<double>(start_[at]) - now[at]) / rate;
      }
    }
    return moved;
  }

  support::Context context_;
  Network network_;
  support::Dataset data_;
  std::vector<float> start_;
  std::vector<std::vector<float>> gradients_;
};

TEST_P(WeightedStepTest, MovesTrunkAndHeadsByTheirWeights) {
  for (bool measured : {false, true}) {
    for (const std::vector<double>& heads : {kWeights, kHeadWeights}) {
      Restart();
      if (measured) network_.Measure();
      network_.StepWeighted(kEveryone, kWeights, heads, kSharedRate, kHeadRate);
      EXPECT_TRUE(Close(Moved(), Expected(kEveryone, kWeights, heads), 2e-5)) << measured;
    }
  }
}

TEST_P(WeightedStepTest, TakesSomeTasksInAnyOrder) {
  const std::vector<int32_t> tasks = {4, 3, 0};
  network_.StepWeighted(tasks, {2, 1, -1}, {0.5, 1, 1}, kSharedRate, kHeadRate, false);
  EXPECT_TRUE(Close(Moved(), Expected(tasks, {2, 1, -1}, {0.5, 1, 1}), 2e-5));
  EXPECT_EQ(network_.Steps(), (std::vector<int64_t>{1, 1, 0, 0, 0, 1, 0}));
  EXPECT_TRUE(std::isnan(network_.Losses()[1])) << "only the group's losses were asked for";
}

TEST_P(WeightedStepTest, WithWeightsOfOneIsAGroupUpdateToTheBit) {
  network_.Update({.tasks = kEveryone, .shared_rate = kSharedRate, .head_rate = kHeadRate});
  const std::vector<float> updated = network_.Read(MTL_BUFFER_PARAMETERS);
  Restart();
  network_.StepWeighted(kEveryone, std::vector<double>(kTasks, 1.0), {}, kSharedRate, kHeadRate);
  EXPECT_TRUE(SameBits(network_.Read(MTL_BUFFER_PARAMETERS), updated));
}

TEST_P(WeightedStepTest, AStepMakesTheForwardStale) {
  network_.Measure();
  network_.StepWeighted(kEveryone, kWeights, {}, kSharedRate, kHeadRate);
  const std::vector<double> before = network_.Losses();
  network_.StepWeighted(kEveryone, kWeights, {}, kSharedRate, kHeadRate);
  EXPECT_NE(before[0], network_.Losses()[0]) << "the second step used the values from before the first";
  // Written parameters make it stale too.
  Restart();
  network_.Measure();
  network_.Write(MTL_BUFFER_PARAMETERS, std::vector<float>(start_.size(), 0.0f));
  network_.StepWeighted({0}, {1}, {}, kSharedRate, kHeadRate);
  EXPECT_NE(before[0], network_.Losses()[0]);
}

TEST_P(WeightedStepTest, CreditsTheAffinityAsGroupUpdatesDo) {
  const auto affinity = [&](bool weighted) {
    Restart();
    EXPECT_OK(
        mtl_network_write_affinity(network_.get(), std::vector<double>(kTasks * kTasks).data(), nullptr));
    network_.ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 0.5f);
    for (const std::vector<int32_t>& group : {std::vector<int32_t>{0, 4}, {1, 2}, {5}}) {
      if (weighted) {
        network_.StepWeighted(group, std::vector<double>(group.size(), 1.0), {}, 0.01f, 0.01f);
      } else {
        network_.Update({.tasks = group, .shared_rate = 0.01f, .head_rate = 0.01f});
      }
    }
    network_.Measure();
    return network_.Affinity();
  };
  const auto expected = affinity(false), actual = affinity(true);
  EXPECT_EQ(actual.first, expected.first);
  EXPECT_EQ(actual.second, expected.second);
  EXPECT_GT(actual.second[1], 0);
}

TEST_P(WeightedStepTest, RefusesWhatIsNotAWeight) {
  mtl_update_options options;
  mtl_update_options_init(&options);
  const int32_t tasks[] = {0, 1};
  const double good[] = {1, 1}, bad[] = {1, std::nan("")};
  const auto step = [&](const double* shared, const double* heads) {
    return mtl_network_step_weighted(network_.get(), tasks, 2, shared, heads, &options);
  };
  EXPECT_TRUE(support::FailedWith(MTL_INVALID_ARGUMENT, step(nullptr, good), {"shared_weights is NULL"}));
  EXPECT_TRUE(
      support::FailedWith(MTL_INVALID_ARGUMENT, step(bad, good), {"shared_weights[1] must be finite"}));
  EXPECT_TRUE(support::FailedWith(MTL_INVALID_ARGUMENT, step(good, bad), {"head_weights[1] must be finite"}));
  EXPECT_TRUE(SameBits(network_.Read(MTL_BUFFER_PARAMETERS), start_));
}

INSTANTIATE_TEST_SUITE_P(EveryWay, WeightedStepTest,
                         testing::Values(Way{1, kRows}, Way{2, kRows}, Way{2, 20000}),
                         [](const testing::TestParamInfo<Way>& info) {
                           return std::to_string(info.param.threads) +
                                  (info.param.max_batch > kRows ? "_ByLayers" : "_ByRows");
                         });

}  // namespace

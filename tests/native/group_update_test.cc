// What a group update may touch, and what it must leave alone to the bit.
#include "support/example_graphs.h"
#include "support/lockstep.h"

namespace {

using reference::Graph;
using reference::GroupUpdate;
using reference::Rows;
using support::kMissing;
using support::Lockstep;
using support::Network;
using support::SameBits;

constexpr mtl_buffer kState[] = {MTL_BUFFER_PARAMETERS, MTL_BUFFER_FIRST_MOMENT, MTL_BUFFER_SECOND_MOMENT};

// Parameters and moments of one owner's slice.
std::vector<std::vector<float>> StateOf(const Network& network, int owner) {
  std::vector<std::vector<float>> state;
  for (mtl_buffer buffer : kState) state.push_back(network.Slice(buffer, owner));
  return state;
}

testing::AssertionResult Unmoved(const std::vector<std::vector<float>>& now,
                                 const std::vector<std::vector<float>>& before) {
  for (size_t i = 0; i < now.size(); ++i) {
    const testing::AssertionResult same = SameBits(now[i], before[i]);
    if (!same) return testing::AssertionFailure() << "buffer " << kState[i] << ": " << same.message();
  }
  return testing::AssertionSuccess();
}

class GroupUpdateTest : public testing::Test {
 protected:
  GroupUpdateTest() : context_(support::MakeContext()), graph_(support::FourTaskGraph()) {}

  // Momentum, decay and clipping on, and moments that are not zero: all that could move an inactive head.
  std::unique_ptr<Lockstep> Trained(Rows rows, const reference::Optimizer& optimizer) {
    const int count = rows.count;
    auto pair = std::make_unique<Lockstep>(context_.get(), graph_, 12, std::move(rows));
    pair->Configure(optimizer);
    pair->Begin(support::Indices(std::min(count, 12)));
    for (int step = 0; step < 3; ++step) pair->Update({.tasks = {0, 1, 2, 3}});
    return pair;
  }

  // Rows in which the given tasks have no label from row 12 on.
  Rows WithoutLabelsFrom12(const std::vector<int>& tasks) const {
    Rows rows = support::RandomRows(graph_, 24, 61);
    for (int r = 12; r < 24; ++r) {
      for (int task : tasks) rows.labels[r * 4 + task] = kMissing;
    }
    return rows;
  }

  support::Context context_;
  Graph graph_;
};

const reference::Optimizer kMovers[] = {
    {.kind = MTL_SGD, .momentum = 0.9f, .nesterov = true, .weight_decay = 0.1f, .clip_norm = 1.0f},
    {.kind = MTL_ADAM, .weight_decay = 0.1f, .clip_norm = 1.0f},
    {.kind = MTL_ADAMW, .weight_decay = 0.1f, .clip_norm = 1.0f}};

TEST_F(GroupUpdateTest, HeadsOutsideTheGroupStayToTheBit) {
  for (const reference::Optimizer& optimizer : kMovers) {
    for (const std::vector<int>& group :
         {std::vector<int>{0}, {3}, {2, 1}, {0, 3}, {3, 0, 1}, {0, 1, 2, 3}}) {
      const auto pair = Trained(support::RandomRows(graph_, 12, 62), optimizer);
      Network& network = pair->network;
      std::vector<std::vector<std::vector<float>>> before;
      for (int owner = MTL_SHARED; owner < 4; ++owner) before.push_back(StateOf(network, owner));
      const std::vector<int64_t> steps = network.Steps();
      pair->Update({.tasks = group});
      for (int owner = MTL_SHARED; owner < 4; ++owner) {
        const bool active =
            owner == MTL_SHARED || std::find(group.begin(), group.end(), owner) != group.end();
        EXPECT_EQ(network.Steps()[owner + 1], steps[owner + 1] + active);
        if (active) {
          EXPECT_FALSE(SameBits(StateOf(network, owner)[0], before[owner + 1][0])) << owner;
        } else {
          EXPECT_TRUE(Unmoved(StateOf(network, owner), before[owner + 1])) << owner;
        }
      }
      pair->CompareState(1e-4);
    }
  }
}

TEST_F(GroupUpdateTest, MembersWithoutALabelTakeNoPart) {
  for (const reference::Optimizer& optimizer : kMovers) {
    for (mtl_group_reduction reduction : {MTL_REDUCTION_SUM, MTL_REDUCTION_MEAN}) {
      const auto pair = Trained(WithoutLabelsFrom12({1, 3}), optimizer);
      Network& network = pair->network;
      pair->Begin(support::Indices(12, 12), 1);
      const auto before_1 = StateOf(network, 1);
      const auto before_3 = StateOf(network, 3);
      pair->Update({.tasks = {1, 2, 0}, .reduction = reduction});
      EXPECT_TRUE(Unmoved(StateOf(network, 1), before_1));
      EXPECT_TRUE(Unmoved(StateOf(network, 3), before_3));
      EXPECT_EQ(network.Steps(), (std::vector<int64_t>{4, 4, 3, 4, 3}));
      EXPECT_TRUE(std::isnan(network.Losses()[1]));
      pair->CompareState(1e-4);
    }
  }
}

TEST_F(GroupUpdateTest, AGroupWithoutLabelsDoesNothing) {
  const auto pair = Trained(WithoutLabelsFrom12({1, 3}), kMovers[1]);
  Network& network = pair->network;
  network.ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 0.5f);
  pair->Begin(support::Indices(12, 12), 1);
  network.TakeLossTotals();
  std::vector<std::vector<float>> before;
  for (mtl_buffer buffer : kState) before.push_back(network.Read(buffer));
  network.Update({.tasks = {3, 1}});
  for (size_t i = 0; i < before.size(); ++i) EXPECT_TRUE(SameBits(network.Read(kState[i]), before[i]));
  EXPECT_EQ(network.Steps(), (std::vector<int64_t>{3, 3, 3, 3, 3}));
  for (double loss : network.Losses()) EXPECT_TRUE(std::isnan(loss)) << "losses were measured";
  EXPECT_EQ(network.TakeLossTotals().second, (std::vector<int64_t>(4, 0)));
  EXPECT_EQ(network.Affinity().second, (std::vector<int64_t>(16, 0)));
}

TEST_F(GroupUpdateTest, AGroupWithoutLabelsDoesNotDisturbTheAffinityOfTheOthers) {
  const auto pair = Trained(WithoutLabelsFrom12({1}), kMovers[0]);
  pair->ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 0.5f);
  pair->Begin(support::Indices(12, 12), 1);
  pair->Update({.tasks = {0}});
  pair->Update({.tasks = {1}});
  pair->Update({.tasks = {2, 3}});
  pair->Measure();
  pair->CompareAffinity(1e-4);
}

TEST_F(GroupUpdateTest, ABatchWithoutAnyLabelChangesNothing) {
  const auto pair = Trained(WithoutLabelsFrom12({0, 1, 2, 3}), kMovers[2]);
  Network& network = pair->network;
  const std::vector<float> before = network.Read(MTL_BUFFER_PARAMETERS);
  pair->Begin(support::Indices(12, 12), 1);
  network.Update({.tasks = {0, 1, 2, 3}});
  network.Measure();
  for (double loss : network.Losses()) EXPECT_TRUE(std::isnan(loss));
  EXPECT_TRUE(SameBits(network.Read(MTL_BUFFER_PARAMETERS), before));
}

TEST_F(GroupUpdateTest, MeasuringOnlyTheGroupStepsTheSame) {
  const Rows rows = support::RandomRows(graph_, 12, 63);
  const support::Dataset dataset = support::MakeDataset(context_.get(), rows);
  Network all(context_.get(), graph_, 12);
  Network some(context_.get(), graph_, 12);
  all.Begin(dataset, support::Indices(12));
  some.Begin(dataset, support::Indices(12));
  for (const std::vector<int>& group : {std::vector<int>{1, 2}, {0}, {3, 1}}) {
    all.Update({.tasks = group, .all_losses = true});
    some.Update({.tasks = group, .all_losses = false});
    const std::vector<double> losses = some.Losses();
    for (int task = 0; task < 4; ++task) {
      const bool member = std::find(group.begin(), group.end(), task) != group.end();
      EXPECT_EQ(std::isnan(losses[task]), !member) << task;
      if (member) {
        EXPECT_EQ(losses[task], all.Losses()[task]);
      }
    }
  }
  EXPECT_TRUE(SameBits(some.Read(MTL_BUFFER_PARAMETERS), all.Read(MTL_BUFFER_PARAMETERS)));
}

// The trunk steps with the gradient zero, not with what the group before left.
TEST_F(GroupUpdateTest, ALossWithoutParametersGivesNoGradient) {
  Graph graph;
  const int dense = graph.DenseInput(1);
  graph.Output(graph.Linear(graph.Activation(graph.Linear(dense, 4, MTL_SHARED), MTL_TANH), 1, 0));
  graph.Output(dense);
  Lockstep pair(context_.get(), graph, 12, support::RandomRows(graph, 12, 65));
  pair.Configure({.kind = MTL_SGD});
  pair.Begin(support::Indices(12));
  for (const std::vector<int>& group : {std::vector<int>{0}, {1}, {0, 1}, {1}}) pair.Update({.tasks = group});
  pair.CompareState(1e-5);
  EXPECT_TRUE(SameBits(pair.network.Slice(MTL_BUFFER_GRADIENTS, MTL_SHARED), std::vector<float>(8)));
}

TEST_F(GroupUpdateTest, GradientsNeitherStepNorRecord) {
  const auto pair = Trained(support::RandomRows(graph_, 12, 64), kMovers[1]);
  Network& network = pair->network;
  network.ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 0.5f);
  std::vector<std::vector<float>> before;
  for (mtl_buffer buffer : kState) before.push_back(network.Read(buffer));
  network.Gradients({0, 1});
  network.Gradients({2}, MTL_REDUCTION_MEAN);
  for (size_t i = 0; i < before.size(); ++i) EXPECT_TRUE(SameBits(network.Read(kState[i]), before[i]));
  EXPECT_EQ(network.Steps(), (std::vector<int64_t>{3, 3, 3, 3, 3}));
  EXPECT_EQ(network.Affinity().second, (std::vector<int64_t>(16, 0)));
}

TEST_F(GroupUpdateTest, TheOrderOfTheMembersDoesNotMatter) {
  const Rows rows = support::RandomRows(graph_, 12, 65);
  const support::Dataset dataset = support::MakeDataset(context_.get(), rows);
  Network one(context_.get(), graph_, 12);
  Network other(context_.get(), graph_, 12);
  one.Begin(dataset, support::Indices(12));
  other.Begin(dataset, support::Indices(12));
  one.Update({.tasks = {0, 2, 3}});
  other.Update({.tasks = {3, 0, 2}});
  EXPECT_TRUE(support::Close(other.Read(MTL_BUFFER_PARAMETERS), one.Read(MTL_BUFFER_PARAMETERS), 1e-5, 0.3));
}

TEST_F(GroupUpdateTest, ATaskOfWeightZeroPullsNeitherTrunkNorHead) {
  Graph graph = support::RegressionGraph(2);
  graph.outputs[1].loss.weight = 0;
  Lockstep pair(context_.get(), graph, 8, support::RandomRows(graph, 8, 66));
  pair.Configure({.kind = MTL_SGD});
  pair.Begin(support::Indices(8));
  const std::vector<float> head = pair.network.Slice(MTL_BUFFER_PARAMETERS, 1);
  pair.Update({.tasks = {0, 1}, .shared_rate = 0.1f, .head_rate = 0.1f});
  EXPECT_TRUE(SameBits(pair.network.Slice(MTL_BUFFER_PARAMETERS, 1), head));
  EXPECT_EQ(pair.network.Steps(), (std::vector<int64_t>{1, 1, 1}));
  pair.CompareState(1e-4);
}

TEST_F(GroupUpdateTest, ARateOfZeroHoldsItsPartStill) {
  for (const bool trunk : {true, false}) {
    const auto pair = Trained(support::RandomRows(graph_, 12, 67), kMovers[2]);
    Network& network = pair->network;
    const std::vector<float> shared = network.Slice(MTL_BUFFER_PARAMETERS, MTL_SHARED);
    const std::vector<float> head = network.Slice(MTL_BUFFER_PARAMETERS, 0);
    pair->Update({.tasks = {0}, .shared_rate = trunk ? 0 : 0.1f, .head_rate = trunk ? 0.1f : 0});
    EXPECT_EQ(static_cast<bool>(SameBits(network.Slice(MTL_BUFFER_PARAMETERS, MTL_SHARED), shared)), trunk);
    EXPECT_EQ(static_cast<bool>(SameBits(network.Slice(MTL_BUFFER_PARAMETERS, 0), head)), !trunk);
    pair->CompareState(1e-4);
  }
}

TEST_F(GroupUpdateTest, PaddingBetweenTheTensorsIsNeverMoved) {
  const auto pair = Trained(support::RandomRows(graph_, 12, 68), kMovers[1]);
  Network& network = pair->network;
  std::vector<bool> used(static_cast<size_t>(network.layout().parameters), false);
  for (const reference::Tensor& tensor : network.layout().tensors) {
    for (int64_t i = 0; i < tensor.size(); ++i) used[tensor.offset + i] = true;
  }
  const std::vector<float> before = network.Read(MTL_BUFFER_PARAMETERS);
  for (int step = 0; step < 5; ++step) pair->Update({.tasks = {0, 1, 2, 3}});
  const std::vector<float> after = network.Read(MTL_BUFFER_PARAMETERS);
  for (size_t i = 0; i < used.size(); ++i) {
    if (used[i]) continue;
    EXPECT_EQ(after[i], before[i]) << "padding element " << i;
  }
}

TEST_F(GroupUpdateTest, LossTotalsTakeTheFirstForwardOfEachBatch) {
  const auto pair = Trained(WithoutLabelsFrom12({2}), kMovers[0]);
  Network& network = pair->network;
  network.TakeLossTotals();
  std::vector<double> sums(4, 0.0);
  for (uint64_t batch = 1; batch < 5; ++batch) {
    network.Begin(support::MakeDataset(context_.get(), WithoutLabelsFrom12({2})),
                  support::Indices(6, batch % 2 ? 3 : 14), batch);
    network.Update({.tasks = {0, 1}});
    for (int task = 0; task < 4; ++task) {
      const double loss = network.Losses()[task];
      if (!std::isnan(loss)) sums[task] += loss;
    }
    network.Update({.tasks = {3, 2}});
    network.Measure();
  }
  const auto [taken, batches] = network.TakeLossTotals();
  EXPECT_EQ(batches, (std::vector<int64_t>{4, 4, 2, 4}));
  EXPECT_TRUE(support::Close(taken, sums, 1e-12));
  const auto [again, none] = network.TakeLossTotals();
  EXPECT_EQ(none, (std::vector<int64_t>(4, 0)));
  EXPECT_EQ(again, (std::vector<double>(4, 0.0)));
}

TEST_F(GroupUpdateTest, LossTotalsCountATaskFromTheForwardThatMeasuredIt) {
  const auto pair = Trained(support::RandomRows(graph_, 12, 69), kMovers[0]);
  Network& network = pair->network;
  network.TakeLossTotals();
  pair->Begin(support::Indices(12), 1);
  network.Update({.tasks = {0}, .all_losses = false});
  const double first = network.Losses()[0];
  network.Update({.tasks = {1}, .all_losses = true});
  const std::vector<double> second = network.Losses();
  const auto [sums, batches] = network.TakeLossTotals();
  EXPECT_EQ(batches, (std::vector<int64_t>(4, 1)));
  EXPECT_EQ(sums, (std::vector<double>{first, second[1], second[2], second[3]}));
}

TEST_F(GroupUpdateTest, ANewBatchForgetsTheLosses) {
  const auto pair = Trained(support::RandomRows(graph_, 24, 70), kMovers[0]);
  EXPECT_FALSE(std::isnan(pair->network.Losses()[0]));
  pair->Begin(support::Indices(12, 12), 1);
  for (double loss : pair->network.Losses()) EXPECT_TRUE(std::isnan(loss));
}

TEST_F(GroupUpdateTest, TheDatasetMayBeDestroyedDuringTheBatch) {
  Network network(context_.get(), graph_, 12);
  {
    const support::Dataset dataset =
        support::MakeDataset(context_.get(), support::RandomRows(graph_, 12, 71));
    network.Begin(dataset, support::Indices(12));
  }
  network.Update({.tasks = {0, 1, 2, 3}});
  EXPECT_TRUE(std::isfinite(network.Losses()[0]));
}

}  // namespace

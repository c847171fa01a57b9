// Proximal inter-task affinity: against the reference over random groups, by hand on small cases, and against
// the first-order theory.
#include "support/example_graphs.h"
#include "support/lockstep.h"

namespace {

using reference::Graph;
using reference::Rows;
using support::kMissing;
using support::Lockstep;
using support::Network;

class AffinityAgainstReference
    : public testing::TestWithParam<std::tuple<mtl_affinity_credit, double, bool>> {};

TEST_P(AffinityAgainstReference, AgreesOverFiftyBatchesOfRandomGroups) {
  const auto& [credit, missing, all_losses] = GetParam();
  constexpr int kTasks = 5;
  constexpr int kRows = 60;
  const Graph graph = support::RegressionGraph(kTasks, 3, 5);
  const support::Context context = support::MakeContext();
  Lockstep pair(context.get(), graph, 8, support::RandomRows(graph, kRows, 71, missing));
  pair.Configure({.kind = MTL_SGD, .momentum = 0.5f});
  pair.ConfigureAffinity(credit, 0.2f);
  support::Random random(72);
  for (int batch = 0; batch < 50; ++batch) {
    std::vector<int32_t> indices(1 + random.Below(8));
    for (int32_t& i : indices) i = random.Below(kRows);
    pair.Begin(indices, static_cast<uint64_t>(batch));
    std::vector<int> order = {0, 1, 2, 3, 4};
    random.Shuffle(order);
    for (size_t first = 0; first < order.size();) {
      const size_t last = std::min(order.size(), first + 1 + random.Below(3));
      pair.Update({.tasks = {order.begin() + static_cast<int>(first), order.begin() + static_cast<int>(last)},
                   .shared_rate = 0.03f,
                   .head_rate = 0.05f,
                   .all_losses = all_losses});
      first = last;
    }
    if (random.Below(2)) pair.Measure();
    // One more group of any tasks, which may share some with the last.
    random.Shuffle(order);
    pair.Update({.tasks = {order[0], order[1], order[2]},
                 .shared_rate = 0.03f,
                 .head_rate = 0.05f,
                 .all_losses = all_losses});
    if (HasFailure()) FAIL() << "batch " << batch;
  }
  const auto& observations = pair.trainer.affinity.observations;
  if (all_losses) {
    EXPECT_GT(*std::min_element(observations.begin(), observations.end()), 2);
  }
  pair.CompareAffinity(1e-4);
  pair.CompareState(1e-4);
}

INSTANTIATE_TEST_SUITE_P(CreditMissingLabelsAndMeasuredLosses, AffinityAgainstReference,
                         testing::Combine(testing::Values(MTL_CREDIT_STEPPED_GROUP, MTL_CREDIT_OFFICIAL_CODE),
                                          testing::Values(0.0, 0.6), testing::Values(true, false)),
                         [](const auto& info) {
                           return std::string(std::get<0>(info.param) == MTL_CREDIT_STEPPED_GROUP
                                                  ? "SteppedGroup"
                                                  : "OfficialCode") +
                                  (std::get<1>(info.param) > 0 ? "_MissingLabels" : "_AllLabels") +
                                  (std::get<2>(info.param) ? "_AllLosses" : "_GroupLosses");
                         });

// Three regressions on a trunk of one weight each: y_k = h_k w x.
class SmallAffinityTest : public testing::Test {
 protected:
  SmallAffinityTest() : context_(support::MakeContext()) {
    const int trunk = graph_.Linear(graph_.DenseInput(1), 2, MTL_SHARED, false);
    for (int task = 0; task < 3; ++task) graph_.Output(graph_.Linear(trunk, 1, task, false));
    network_ = std::make_unique<Network>(context_.get(), graph_, 4);
    network_->Configure({.kind = MTL_SGD});
    network_->ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 0.25f);
    support::RandomizeParameters(*network_, 81);
  }

  void Begin(const std::vector<float>& labels) {
    network_->Begin(support::MakeDataset(context_.get(), Rows{1, 1, 0, 3, {1}, {}, labels}), {0});
  }
  std::vector<double> Update(const std::vector<int>& tasks) {
    network_->Update({.tasks = tasks, .shared_rate = 0.02f, .head_rate = 0.02f});
    return network_->Losses();
  }

  support::Context context_;
  Graph graph_;
  std::unique_ptr<Network> network_;
};

TEST_F(SmallAffinityTest, CreditsTheGroupWhoseStepChangedTheLosses) {
  Begin({1, -2, 3});
  const std::vector<double> before = Update({0});
  EXPECT_EQ(network_->Affinity().second, std::vector<int64_t>(9, 0)) << "nothing was known before";
  const std::vector<double> after = Update({2});
  const auto [values, observations] = network_->Affinity();
  EXPECT_EQ(observations, (std::vector<int64_t>{1, 1, 1, 0, 0, 0, 0, 0, 0}));
  for (int target = 0; target < 3; ++target) {
    EXPECT_NEAR(values[target], 0.25 * (1 - after[target] / before[target]), 1e-9);
  }
}

TEST_F(SmallAffinityTest, MeasureCreditsTheLastGroup) {
  Begin({1, -2, 3});
  const std::vector<double> before = Update({1});
  network_->Measure();
  const std::vector<double> after = network_->Losses();
  const auto [values, observations] = network_->Affinity();
  EXPECT_EQ(observations, (std::vector<int64_t>{0, 0, 0, 1, 1, 1, 0, 0, 0}));
  for (int target = 0; target < 3; ++target) {
    EXPECT_NEAR(values[3 + target], 0.25 * (1 - after[target] / before[target]), 1e-9);
  }
}

TEST_F(SmallAffinityTest, AStepIsCreditedOnce) {
  Begin({1, -2, 3});
  Update({1});
  network_->Measure();
  const auto once = network_->Affinity();
  network_->Measure();
  EXPECT_EQ(network_->Affinity(), once);
  Update({0});
  EXPECT_EQ(network_->Affinity(), once) << "no step lay between the measuring and this update";
}

TEST_F(SmallAffinityTest, MeasureBeforeAnyStepRecordsNothingButIsRemembered) {
  Begin({1, -2, 3});
  network_->Measure();
  EXPECT_EQ(network_->Affinity().second, std::vector<int64_t>(9, 0));
  Update({0});
  EXPECT_EQ(network_->Affinity().second, std::vector<int64_t>(9, 0)) << "no step lay between";
  Update({1});
  EXPECT_EQ(network_->Affinity().second, (std::vector<int64_t>{1, 1, 1, 0, 0, 0, 0, 0, 0}));
}

TEST_F(SmallAffinityTest, OfficialCodeCreditsTheGroupAboutToStep) {
  network_->ConfigureAffinity(MTL_CREDIT_OFFICIAL_CODE, 0.25f);
  Begin({1, -2, 3});
  const std::vector<double> before = Update({0});
  const std::vector<double> after = Update({2});
  const auto [values, observations] = network_->Affinity();
  EXPECT_EQ(observations, (std::vector<int64_t>{0, 0, 0, 0, 0, 0, 1, 1, after[2] <= before[2] ? 1 : 0}));
  EXPECT_NEAR(values[6], 0.25 * (1 - after[0] / before[0]), 1e-9);
  network_->Measure();
  EXPECT_EQ(network_->Affinity().second, observations) << "this credit mode records nothing at a measure";
}

TEST_F(SmallAffinityTest, ANewBatchIsNotComparedWithTheOneBefore) {
  Begin({1, -2, 3});
  Update({0});
  Begin({2, 1, -1});
  Update({1});
  EXPECT_EQ(network_->Affinity().second, std::vector<int64_t>(9, 0));
}

TEST_F(SmallAffinityTest, AnUndefinedLossGivesNoObservation) {
  Begin({1, kMissing, 3});
  Update({0});
  Update({2});
  network_->Measure();
  const std::vector<int64_t> observations = network_->Affinity().second;
  for (int task = 0; task < 3; ++task) {
    EXPECT_EQ(observations[task * 3 + 1], 0);
    EXPECT_EQ(observations[1 * 3 + task], 0);
  }
  EXPECT_EQ(observations[0 * 3 + 2], 1);
  for (double value : network_->Affinity().first) EXPECT_TRUE(std::isfinite(value));
}

TEST_F(SmallAffinityTest, APreviousLossOfZeroGivesNoObservation) {
  std::vector<float> parameters = network_->Read(MTL_BUFFER_PARAMETERS);
  const int64_t head =
      network_->layout().Find(network_->graph().outputs[1].prediction, MTL_ROLE_WEIGHT).offset;
  parameters[head] = parameters[head + 1] = 0;
  network_->Write(MTL_BUFFER_PARAMETERS, parameters);
  Begin({1, 0, 3});
  const std::vector<double> losses = Update({0});
  EXPECT_EQ(losses[1], 0);
  Update({2});
  const auto [values, observations] = network_->Affinity();
  EXPECT_EQ(observations, (std::vector<int64_t>{1, 0, 1, 0, 0, 0, 0, 0, 0}));
  for (double value : values) EXPECT_TRUE(std::isfinite(value));
}

TEST_F(SmallAffinityTest, ALossThatIsNotFiniteGivesNoObservation) {
  std::vector<float> parameters = network_->Read(MTL_BUFFER_PARAMETERS);
  const int64_t head =
      network_->layout().Find(network_->graph().outputs[1].prediction, MTL_ROLE_WEIGHT).offset;
  parameters[head] = std::numeric_limits<float>::infinity();
  network_->Write(MTL_BUFFER_PARAMETERS, parameters);
  Begin({1, 1, 3});
  const std::vector<double> losses = Update({0});
  EXPECT_FALSE(std::isfinite(losses[1]));
  Update({2});
  const auto [values, observations] = network_->Affinity();
  EXPECT_EQ(observations, (std::vector<int64_t>{1, 0, 1, 0, 0, 0, 0, 0, 0}));
  for (double value : values) EXPECT_TRUE(std::isfinite(value));
  EXPECT_FALSE(std::isfinite(network_->TakeLossTotals().first[1]));
}

TEST_F(SmallAffinityTest, DisabledRecordsNothing) {
  Network plain(context_.get(), graph_, 4);
  plain.Begin(support::MakeDataset(context_.get(), Rows{1, 1, 0, 3, {1}, {}, {1, 2, 3}}), {0});
  plain.Update({.tasks = {0}});
  plain.Update({.tasks = {1, 2}});
  plain.Measure();
  EXPECT_EQ(plain.Affinity().first, std::vector<double>(9, 0.0));
  EXPECT_EQ(plain.Affinity().second, std::vector<int64_t>(9, 0));
}

TEST_F(SmallAffinityTest, WrittenValuesAreWhereTheAverageGoesOnFrom) {
  std::vector<double> values(9);
  std::vector<int64_t> observations(9);
  std::iota(values.begin(), values.end(), -4.0);
  std::iota(observations.begin(), observations.end(), int64_t{10});
  EXPECT_OK(mtl_network_write_affinity(network_->get(), values.data(), observations.data()));
  EXPECT_EQ(network_->Affinity().first, values);
  EXPECT_EQ(network_->Affinity().second, observations);
  Begin({1, -2, 3});
  const std::vector<double> before = Update({0});
  const std::vector<double> after = Update({2});
  const auto [now, counts] = network_->Affinity();
  EXPECT_NEAR(now[1], 0.75 * values[1] + 0.25 * (1 - after[1] / before[1]), 1e-9);
  EXPECT_EQ(counts[1], 12);
  EXPECT_EQ(now[8], values[8]);
  EXPECT_EQ(counts[8], 18);

  EXPECT_OK(mtl_network_write_affinity(network_->get(), values.data(), nullptr));
  EXPECT_EQ(network_->Affinity().second, std::vector<int64_t>(9, 0));
  EXPECT_OK(mtl_network_read_affinity(network_->get(), values.data(), nullptr));
}

TEST_F(SmallAffinityTest, ASnapshotIsOfWhenItWasAskedFor) {
  std::vector<double> taken(9);
  std::vector<int64_t> counted(9);
  mtl_network* const network = network_->get();
  EXPECT_EQ(mtl_network_take_affinity(network, taken.data(), counted.data()), MTL_INVALID_STATE);
  EXPECT_NE(std::string(mtl_last_error()).find("mtl_network_request_affinity comes first"),
            std::string::npos);

  Begin({1, -2, 3});
  Update({0});
  Update({2});
  const auto [then, counts] = network_->Affinity();
  EXPECT_OK(mtl_network_request_affinity(network));
  Update({1});
  Update({0, 2});
  const auto [now, later_counts] = network_->Affinity();
  EXPECT_NE(now, then);
  for (int time = 0; time < 2; ++time) {
    EXPECT_OK(mtl_network_take_affinity(network, taken.data(), counted.data()));
    EXPECT_EQ(taken, then);
    EXPECT_EQ(counted, counts);
  }
  EXPECT_OK(mtl_network_request_affinity(network));
  EXPECT_OK(mtl_network_take_affinity(network, taken.data(), nullptr));
  EXPECT_EQ(taken, now) << "the latest counts";
}

TEST_F(SmallAffinityTest, ConflictInsideAGroupIsNegativeForBoth) {
  // Two tasks that share everything and want opposite things; the stronger one wins.
  Graph graph;
  const int output = graph.Linear(graph.DenseInput(1), 1, MTL_SHARED, false);
  graph.Output(output, {.weight = 4});
  graph.Output(output);
  Network network(context_.get(), graph, 1);
  network.Configure({.kind = MTL_SGD});
  network.ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 1.0f);
  network.Write(MTL_BUFFER_PARAMETERS, {0.0f}, network.layout().tensors[0].offset);
  network.Begin(support::MakeDataset(context_.get(), Rows{1, 1, 0, 2, {1}, {}, {1, -1}}), {0});
  network.Update({.tasks = {0, 1}, .shared_rate = 0.01f});
  const std::vector<double> before = network.Losses();
  network.Measure();
  const std::vector<double> after = network.Losses();
  const double gain = (1 - after[0] / before[0]) / 2;
  const double harm = (1 - after[1] / before[1]) / 2;
  ASSERT_GT(gain, 0.01);
  ASSERT_LT(harm, -0.01);
  const auto [values, observations] = network.Affinity();
  EXPECT_NEAR(values[0], gain, 1e-9);
  EXPECT_NEAR(values[1], -gain, 1e-9);
  EXPECT_NEAR(values[2], -gain, 1e-9);
  EXPECT_EQ(values[3], 0) << "a source that lost itself gives no observation";
  EXPECT_EQ(observations, (std::vector<int64_t>{1, 1, 1, 0}));
}

// B(G->k) ~ rate (sum_{i in G} g_i.g_k + [k in G] |h_k|^2) / L_k for small steps of plain SGD.
TEST(AffinityTheory, FirstOrderFormulaHoldsForSmallSteps) {
  constexpr int kTasks = 4;
  constexpr float kRate = 1e-3f;
  const support::Context context = support::MakeContext();
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const Graph graph = support::RegressionGraph(kTasks, 5, 7);
    const support::Dataset dataset =
        support::MakeDataset(context.get(), support::RandomRows(graph, 16, 90 + seed));
    Network network(context.get(), graph, 16, seed);
    network.Configure({.kind = MTL_SGD});
    network.ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 1.0f);
    network.Begin(dataset, support::Indices(16));
    std::vector<std::vector<float>> shared;
    std::vector<double> own;
    for (int task = 0; task < kTasks; ++task) {
      network.Gradients({task});
      shared.push_back(network.Slice(MTL_BUFFER_GRADIENTS, MTL_SHARED));
      const std::vector<float> head = network.Slice(MTL_BUFFER_GRADIENTS, task);
      own.push_back(std::inner_product(head.begin(), head.end(), head.begin(), 0.0));
    }
    network.Update({.tasks = {1}, .shared_rate = kRate, .head_rate = kRate});
    const std::vector<double> losses = network.Losses();
    network.Measure();
    std::vector<double> expected;
    for (int target = 0; target < kTasks; ++target) {
      const double product =
          std::inner_product(shared[1].begin(), shared[1].end(), shared[target].begin(), 0.0);
      expected.push_back(kRate * (product + (target == 1 ? own[1] : 0)) / losses[target]);
    }
    const std::vector<double> values = network.Affinity().first;
    EXPECT_TRUE(support::Close(std::vector<double>(values.begin() + kTasks, values.begin() + 2 * kTasks),
                               expected, 0.03));
  }
}

}  // namespace

// Fifty steps of training against the double-precision reference: joint and group by group, every optimizer.
#include "support/example_graphs.h"
#include "support/lockstep.h"

namespace {

using reference::GroupUpdate;
using reference::Optimizer;
using support::Lockstep;

constexpr int kBatches = 50;
constexpr int kRows = 40;
constexpr int kMaxBatch = 9;
constexpr double kTolerance = 1e-4;

struct OptimizerCase {
  std::string name;
  Optimizer optimizer;
  float rate;

  friend void PrintTo(const OptimizerCase& optimizer, std::ostream* out) { *out << optimizer.name; }
};

const OptimizerCase kOptimizers[] = {
    {"Sgd", {.kind = MTL_SGD}, 0.05f},
    {"SgdMomentum", {.kind = MTL_SGD, .momentum = 0.9f}, 0.01f},
    {"SgdNesterov", {.kind = MTL_SGD, .momentum = 0.8f, .nesterov = true}, 0.01f},
    {"SgdDecay", {.kind = MTL_SGD, .weight_decay = 0.1f}, 0.05f},
    {"SgdClip", {.kind = MTL_SGD, .clip_norm = 0.5f}, 0.05f},
    {"SgdEverything",
     {.kind = MTL_SGD, .momentum = 0.7f, .nesterov = true, .weight_decay = 0.05f, .clip_norm = 0.8f},
     0.02f},
    {"Adam", {.kind = MTL_ADAM}, 0.01f},
    {"AdamOtherBetas", {.kind = MTL_ADAM, .beta1 = 0.5f, .beta2 = 0.9f, .epsilon = 1e-3f}, 0.01f},
    {"AdamWithoutFirstBeta", {.kind = MTL_ADAM, .beta1 = 0.0f, .epsilon = 1e-4f}, 0.01f},
    {"AdamDecay", {.kind = MTL_ADAM, .weight_decay = 0.05f}, 0.01f},
    {"AdamClip", {.kind = MTL_ADAM, .clip_norm = 0.5f}, 0.01f},
    {"AdamW", {.kind = MTL_ADAMW, .weight_decay = 0.3f}, 0.01f},
    {"AdamWClip", {.kind = MTL_ADAMW, .weight_decay = 0.1f, .clip_norm = 0.7f}, 0.01f},
};

enum class Plan { kJoint, kJointMean, kRandomGroups };
constexpr const char* kPlans[] = {"Joint", "JointMean", "RandomGroups"};
void PrintTo(Plan plan, std::ostream* out) {
  *out << kPlans[static_cast<int>(plan)];
}

// The groups of one batch: the tasks in random order, cut at random places.
std::vector<std::vector<int>> RandomGroups(int tasks, support::Random& random) {
  std::vector<int> order(tasks);
  std::iota(order.begin(), order.end(), 0);
  random.Shuffle(order);
  std::vector<std::vector<int>> groups;
  for (int task : order) {
    if (groups.empty() || random.Below(2)) groups.emplace_back();
    groups.back().push_back(task);
  }
  return groups;
}

using Parameter = std::tuple<OptimizerCase, Plan, double>;

class TrainingTest : public testing::TestWithParam<Parameter> {};

TEST_P(TrainingTest, FiftyBatchesAgreeWithTheReference) {
  const auto& [optimizer, plan, missing] = GetParam();
  const support::Context context = support::MakeContext();
  const reference::Graph graph = support::FourTaskGraph();
  Lockstep pair(context.get(), graph, kMaxBatch, support::RandomRows(graph, kRows, 41, missing));
  pair.Configure(optimizer.optimizer);
  pair.ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 0.1f);

  support::Random random(43);
  for (int batch = 0; batch < kBatches; ++batch) {
    std::vector<int32_t> indices(batch % 7 == 6 ? 1 + random.Below(kMaxBatch) : kMaxBatch);
    for (int32_t& i : indices) i = random.Below(kRows);
    pair.Begin(indices, static_cast<uint64_t>(batch));
    const float rate = optimizer.rate * (1 - static_cast<float>(batch) / 100);
    const std::vector<std::vector<int>> groups =
        plan == Plan::kRandomGroups ? RandomGroups(4, random) : std::vector<std::vector<int>>{{0, 1, 2, 3}};
    for (const std::vector<int>& group : groups) {
      pair.Update({.tasks = group,
                   .shared_rate = rate,
                   .head_rate = 1.5f * rate,
                   .reduction = plan == Plan::kJointMean ? MTL_REDUCTION_MEAN : MTL_REDUCTION_SUM});
    }
    if (batch % 3 == 0) pair.Measure();
    if (HasFailure()) FAIL() << "batch " << batch;
    if (batch == 0 || batch == 5) pair.CompareState(kTolerance);
  }
  pair.CompareState(kTolerance);
  pair.CompareAffinity(kTolerance);
  pair.CompareLossTotals(kTolerance);
  if (optimizer.optimizer.clip_norm > 0) {
    EXPECT_GT(pair.trainer.clipped, 5) << "the clipping is hardly tested";
  }
}

std::string Name(const testing::TestParamInfo<Parameter>& info) {
  const auto& [optimizer, plan, missing] = info.param;
  return optimizer.name + "_" + kPlans[static_cast<int>(plan)] +
         (missing > 0 ? "_MissingLabels" : "_AllLabels");
}

INSTANTIATE_TEST_SUITE_P(EveryOptimizer, TrainingTest,
                         testing::Combine(testing::ValuesIn(kOptimizers),
                                          testing::Values(Plan::kJoint, Plan::kJointMean,
                                                          Plan::kRandomGroups),
                                          testing::Values(0.0, 0.5)),
                         Name);

TEST(OptimizerChange, KeepsStateAndStepCounts) {
  const support::Context context = support::MakeContext();
  const reference::Graph graph = support::FourTaskGraph();
  Lockstep pair(context.get(), graph, 8, support::RandomRows(graph, 8, 51));
  pair.Configure({.kind = MTL_ADAM});
  pair.Begin(support::Indices(8));
  for (int step = 0; step < 3; ++step) pair.Update({.tasks = {0, 2}});
  pair.Configure({.kind = MTL_ADAMW, .beta1 = 0.8f, .weight_decay = 0.1f});
  for (int step = 0; step < 3; ++step) pair.Update({.tasks = {0, 1, 2, 3}});
  pair.CompareState(kTolerance);
}

TEST(OptimizerDefault, IsAdam) {
  const support::Context context = support::MakeContext();
  const reference::Graph graph = support::FourTaskGraph();
  Lockstep pair(context.get(), graph, 8, support::RandomRows(graph, 8, 52));
  pair.trainer.optimizer = {.kind = MTL_ADAM};
  pair.Begin(support::Indices(8));
  for (int step = 0; step < 5; ++step) pair.Update({.tasks = {0, 1, 2, 3}});
  pair.CompareState(kTolerance);
}

TEST(WrittenState, ContinuesWithTheSameBits) {
  const reference::Graph graph = support::FourTaskGraph();
  const reference::Rows rows = support::RandomRows(graph, 30, 53);
  const support::Context context = support::MakeContext();
  const support::Dataset dataset = support::MakeDataset(context.get(), rows);
  const auto train = [&](support::Network& network, int from, int to) {
    for (int batch = from; batch < to; ++batch) {
      network.Begin(dataset, support::Indices(8, batch), static_cast<uint64_t>(batch));
      network.Update({.tasks = {0, 3}});
      network.Update({.tasks = {1, 2}});
    }
  };
  support::Network first(context.get(), graph, 8, 1);
  first.ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 0.1f);
  train(first, 0, 10);

  support::Network second(context.get(), graph, 8, 1);
  second.ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 0.1f);
  const mtl_buffer buffers[] = {MTL_BUFFER_PARAMETERS, MTL_BUFFER_FIRST_MOMENT, MTL_BUFFER_SECOND_MOMENT};
  for (mtl_buffer buffer : buffers) second.Write(buffer, first.Read(buffer));
  EXPECT_OK(mtl_network_write_step_counts(second.get(), first.Steps().data()));
  const auto [affinity, observations] = first.Affinity();
  EXPECT_OK(mtl_network_write_affinity(second.get(), affinity.data(), observations.data()));

  train(first, 10, 20);
  train(second, 10, 20);
  for (mtl_buffer buffer : buffers) {
    EXPECT_TRUE(support::SameBits(second.Read(buffer), first.Read(buffer))) << buffer;
  }
  EXPECT_EQ(second.Steps(), first.Steps());
  EXPECT_TRUE(support::SameBits(second.Affinity().first, first.Affinity().first));
  EXPECT_EQ(second.Affinity().second, first.Affinity().second);
}

}  // namespace

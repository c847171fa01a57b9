// Training on the CUDA backend, its steps launched as graphs and not.
#include <algorithm>

#include "api/handles.h"
#include "backend_test.h"
#include "support/data.h"
#include "support/example_graphs.h"
#include "support/network.h"

namespace {

using reference::Rows;
using support::Network;

constexpr int kRows = 60;

class CudaTraining : public testing::Test {
 protected:
  struct Outcome {
    std::vector<float> parameters, second;
    std::vector<double> affinity, losses, products;
    std::vector<int64_t> observations;
    mtl::StepCounts steps;
  };

  // On a context of its own.
  template <typename Body>
  static auto OnDevice(const char* graphs, const Body& body) {
    const cuda_test::GraphSetting setting(graphs);
    const support::Context context(new mtl_context{std::make_shared<mtl::Context>(mtl::BackendPointer(
        cuda_test::Plugin().create(0, 0), mtl::BackendDeleter{cuda_test::Plugin().destroy}))});
    return body(context.get(), context->context->backend());
  }

  // Groups that change, batches of two sizes, a schedule of learning rates, dropout, clipping, missing
  // labels.
  static Outcome Selective(mtl_context* context, mtl::Backend& backend) {
    Network network(context, support::WideGraph(MTL_GELU), 16);
    network.Configure({.kind = MTL_ADAMW, .weight_decay = 0.01f, .clip_norm = 1.0f});
    network.ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 0.1f);
    network.ConfigureGradients();
    const Rows rows = support::RandomRows(network.graph(), kRows, 31, 0.2);
    const support::Dataset dataset = support::MakeDataset(context, rows);
    const std::vector<std::vector<std::vector<int>>> plans = {
        {{0}, {1}, {2, 3}, {4, 5}}, {{0, 1, 2}, {3, 4, 5}}, {{0, 4}, {1, 2, 3}, {5}}};
    Outcome outcome;
    for (int batch = 0; batch < 14; ++batch) {
      const int size = batch % 5 == 4 ? 7 : 16;
      network.Begin(dataset, support::Indices(size, (3 * batch) % (kRows - 16)),
                    static_cast<uint64_t>(batch));
      const float rate = 0.05f / static_cast<float>(batch + 1);
      for (const std::vector<int>& group : plans[static_cast<size_t>(batch / 3) % plans.size()]) {
        network.Update({.tasks = group, .shared_rate = rate, .head_rate = 2 * rate});
      }
      network.StepWeighted({3, 0, 1}, {0.5, 2, 1}, {1, 1, 0.25}, rate, rate);
      if (batch % 3 == 0) outcome.products = network.TaskGradients({0, 1, 2, 3}, {});
      network.Measure();
    }
    outcome.losses = network.Losses();
    for (const double loss : network.Evaluate(dataset, support::Indices(kRows)).first) {
      outcome.losses.push_back(loss);
    }
    outcome.parameters = network.Read(MTL_BUFFER_PARAMETERS);
    outcome.second = network.Read(MTL_BUFFER_SECOND_MOMENT);
    std::tie(outcome.affinity, outcome.observations) = network.Affinity();
    outcome.steps = backend.step_counts();
    return outcome;
  }
};

TEST_F(CudaTraining, HasTheSameBitsWithAndWithoutGraphs) {
  const Outcome with = OnDevice("on", Selective), without = OnDevice("off", Selective);
  EXPECT_GT(with.steps.launched, 20);
  EXPECT_EQ(with.steps.refused, 0);
  EXPECT_EQ(without.steps.launched, 0);
  EXPECT_EQ(without.steps.direct, 0) << "nothing is put off";
  EXPECT_TRUE(support::SameBits(with.parameters, without.parameters));
  EXPECT_TRUE(support::SameBits(with.second, without.second));
  EXPECT_TRUE(support::SameBits(with.affinity, without.affinity));
  EXPECT_TRUE(support::SameBits(with.losses, without.losses));
  EXPECT_TRUE(support::SameBits(with.products, without.products));
  EXPECT_EQ(with.observations, without.observations);
}

// As the processor does, which is what graphs must not change.
TEST_F(CudaTraining, IsThatOfTheProcessor) {
  const Outcome device = OnDevice("on", Selective);
  const support::Context host(
      new mtl_context{std::make_shared<mtl::Context>(mtl::BackendPointer(new mtl::CpuBackend(1)))});
  const Outcome expected = Selective(host.get(), host->context->backend());
  EXPECT_TRUE(support::Close(device.parameters, expected.parameters, 1e-3, 0.5));
  EXPECT_TRUE(support::Close(device.losses, expected.losses, 1e-3, 0.5));
  EXPECT_EQ(device.observations, expected.observations);
  EXPECT_EQ(expected.steps.direct, 0);
}

// Asked for in each batch, taken in the next, after its first step.
TEST_F(CudaTraining, SnapshotsOfTheAffinityAreOfWhenTheyWereAskedFor) {
  OnDevice("on", [&](mtl_context* context, mtl::Backend&) {
    Network network(context, support::RegressionGraph(3), 8), twin(context, support::RegressionGraph(3), 8);
    const support::Dataset dataset =
        support::MakeDataset(context, support::RandomRows(network.graph(), kRows, 31));
    std::vector<double> expected, taken(9);
    std::vector<int64_t> expected_counts, counts(9);
    for (Network* one : {&network, &twin}) one->ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 0.5f);
    for (int batch = 0; batch < 5; ++batch) {
      for (Network* one : {&network, &twin}) {
        one->Begin(dataset, support::Indices(8, batch), static_cast<uint64_t>(batch));
        one->Update({.tasks = {0}, .shared_rate = 0.1f});
        one->Update({.tasks = {1, 2}, .shared_rate = 0.1f});
      }
      if (batch > 0) {
        EXPECT_OK(mtl_network_take_affinity(network.get(), taken.data(), counts.data()));
        EXPECT_TRUE(support::SameBits(taken, expected)) << batch;
        EXPECT_EQ(counts, expected_counts);
      }
      EXPECT_OK(mtl_network_request_affinity(network.get()));
      std::tie(expected, expected_counts) = twin.Affinity();
    }
    EXPECT_OK(mtl_network_request_affinity(network.get()));  // on its way when the network goes
    return 0;
  });
}

TEST_F(CudaTraining, EveryCallOfAKnownBatchIsOneGraph) {
  if (!cuda_test::IsEmulated()) GTEST_SKIP() << "the emulation counts";
  OnDevice("on", [&](mtl_context* context, mtl::Backend&) {
    Network network(context, support::WideGraph(MTL_RELU), 16);
    network.Configure({.kind = MTL_ADAM, .clip_norm = 1.0f});
    network.ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 0.1f);
    const Rows rows = support::RandomRows(network.graph(), kRows, 31);
    const support::Dataset dataset = support::MakeDataset(context, rows);
    for (int batch = 0; batch < 6; ++batch) {
      const cuda_test::DeviceCounts before = cuda_test::CountsOfDevice();
      network.Begin(dataset, support::Indices(16, batch), static_cast<uint64_t>(batch));
      network.Update({.tasks = {0, 2}, .shared_rate = 0.1f / static_cast<float>(batch + 1)});
      network.Update({.tasks = {1, 3, 4, 5}});
      network.Measure();
      const cuda_test::DeviceCounts after = cuda_test::CountsOfDevice();
      if (batch < 2) continue;  // seen, and captured
      EXPECT_EQ(after.graphs - before.graphs, 4);
      EXPECT_EQ(after.kernels - before.kernels, 0);
      EXPECT_EQ(after.copies - before.copies, 0);
      EXPECT_EQ(after.instantiated - before.instantiated, 0);
      // Dropout and the optimizer have other numbers in each batch; most kernels have not.
      EXPECT_GT(after.updated_kernels - before.updated_kernels, 0);
      EXPECT_LT(after.updated_kernels - before.updated_kernels, 20);
    }
    return 0;
  });
}

}  // namespace

// The inner products of task gradients are those of separate backward passes, one per task, by whichever way
// the pass runs, with any labels missing.
#include "support/compare.h"
#include "support/data.h"
#include "support/example_graphs.h"
#include "support/parameters.h"

namespace {

using reference::Graph;
using support::Network;
using support::SameBits;

std::vector<int32_t> Everyone(const Network& network) {
  return support::Indices(network.tasks());
}

// Row i: the gradient of task i over the given owner's slice, by a backward of its own.
std::vector<std::vector<float>> SeparateGradients(Network& network, const std::vector<int32_t>& tasks) {
  std::vector<std::vector<float>> rows;
  for (const int32_t task : tasks) {
    const std::vector<float> before = network.Read(MTL_BUFFER_GRADIENTS);
    EXPECT_OK(mtl_network_gradients(network.get(), &task, 1, MTL_REDUCTION_SUM));
    rows.push_back(network.Slice(MTL_BUFFER_GRADIENTS, MTL_SHARED));
    if (std::isnan(network.Losses()[static_cast<size_t>(task)])) rows.back().assign(rows.back().size(), 0.0f);
  }
  return rows;
}

std::vector<double> Products(const std::vector<std::vector<float>>& left,
                             const std::vector<std::vector<float>>& right) {
  std::vector<double> products;
  for (const std::vector<float>& a : left) {
    for (const std::vector<float>& b : right) {
      double sum = 0;
      for (size_t i = 0; i < a.size(); ++i) sum += double{a[i]} * b[i];
      products.push_back(sum);
    }
  }
  return products;
}

// Every product within `tolerance` of the lengths of its two gradients.
testing::AssertionResult ProductsClose(const std::vector<double>& actual, const std::vector<double>& expected,
                                       double tolerance) {
  if (actual.size() != expected.size()) return testing::AssertionFailure() << "sizes differ";
  const size_t count = static_cast<size_t>(std::lround(std::sqrt(static_cast<double>(expected.size()))));
  for (size_t i = 0; i < count; ++i) {
    for (size_t j = 0; j < count; ++j) {
      const double lengths = std::sqrt(expected[i * count + i] * expected[j * count + j]);
      const double error = std::abs(actual[i * count + j] - expected[i * count + j]);
      if (!(error <= tolerance * lengths)) {
        return testing::AssertionFailure() << "product " << i << ", " << j << " is " << actual[i * count + j]
                                           << ", expected " << expected[i * count + j];
      }
    }
  }
  return testing::AssertionSuccess();
}

struct Way {
  int threads;
  bool by_layers;
};

enum class Missing { kNone, kSome, kAllButOne };

const char* NameOf(Missing missing) {
  return missing == Missing::kNone   ? "Complete"
         : missing == Missing::kSome ? "SomeMissing"
                                     : "OneLabelPerRow";
}

reference::Rows RowsOf(const Graph& graph, int count, Missing missing) {
  reference::Rows rows = support::RandomRows(graph, count, 41, missing == Missing::kSome ? 0.3 : 0.0);
  const int tasks = graph.tasks();
  for (int r = 0; missing == Missing::kAllButOne && r < count; ++r) {
    for (int k = 0; k < tasks; ++k) {
      if (k != r * 7 % tasks) rows.labels[static_cast<size_t>(r) * tasks + k] = support::kMissing;
    }
  }
  return rows;
}

class TaskGradientsTest : public testing::TestWithParam<std::tuple<Way, Missing>> {
 protected:
  void Check(const Graph& graph, int rows, double memory_share = 100) {
    const auto [way, missing] = GetParam();
    const support::Context context = support::MakeContext(way.threads);
    Network network(context.get(), graph, way.by_layers ? 20000 : rows);
    support::RandomizeParameters(network, 29);
    network.ConfigureGradients(1, memory_share);
    const support::Dataset data = support::MakeDataset(context.get(), RowsOf(graph, rows, missing));
    network.Begin(data, support::Indices(rows), 5);
    const std::vector<int32_t> everyone = Everyone(network);
    const std::vector<std::vector<float>> separate = SeparateGradients(network, everyone);
    const std::vector<double> expected = Products(separate, separate);

    const std::vector<double> fresh = network.TaskGradients(everyone);
    EXPECT_TRUE(ProductsClose(fresh, expected, 1e-5));
    EXPECT_TRUE(SameBits(network.TaskGradients(everyone), fresh)) << "the same values, forward not repeated";
    network.Begin(data, support::Indices(rows), 5);
    EXPECT_TRUE(SameBits(network.TaskGradients(everyone), fresh)) << "the same values, forward repeated";
    // A subset, in another order.
    if (graph.tasks() < 3) return;
    const std::vector<int32_t> some = {2, 0};
    const std::vector<std::vector<float>> two = {separate[2], separate[0]};
    EXPECT_TRUE(ProductsClose(network.TaskGradients(some), Products(two, two), 1e-5));
  }
};

TEST_P(TaskGradientsTest, EmbeddingsLayerNormAndResiduals) {
  Check(support::FourTaskGraph(), 24);
}

TEST_P(TaskGradientsTest, WideLayersDropoutAndHeadsOfEveryKind) {
  Check(support::WideGraph(MTL_SILU), 161);
}

TEST_P(TaskGradientsTest, TasksThatDoNotFitIntoTheMemoryFollowOneByOne) {
  Check(support::FourTaskGraph(), 24, 1e-9);
  Check(support::WideGraph(MTL_RELU), 161, 1e-9);
  Check(support::RegressionGraph(9, 9, 33), 50, 0.2);
}

TEST_P(TaskGradientsTest, AnyNumberOfTasks) {
  for (const int tasks : {1, 2, 7, 40, 139}) {
    SCOPED_TRACE(tasks);
    Check(support::RegressionGraph(tasks, 9, 33), 50);
  }
}

std::string TestName(const testing::TestParamInfo<TaskGradientsTest::ParamType>& info) {
  const auto [way, missing] = info.param;
  return std::to_string(way.threads) + (way.by_layers ? "ByLayers" : "ByRows") + NameOf(missing);
}

INSTANTIATE_TEST_SUITE_P(EveryWay, TaskGradientsTest,
                         testing::Combine(testing::Values(Way{1, false}, Way{2, false}, Way{3, true}),
                                          testing::Values(Missing::kNone, Missing::kSome,
                                                          Missing::kAllButOne)),
                         TestName);

}  // namespace

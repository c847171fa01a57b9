// The inner products of task gradients are those of separate backward passes, one per task, by whichever way
// the pass runs, with any labels missing.
#include <algorithm>
#include <functional>

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

// One network for what is done with gradients that are kept, and with parts of the batch.
class KeptGradientsTest : public testing::TestWithParam<Way> {
 protected:
  static constexpr int kRows = 61;

  KeptGradientsTest()
      : context_(support::MakeContext(GetParam().threads)),
        network_(context_.get(), support::FourTaskGraph(), GetParam().by_layers ? 20000 : kRows),
        data_(support::MakeDataset(context_.get(), RowsOf(support::FourTaskGraph(), kRows, Missing::kSome))) {
    support::RandomizeParameters(network_, 31);
    network_.Configure({.kind = MTL_SGD});
    start_ = network_.Read(MTL_BUFFER_PARAMETERS);
    mtl_gradient_options options;
    mtl_gradient_options_init(&options);
    options.max_parts = 2;
    options.matrices = 2;
    options.directions = 1;
    EXPECT_OK(mtl_network_configure_gradients(network_.get(), &options));
    Begin(support::Indices(kRows));
    everyone_ = Everyone(network_);
    separate_ = SeparateGradients(network_, everyone_);
    Begin(support::Indices(kRows));
  }

  void Begin(const std::vector<int32_t>& rows) {
    network_.Write(MTL_BUFFER_PARAMETERS, start_);
    network_.Begin(data_, rows, 5);
  }

  // The change of the shared parameters by a step of rate 1.
  std::vector<double> Step(const mtl_combination& combination, const std::vector<double>& weights) {
    mtl_update_options options;
    mtl_update_options_init(&options);
    options.shared_learning_rate = 1;
    options.head_learning_rate = 0.5f;
    const reference::Slice& shared = network_.layout().Of(MTL_SHARED);
    const std::vector<float> before = network_.Slice(MTL_BUFFER_PARAMETERS, MTL_SHARED);
    EXPECT_OK(mtl_network_step_combined(network_.get(), everyone_.data(), 4, weights.data(), nullptr,
                                        &combination, &options));
    const std::vector<float> after = network_.Slice(MTL_BUFFER_PARAMETERS, MTL_SHARED);
    std::vector<double> moved;
    for (int64_t i = 0; i < shared.count; ++i) moved.push_back(double{before[i]} - after[i]);
    return moved;
  }

  support::Context context_;
  Network network_;
  support::Dataset data_;
  std::vector<float> start_;
  std::vector<int32_t> everyone_;
  std::vector<std::vector<float>> separate_;
};

TEST_P(KeptGradientsTest, GiveTheSameProducts) {
  EXPECT_TRUE(ProductsClose(network_.TaskGradients(everyone_), Products(separate_, separate_), 1e-5));
}

TEST_P(KeptGradientsTest, AHalfOrTheFirstRowsAreABatchOfTheirOwn) {
  const std::vector<double> halves = network_.TaskGradients(everyone_, {.parts = 2});
  const std::vector<double> first = network_.TaskGradients(everyone_, {.rows = kRows / 2});
  std::vector<std::vector<float>> gradients;
  for (const auto& [begin, count] : {std::pair{0, kRows / 2}, {kRows / 2, kRows - kRows / 2}}) {
    Begin(support::Indices(count, begin));
    for (std::vector<float>& row : SeparateGradients(network_, everyone_))
      gradients.push_back(std::move(row));
  }
  EXPECT_TRUE(ProductsClose(halves, Products(gradients, gradients), 1e-5));
  gradients.resize(4);
  EXPECT_TRUE(ProductsClose(first, Products(gradients, gradients), 1e-5));
}

TEST_P(KeptGradientsTest, TheLastLayerIsAPartOfTheSharedParameters) {
  int32_t last = -1;
  for (const reference::Tensor& tensor : network_.layout().tensors) {
    if (tensor.owner == MTL_SHARED && tensor.rows > 1) last = std::max(last, tensor.node);
  }
  std::vector<std::vector<float>> kept = separate_;
  for (const reference::Tensor& tensor : network_.layout().tensors) {
    if (tensor.owner != MTL_SHARED || tensor.node >= last) continue;
    for (std::vector<float>& row : kept) {
      std::fill_n(row.begin() + tensor.offset, static_cast<int64_t>(tensor.rows) * tensor.columns, 0.0f);
    }
  }
  EXPECT_TRUE(ProductsClose(network_.TaskGradients(everyone_, {.scope = MTL_GRADIENTS_LAST_LAYER}),
                            Products(kept, kept), 1e-5));
}

// The gradients of one hidden layer's values, by the bias of that layer: one row at a time.
TEST(RepresentationTest, ProductsAreThoseOfTheGradientsOfSharedValues) {
  enum Heads { kLinear, kDeep, kTwoLayers };
  for (const Heads heads : {kLinear, kDeep, kTwoLayers}) {
    for (const double share : {100.0, 1e-9}) {
      SCOPED_TRACE(testing::Message() << "heads " << heads << ", memory " << share);
      Graph graph;
      const int trunk = graph.Linear(graph.DenseInput(3), 6, MTL_SHARED);
      for (int task = 0; task < 5; ++task) {
        const int head = heads == kDeep ? graph.Activation(graph.Linear(trunk, 4, task), MTL_TANH) : trunk;
        const int output = graph.Linear(head, 1, task);
        graph.Output(heads == kTwoLayers ? graph.Add(output, graph.Linear(trunk, 1, task)) : output);
      }
      const support::Context context = support::MakeContext(2);
      constexpr int kRows = 17;
      Network network(context.get(), graph, kRows);
      support::RandomizeParameters(network, 37);
      network.ConfigureGradients(1, share);
      const support::Dataset data = support::MakeDataset(context.get(), RowsOf(graph, kRows, Missing::kSome));
      const std::vector<int32_t> everyone = Everyone(network);
      network.Begin(data, support::Indices(kRows), 5);
      const std::vector<double> actual =
          network.TaskGradients(everyone, {.scope = MTL_GRADIENTS_REPRESENTATION});
      // The bias' gradient over one row is that row's gradient times the labels in the batch.
      std::vector<double> labels(5);
      const reference::Rows rows = RowsOf(graph, kRows, Missing::kSome);
      for (int r = 0; r < kRows; ++r) {
        for (size_t k = 0; k < 5; ++k) labels[k] += !std::isnan(rows.labels[static_cast<size_t>(r) * 5 + k]);
      }
      std::vector<double> expected(25);
      for (int r = 0; r < kRows; ++r) {
        network.Begin(data, {r}, 5);
        std::vector<std::vector<float>> gradients = SeparateGradients(network, everyone);
        for (std::vector<float>& row : gradients) row.erase(row.begin(), row.begin() + 18);  // the weights
        const std::vector<double> products = Products(gradients, gradients);
        for (size_t i = 0; i < 25; ++i) expected[i] += products[i] / (labels[i / 5] * labels[i % 5]);
      }
      EXPECT_TRUE(ProductsClose(actual, expected, 1e-5));
    }
  }
}

TEST_P(KeptGradientsTest, CombineByWeightsVoteAndTrimmedMean) {
  const std::vector<double> weights = {0.5, -1, 2, 0.25};
  mtl_combination combination;
  mtl_combination_init(&combination);
  const size_t count = separate_[0].size();
  const auto check = [&](const char* what, const std::function<double(size_t)>& expected) {
    SCOPED_TRACE(what);
    Begin(support::Indices(kRows));
    network_.TaskGradients(everyone_);
    const std::vector<double> moved = Step(combination, weights);
    std::vector<double> wanted;
    for (size_t p = 0; p < count; ++p) wanted.push_back(expected(p));
    EXPECT_TRUE(support::Close(moved, wanted, 2e-5));
  };
  check("weights", [&](size_t p) {
    double sum = 0;
    for (size_t i = 0; i < 4; ++i) sum += weights[i] * separate_[i][p];
    return sum;
  });
  combination.kind = MTL_COMBINE_TRIMMED_MEAN;
  combination.trim = 1;
  check("trimmed mean", [&](size_t p) {
    std::vector<double> column;
    for (size_t i = 0; i < 4; ++i) column.push_back(separate_[i][p]);
    std::sort(column.begin(), column.end());
    return (column[1] + column[2]) / 2;
  });
  combination.kind = MTL_COMBINE_SIGN_VOTE;
  combination.leak = 1;
  check("a vote that leaks all", [&](size_t p) {
    double sum = 0;
    for (size_t i = 0; i < 4; ++i) sum += separate_[i][p];
    return sum;
  });
  combination.leak = 0;
  Begin(support::Indices(kRows));
  network_.TaskGradients(everyone_);
  const std::vector<double> moved = Step(combination, weights);
  for (size_t p = 0; p < count; ++p) {
    double positive = 0, negative = 0;
    for (size_t i = 0; i < 4; ++i) (separate_[i][p] > 0 ? positive : negative) += separate_[i][p];
    const double tolerance = 1e-4 * (positive - negative) + 1e-6;
    EXPECT_TRUE(std::abs(moved[p] - positive) <= tolerance || std::abs(moved[p] - negative) <= tolerance)
        << p;
  }
}

TEST_P(KeptGradientsTest, AveragesAndSquaresFollowTheGradients) {
  const std::vector<double> keep = {0.5, 0.5, 0.25, 0}, take = {0.5, 1, 2, 1};
  std::vector<double> products(16);
  network_.TaskGradients(everyone_);
  for (int i = 0; i < 2; ++i) {
    EXPECT_OK(mtl_network_average_gradients(network_.get(), everyone_.data(), 4, keep.data(), take.data(),
                                            products.data()));
  }
  std::vector<std::vector<float>> averages = separate_;
  for (size_t i = 0; i < 4; ++i) {
    for (float& value : averages[i]) value = static_cast<float>((keep[i] * take[i] + take[i]) * value);
  }
  EXPECT_TRUE(ProductsClose(products, Products(averages, averages), 1e-5));
}

TEST_P(KeptGradientsTest, SquaresAddUp) {
  network_.TaskGradients(everyone_);
  std::vector<double> first(4), second(4);
  EXPECT_OK(mtl_network_accumulate_squares(network_.get(), everyone_.data(), 4, first.data()));
  EXPECT_OK(mtl_network_accumulate_squares(network_.get(), everyone_.data(), 4, second.data()));
  for (size_t i = 0; i < 4; ++i) {
    double one = 0, two = 0;
    for (const float g : separate_[i]) {
      one += double{g} * g / std::sqrt(double{g} * g + 1e-7);
      two += double{g} * g / std::sqrt(2 * double{g} * g + 1e-7);
    }
    EXPECT_NEAR(first[i], one, 1e-4 * one);
    EXPECT_NEAR(second[i], two, 1e-4 * two);
  }
}

TEST_P(KeptGradientsTest, ProjectionsAreUnbiased) {
  constexpr int kDirections = 4000;
  std::vector<double> along(4 * kDirections);
  EXPECT_OK(mtl_network_project_gradients(network_.get(), everyone_.data(), 4, kDirections, 7, along.data()));
  const std::vector<double> expected = Products(separate_, separate_);
  std::vector<double> estimate(16);
  for (size_t i = 0; i < 4; ++i) {
    for (size_t j = 0; j < 4; ++j) {
      for (size_t r = 0; r < kDirections; ++r) {
        estimate[i * 4 + j] += along[i * kDirections + r] * along[j * kDirections + r] / kDirections;
      }
    }
  }
  // Six standard errors: the variance of one term is at most 2 |g_i|^2 |g_j|^2.
  EXPECT_TRUE(ProductsClose(estimate, expected, 6 * std::sqrt(2.0 / kDirections)));
  EXPECT_FALSE(ProductsClose(estimate, expected, 1e-4)) << "an estimate, not the products themselves";
}

TEST_P(KeptGradientsTest, AreGoneAfterAStep) {
  mtl_combination combination;
  mtl_combination_init(&combination);
  mtl_update_options options;
  mtl_update_options_init(&options);
  const auto step = [&] {
    return mtl_network_step_combined(network_.get(), everyone_.data(), 4, nullptr, nullptr, &combination,
                                     &options);
  };
  EXPECT_TRUE(support::FailedWith(MTL_INVALID_STATE, step(), {"mtl_network_task_gradients comes first"}));
  network_.TaskGradients(everyone_);
  EXPECT_OK(step());
  EXPECT_TRUE(support::FailedWith(MTL_INVALID_STATE, step(), {"mtl_network_task_gradients comes first"}));
}

INSTANTIATE_TEST_SUITE_P(EveryWay, KeptGradientsTest,
                         testing::Values(Way{1, false}, Way{2, false}, Way{3, true}),
                         [](const testing::TestParamInfo<Way>& info) {
                           return std::to_string(info.param.threads) +
                                  (info.param.by_layers ? "ByLayers" : "ByRows");
                         });

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

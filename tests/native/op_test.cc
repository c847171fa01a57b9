// Every op: values against the double-precision reference, gradients against central differences.
#include <set>

#include "support/compare.h"
#include "support/data.h"
#include "support/network.h"
#include "support/op_cases.h"
#include "support/parameters.h"

namespace {

using reference::Layout;
using reference::Objective;
using reference::Rows;
using support::Close;
using support::Network;
using support::OpCase;

constexpr int kWidths[] = {1, 3, 7, 17, 33, 65, 130};
constexpr int kMaxBatch = 37;
constexpr int kDatasetRows = 45;

class OpTest : public testing::TestWithParam<std::tuple<OpCase, int>> {
 protected:
  const OpCase& op() const { return std::get<0>(GetParam()); }
  int width() const { return std::get<1>(GetParam()); }
};

// First, last and some elements between of every tensor of the shared slice and of the group's heads.
std::vector<int64_t> SomeElements(const Layout& layout, const std::vector<int>& group, uint64_t seed) {
  support::Random random(seed);
  std::set<int64_t> elements;
  for (const reference::Tensor& tensor : layout.tensors) {
    const bool active =
        tensor.owner == MTL_SHARED || std::find(group.begin(), group.end(), tensor.owner) != group.end();
    if (!active) continue;
    elements.insert(tensor.offset);
    elements.insert(tensor.offset + tensor.size() - 1);
    for (int i = 0; i < 10; ++i) {
      elements.insert(tensor.offset + random.Below(static_cast<int>(tensor.size())));
    }
  }
  return {elements.begin(), elements.end()};
}

TEST_P(OpTest, ValuesAgreeWithTheReference) {
  const support::Context context = support::MakeContext();
  Network network(context.get(), support::OpGraph(op(), width()), kMaxBatch);
  const std::vector<double> parameters = support::RandomizeParameters(network, 7);
  for (int count : {1, 5, kMaxBatch, 2 * kMaxBatch + 3}) {
    const Rows rows = support::RandomRows(network.graph(), count, 11 + count);
    const std::vector<double> expected =
        reference::Forward(network.graph(), network.layout()).Outputs(parameters, rows);
    EXPECT_TRUE(Close(network.Predict(rows), expected, 2e-5, count == 1 ? 0.1 : 0.3)) << count << " rows";
  }
}

TEST_P(OpTest, GradientsAgreeWithCentralDifferences) {
  const support::Context context = support::MakeContext();
  Network network(context.get(), support::OpGraph(op(), width()), kMaxBatch);
  const std::vector<double> parameters = support::RandomizeParameters(network, 3);
  const Rows rows = support::RandomRows(network.graph(), kDatasetRows, 5);
  const support::Dataset dataset = support::MakeDataset(context.get(), rows);
  support::Random random(9);
  for (int count : {1, 5, kMaxBatch}) {
    std::vector<int32_t> indices(count);
    for (int32_t& i : indices) i = random.Below(kDatasetRows);
    network.Begin(dataset, indices);
    const Rows batch = rows.Select(indices);
    const reference::DropoutMasks no_masks;
    const Objective objective(network.graph(), network.layout(), batch, no_masks);
    for (const std::vector<int>& group : {std::vector<int>{0}, {1}, {0, 1}}) {
      const std::vector<float> all = network.Gradients(group);
      const std::vector<int64_t> elements = SomeElements(network.layout(), group, count);
      const Objective::Derivatives expected =
          objective.Differentiate(parameters, group, MTL_REDUCTION_SUM, elements);
      std::vector<float> actual;
      for (int64_t element : expected.elements) actual.push_back(all[element]);
      EXPECT_TRUE(Close(actual, expected.values, 1e-4, 0.15))
          << "batch " << count << ", group of " << group.size() << " from " << group[0];
      EXPECT_LE(expected.dropped, static_cast<int>(elements.size()) / 10);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryOpAndWidth, OpTest,
                         testing::Combine(testing::ValuesIn(support::OpCases()), testing::ValuesIn(kWidths)),
                         [](const auto& info) {
                           return std::get<0>(info.param).name + "_" +
                                  std::to_string(std::get<1>(info.param));
                         });

}  // namespace

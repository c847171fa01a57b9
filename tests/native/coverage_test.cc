// Nothing of the C interface may be left without a test: the tables of ops and losses are held against mtl.h.
#include <gtest/gtest.h>

#include <map>

#include "support/header_text.h"
#include "support/loss_cases.h"
#include "support/op_cases.h"

namespace {

TEST(Coverage, EveryOpHasACase) {
  std::set<std::string> covered;
  for (const support::OpCase& op : support::OpCases()) covered.insert(op.function);
  EXPECT_EQ(covered, support::NodeFunctions());
}

TEST(Coverage, EveryActivationHasACase) {
  const std::map<int, std::string> names = {{MTL_RELU, "MTL_RELU"},           {MTL_GELU, "MTL_GELU"},
                                            {MTL_GELU_TANH, "MTL_GELU_TANH"}, {MTL_SILU, "MTL_SILU"},
                                            {MTL_TANH, "MTL_TANH"},           {MTL_SIGMOID, "MTL_SIGMOID"}};
  std::set<std::string> covered;
  for (const support::OpCase& op : support::OpCases()) {
    if (op.activation >= 0) covered.insert(names.at(op.activation));
  }
  EXPECT_EQ(covered, support::Enumerators("mtl_activation"));
}

TEST(Coverage, EveryLossHasACase) {
  std::set<std::string> covered;
  for (const support::LossCase& loss : support::LossCases()) covered.insert(loss.enumerator);
  EXPECT_EQ(covered, support::Enumerators("mtl_loss_kind"));
}

}  // namespace

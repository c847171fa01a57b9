// What the header declares, the library has.
#include <gtest/gtest.h>

#include "function_table.h"
#include "support/header_text.h"

namespace {

TEST(Link, EveryDeclaredFunctionHasAnAddress) {
  std::set<std::string> linked;
  for (const declared_function* f = declared_functions; f->name != nullptr; ++f) {
    EXPECT_NE(f->address, nullptr) << f->name;
    linked.insert(f->name);
  }
  EXPECT_EQ(linked, support::Functions());
}

}  // namespace

// What this process may use of the machine: affinity and control groups count, not the number of processors
// there.
#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#if defined(__linux__)
#include <sched.h>
#endif

#include "cpu/processor.h"
#include "support/handles.h"
#include "support/status.h"

namespace {

double Allowed(const char* text) {
  std::istringstream file(text);
  return mtl::processors_allowed(file);
}

TEST(Processor, TheQuotaOfAControlGroupIsRead) {
  EXPECT_EQ(Allowed("200000 100000\n"), 2.0);
  EXPECT_EQ(Allowed("150000 100000\n"), 1.5);
  EXPECT_EQ(Allowed("10000 100000\n"), 0.1);
  for (const char* text :
       {"max 100000\n", "", "\n", "200000\n", "200000 0\n", "0 100000\n", "-1 100000\n", "two 2\n"}) {
    EXPECT_EQ(Allowed(text), INFINITY) << text;
  }
}

#if defined(__linux__)
TEST(Processor, AContextStartsNoMoreThreadsThanItsAffinityAllows) {
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof(before), &before), 0);
  int first = 0;
  while (!CPU_ISSET(first, &before)) ++first;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(first, &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
  const int32_t usable = mtl::usable_threads();
  int32_t threads = 0;
  {
    const support::Context context = support::MakeContext(0);
    EXPECT_OK(mtl_context_threads(context.get(), &threads));
  }
  ASSERT_EQ(sched_setaffinity(0, sizeof(before), &before), 0);
  EXPECT_EQ(usable, 1);
  EXPECT_EQ(threads, 1);
  EXPECT_GE(mtl::usable_threads(), 1);
  EXPECT_LE(mtl::usable_threads(), CPU_COUNT(&before));
}
#endif

}  // namespace

// Products that run at the same time must not disturb each other: some builds of OpenBLAS mix them up.
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "backend/philox.h"
#include "cpu/gemm.h"
#include "support/handles.h"

namespace mtl {
namespace {

std::vector<float> Numbers(int64_t count, uint32_t stream) {
  std::vector<float> values;
  for (int64_t i = 0; i < count; ++i) {
    const PhiloxWords words = philox({{static_cast<uint32_t>(i), stream, 0, 0}}, 7);
    values.push_back(static_cast<float>(words.word[0]) * 0x1p-31f - 1.0f);
  }
  return values;
}

TEST(Concurrency, ProductsAtTheSameTimeAreThoseOneAfterTheOther) {
  const support::Context context = support::MakeContext(1);  // sets the BLAS up
  for (const auto& [m, n, k] : {std::array<int64_t, 3>{128, 129, 130}, {64, 130, 65}, {256, 512, 512}}) {
    const std::vector<float> a = Numbers(m * k, 0), b = Numbers(n * k, 1);
    const auto product = [&](std::vector<float>& c) {
      gemm(Transpose::kNo, Transpose::kYes, m, n, k, a.data(), k, b.data(), k, 0.0f, c.data(), n);
    };
    std::vector<float> expected(static_cast<size_t>(m * n));
    product(expected);
    int wrong[2] = {0, 0};
    const auto repeat = [&](int* count) {
      std::vector<float> c(expected.size());
      for (int round = 0; round < 1500; ++round) {
        product(c);
        if (std::memcmp(c.data(), expected.data(), c.size() * sizeof(float)) != 0) ++*count;
      }
    };
    std::thread other(repeat, &wrong[1]);
    repeat(&wrong[0]);
    other.join();
    EXPECT_EQ(wrong[0] + wrong[1], 0) << m << " x " << n << " x " << k;
  }
}

#if defined(__linux__)
int64_t ThreadsOfThisProcess() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return std::distance(begin(tasks), end(tasks));
}

TEST(Concurrency, TheBlasStartsNoThreadsOfItsOwn) {
  if (support::OnCuda()) GTEST_SKIP() << "about the BLAS of the processor";
#if defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the thread sanitizer starts a thread of its own";
#endif
  const int64_t before = ThreadsOfThisProcess();
  EXPECT_EQ(before, 1);
  const support::Context one = support::MakeContext(1);
  EXPECT_EQ(ThreadsOfThisProcess(), before);
  const support::Context three = support::MakeContext(3);
  EXPECT_EQ(ThreadsOfThisProcess(), before + 2);
}
#endif

}  // namespace
}  // namespace mtl

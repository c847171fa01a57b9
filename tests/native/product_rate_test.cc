// The yardstick: what a context multiplies, and how fast it says it does.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <vector>

#include "cpu/cpu_backend.h"
#include "support/handles.h"
#include "support/status.h"

namespace {

using support::FailedWith;

TEST(ProductRate, TheProductsAreRight) {
  for (int32_t threads : {1, 3}) {
    mtl::CpuBackend backend(threads);
    for (const auto& [m, n, k] : {std::array<int32_t, 3>{1, 1, 1}, {37, 5, 3}, {5, 70, 11}, {130, 129, 64}}) {
      std::vector<float> a(m * k), b(k * n), c(m * n, NAN);
      for (size_t i = 0; i < a.size(); ++i) a[i] = static_cast<float>(i % 7) - 3;
      for (size_t i = 0; i < b.size(); ++i) b[i] = static_cast<float>(i % 5) - 2;
      backend.matrix_product(a.data(), b.data(), c.data(), m, n, k);
      for (int32_t i = 0; i < m; ++i) {
        for (int32_t j = 0; j < n; ++j) {
          float sum = 0;  // whole numbers: exact
          for (int32_t l = 0; l < k; ++l) sum += a[i * k + l] * b[l * n + j];
          ASSERT_EQ(c[i * n + j], sum) << m << " x " << n << " x " << k << " at " << i << ", " << j;
        }
      }
    }
  }
}

TEST(ProductRate, FitsTheTimeThatTheCallTakes) {
  const support::Context context = support::MakeContext(2);
  for (const double seconds : {0.0, 0.05}) {
    double rate = 0;
    const auto start = std::chrono::steady_clock::now();
    ASSERT_OK(mtl_context_matrix_product_rate(context.get(), 96, 80, 64, seconds, &rate));
    const double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    EXPECT_GE(elapsed, seconds);
    // At least half of the five products of at least that length are in the call.
    EXPECT_GE(rate, 3 * 2.0 * 96 * 80 * 64 / elapsed);
    EXPECT_LE(rate, 1e14);
  }
}

TEST(ProductRate, RefusesWhatItCannotMultiply) {
  const support::Context context = support::MakeContext(1);
  double rate = -7;
  const auto refused = [&](const char* argument, mtl_context* c, int32_t m, int32_t n, int32_t k,
                           double seconds, double* out) {
    EXPECT_TRUE(FailedWith(MTL_INVALID_ARGUMENT, mtl_context_matrix_product_rate(c, m, n, k, seconds, out),
                           {"mtl_context_matrix_product_rate", argument}))
        << argument;
  };
  refused("context", nullptr, 4, 4, 4, 0, &rate);
  refused("out_flops_per_second", context.get(), 4, 4, 4, 0, nullptr);
  for (const int32_t bad : {0, -1, std::numeric_limits<int32_t>::min()}) {
    refused("m", context.get(), bad, 4, 4, 0, &rate);
    refused("n", context.get(), 4, bad, 4, 0, &rate);
    refused("k", context.get(), 4, 4, bad, 0, &rate);
  }
  for (const double bad : {-1.0, static_cast<double>(NAN), std::numeric_limits<double>::infinity()}) {
    refused("seconds", context.get(), 4, 4, 4, bad, &rate);
  }
  const int32_t huge = std::numeric_limits<int32_t>::max();
  EXPECT_TRUE(FailedWith(MTL_OUT_OF_MEMORY,
                         mtl_context_matrix_product_rate(context.get(), huge, huge, huge, 0, &rate),
                         {"mtl_context_matrix_product_rate"}));
  EXPECT_EQ(rate, -7);
}

TEST(ProductRate, EndsOnRequest) {
  const support::Context context = support::MakeContext(1);
  ASSERT_OK(mtl_context_request_cancel(context.get()));
  double rate = -7;
  EXPECT_EQ(mtl_context_matrix_product_rate(context.get(), 8, 8, 8, 60, &rate), MTL_CANCELLED);
  EXPECT_EQ(rate, -7);
}

}  // namespace

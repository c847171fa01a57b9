// Comparisons with a reference. NaN never passes, and neither does a reference that is mostly zero: a result
// nobody computed would agree with it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace support {

// Largest difference over the largest expected magnitude.
template <typename A, typename E>
::testing::AssertionResult Close(const std::vector<A>& actual, const std::vector<E>& expected,
                                 double tolerance, double least_nonzero = 0.5) {
  if (actual.size() != expected.size()) {
    return ::testing::AssertionFailure() << actual.size() << " values, expected " << expected.size();
  }
  double scale = 0;
  size_t nonzero = 0;
  for (const E& e : expected) {
    if (!std::isfinite(static_cast<double>(e))) {
      return ::testing::AssertionFailure() << "the reference is not finite";
    }
    scale = std::max(scale, std::abs(static_cast<double>(e)));
    nonzero += e != 0;
  }
  if (!(static_cast<double>(nonzero) >= least_nonzero * static_cast<double>(expected.size()))) {
    return ::testing::AssertionFailure()
           << "only " << nonzero << " of " << expected.size()
           << " expected values differ from zero: this comparison shows nothing";
  }
  for (size_t i = 0; i < actual.size(); ++i) {
    const double a = static_cast<double>(actual[i]);
    const double e = static_cast<double>(expected[i]);
    if (!(std::abs(a - e) <= tolerance * scale)) {
      return ::testing::AssertionFailure()
             << "element " << i << " of " << actual.size() << ": got " << a << ", expected " << e
             << "; difference " << std::abs(a - e) << " over scale " << scale << " is above " << tolerance;
    }
  }
  return ::testing::AssertionSuccess();
}

// The same bits, NaN included.
template <typename T>
::testing::AssertionResult SameBits(const std::vector<T>& actual, const std::vector<T>& expected) {
  if (actual.size() != expected.size()) {
    return ::testing::AssertionFailure() << actual.size() << " values, expected " << expected.size();
  }
  for (size_t i = 0; i < actual.size(); ++i) {
    if (std::memcmp(&actual[i], &expected[i], sizeof(T)) != 0) {
      return ::testing::AssertionFailure()
             << "element " << i << ": got " << actual[i] << ", expected the bits of " << expected[i];
    }
  }
  return ::testing::AssertionSuccess();
}

// As Close, where NaN is expected exactly where the reference has NaN.
template <typename A, typename E>
::testing::AssertionResult CloseOrUndefined(const std::vector<A>& actual, const std::vector<E>& expected,
                                            double tolerance) {
  std::vector<A> defined_actual;
  std::vector<E> defined_expected;
  for (size_t i = 0; i < expected.size() && i < actual.size(); ++i) {
    if (std::isnan(expected[i]) != std::isnan(actual[i])) {
      return ::testing::AssertionFailure()
             << "element " << i << ": got " << actual[i] << ", expected " << expected[i];
    }
    if (std::isnan(expected[i])) continue;
    defined_actual.push_back(actual[i]);
    defined_expected.push_back(expected[i]);
  }
  if (actual.size() != expected.size()) {
    return ::testing::AssertionFailure() << actual.size() << " values, expected " << expected.size();
  }
  return Close(defined_actual, defined_expected, tolerance);
}

}  // namespace support

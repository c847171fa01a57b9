// Status checks that show the library's own words.
#pragma once

#include <gtest/gtest.h>
#include <mtl/mtl.h>

#include <string>
#include <vector>

namespace support {

inline ::testing::AssertionResult Succeeded(const char* expression, mtl_status status) {
  if (status == MTL_OK) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << expression << ": " << mtl_status_name(status) << ": " << mtl_last_error();
}

// The call failed with `expected`, and the text names each of `words`.
inline ::testing::AssertionResult FailedWith(mtl_status expected, mtl_status actual,
                                             const std::vector<std::string>& words) {
  if (actual != expected) {
    return ::testing::AssertionFailure() << "expected " << mtl_status_name(expected) << ", got "
                                         << mtl_status_name(actual) << " (" << mtl_last_error() << ")";
  }
  const std::string text = mtl_last_error();
  for (const std::string& word : words) {
    if (text.find(word) == std::string::npos) {
      return ::testing::AssertionFailure() << "\"" << text << "\" does not name \"" << word << "\"";
    }
  }
  return ::testing::AssertionSuccess();
}

}  // namespace support

#define EXPECT_OK(call) EXPECT_PRED_FORMAT1(::support::Succeeded, call)
#define ASSERT_OK(call) ASSERT_PRED_FORMAT1(::support::Succeeded, call)

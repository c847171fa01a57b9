// An output buffer between sentinels: writes outside it, and elements never written, are found.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

namespace support {

template <typename T>
class Guarded {
 public:
  explicit Guarded(size_t count) : count_(count), values_(count + 2 * kGuard) {
    std::memset(values_.data(), kPattern, values_.size() * sizeof(T));
  }
  ~Guarded() { EXPECT_TRUE(Untouched()) << "a write out of bounds"; }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;

  T* data() { return values_.data() + kGuard; }
  std::vector<T> values() const { return {values_.begin() + kGuard, values_.begin() + kGuard + count_}; }

  // Both guards hold their pattern still.
  bool Untouched() const {
    for (size_t i = 0; i < kGuard; ++i) {
      if (!Poisoned(i) || !Poisoned(kGuard + count_ + i)) return false;
    }
    return true;
  }
  // Nothing was written at all.
  bool Unwritten() const {
    for (size_t i = 0; i < values_.size(); ++i) {
      if (!Poisoned(i)) return false;
    }
    return true;
  }

 private:
  static constexpr size_t kGuard = 16;
  static constexpr unsigned char kPattern = 0xff;  // NaN as float and double, -1 as integer

  bool Poisoned(size_t i) const {
    unsigned char pattern[sizeof(T)];
    std::memset(pattern, kPattern, sizeof(T));
    return std::memcmp(&values_[i], pattern, sizeof(T)) == 0;
  }

  size_t count_;
  std::vector<T> values_;
};

}  // namespace support

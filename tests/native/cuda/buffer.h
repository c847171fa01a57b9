// Memory of a backend between sentinels, poisoned unless it is given values.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "backend/backend.h"

namespace cuda_test {

template <typename T>
class Buffer {
 public:
  // Poisoned: NaN as float and double, -1 as integer.
  Buffer(mtl::Backend& backend, int64_t count) : backend_(backend), count_(count) {
    std::vector<char> poison(static_cast<size_t>(bytes() + 2 * kGuard), kPattern);
    memory_ = static_cast<char*>(backend.allocate(static_cast<int64_t>(poison.size()), "a buffer"));
    backend.upload(memory_, poison.data(), static_cast<int64_t>(poison.size()));
  }
  Buffer(mtl::Backend& backend, const std::vector<T>& values)
      : Buffer(backend, static_cast<int64_t>(values.size())) {
    backend.upload(data(), values.data(), bytes());
  }
  ~Buffer() {
    std::vector<char> all(static_cast<size_t>(bytes() + 2 * kGuard));
    backend_.download(all.data(), memory_, static_cast<int64_t>(all.size()));
    const std::vector<char> guard(kGuard, kPattern);
    EXPECT_EQ(std::memcmp(all.data(), guard.data(), kGuard), 0) << "a write before the buffer";
    EXPECT_EQ(std::memcmp(all.data() + kGuard + bytes(), guard.data(), kGuard), 0)
        << "a write behind the buffer";
    backend_.release(memory_);
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  T* data() const { return reinterpret_cast<T*>(memory_ + kGuard); }
  std::vector<T> values() const {
    std::vector<T> out(static_cast<size_t>(count_));
    backend_.download(out.data(), data(), bytes());
    return out;
  }

 private:
  static constexpr int64_t kGuard = 64;
  static constexpr char kPattern = static_cast<char>(0xff);

  int64_t bytes() const { return count_ * static_cast<int64_t>(sizeof(T)); }

  mtl::Backend& backend_;
  int64_t count_;
  char* memory_ = nullptr;
};

}  // namespace cuda_test

// A block of backend memory that is released with its owner.
#ifndef MTL_BACKEND_MEMORY_H
#define MTL_BACKEND_MEMORY_H

#include <utility>

#include "backend/backend.h"
#include "backend/size.h"

namespace mtl {

template <typename T>
class Memory {
 public:
  Memory() = default;
  // `count` zeroed elements; none allocates nothing.
  Memory(Backend& backend, int64_t count, const char* what) : backend_(&backend), count_(count) {
    if (count > 0) {
      data_ = static_cast<T*>(
          backend.allocate(checked_product(count, static_cast<int64_t>(sizeof(T)), what), what));
    }
  }
  Memory(Memory&& other) noexcept
      : backend_(other.backend_),
        data_(std::exchange(other.data_, nullptr)),
        count_(std::exchange(other.count_, 0)) {}
  Memory& operator=(Memory&& other) noexcept {
    std::swap(backend_, other.backend_);
    std::swap(data_, other.data_);
    std::swap(count_, other.count_);
    return *this;
  }
  ~Memory() {
    if (data_ != nullptr) backend_->release(data_);
  }

  T* data() const { return data_; }
  int64_t count() const { return count_; }
  int64_t bytes() const { return count_ * static_cast<int64_t>(sizeof(T)); }

 private:
  Backend* backend_ = nullptr;
  T* data_ = nullptr;
  int64_t count_ = 0;
};

}  // namespace mtl

#endif

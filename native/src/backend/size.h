// Sizes computed from numbers that came from outside: products and sums that do not wrap around.
#ifndef MTL_BACKEND_SIZE_H
#define MTL_BACKEND_SIZE_H

#include <cstdint>

#include "backend/error.h"

namespace mtl {

// No size of the core may come near the end of 64 bits; what is larger cannot be had on any machine.
constexpr int64_t kMaxBytes = int64_t{1} << 56;

// a * b, both at least 0; `what` names the thing that has this many elements or bytes.
inline int64_t checked_product(int64_t a, int64_t b, const char* what) {
  if (b != 0 && a > kMaxBytes / b) {
    fail(MTL_OUT_OF_MEMORY, what, ": ", a, " x ", b, " is more than can be addressed");
  }
  return a * b;
}

inline int64_t checked_sum(int64_t a, int64_t b, const char* what) {
  if (a > kMaxBytes - b) fail(MTL_OUT_OF_MEMORY, what, ": ", a, " + ", b, " is more than can be addressed");
  return a + b;
}

// Floats in 64 bytes, the alignment of everything that kernels read.
constexpr int64_t kAlignedFloats = 16;

// The next multiple of kAlignedFloats.
inline int64_t align_floats(int64_t count) {
  return (count + kAlignedFloats - 1) / kAlignedFloats * kAlignedFloats;
}

}  // namespace mtl

#endif

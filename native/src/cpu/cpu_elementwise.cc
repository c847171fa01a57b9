// Element by element: cut into ranges, one per thread, when there are enough.
#include <algorithm>
#include <cstring>

#include "cpu/cpu_backend.h"

namespace mtl {
namespace {

constexpr int64_t kGrain = 8192;       // elements of plain arithmetic worth a second thread
constexpr int64_t kHeavyGrain = 2048;  // of exponentials or random numbers
constexpr int64_t kStep = 64;

int64_t grain_of(mtl_activation kind) {
  return kind == MTL_RELU ? kGrain : kHeavyGrain;
}

}  // namespace

void CpuBackend::activation_forward(mtl_activation kind, const float* x, float* y, int64_t count) {
  for_ranges(count, grain_of(kind), kStep, [&](int64_t begin, int64_t end) {
    kernels_.activation_forward(kind, x + begin, y + begin, end - begin);
  });
}

void CpuBackend::activation_backward(mtl_activation kind, const float* x, const float* y, const float* dy,
                                     float* dx, int64_t count, Write write) {
  const bool accumulate = write == Write::kAccumulate;
  for_ranges(count, grain_of(kind), kStep, [&](int64_t begin, int64_t end) {
    kernels_.activation_backward(kind, x + begin, y + begin, dy + begin, dx + begin, end - begin, accumulate);
  });
}

void CpuBackend::activation_slope(mtl_activation kind, const float* z, const float* y, float* d,
                                  int64_t count) {
  for_ranges(count, grain_of(kind), kStep, [&](int64_t begin, int64_t end) {
    kernels_.activation_slope(kind, z != nullptr ? z + begin : nullptr, y + begin, d + begin, end - begin);
  });
}

void CpuBackend::dropout(const float* x, float* y, int64_t first, int64_t count, float probability,
                         const MaskKey& key, Write write) {
  const bool accumulate = write == Write::kAccumulate;
  for_ranges(count, kHeavyGrain, kDropoutStep, [&](int64_t begin, int64_t end) {
    kernels_.dropout(x + begin, y + begin, first + begin, first + end, probability, key, accumulate);
  });
}

void CpuBackend::add(const float* left, const float* right, float* sum, int64_t count) {
  for_ranges(count, kGrain, kStep, [&](int64_t begin, int64_t end) {
    kernels_.add(left + begin, right + begin, sum + begin, end - begin);
  });
}

void CpuBackend::pass_gradient(const float* dy, float* dx, int64_t count, Write write) {
  if (write == Write::kAccumulate) {
    add(dx, dy, dx, count);
  } else {
    copy(dx, dy, count * static_cast<int64_t>(sizeof(float)));
  }
}

}  // namespace mtl

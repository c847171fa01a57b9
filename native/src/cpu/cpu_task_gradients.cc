// Inner products and sums of the gradients of several tasks.
#include "cpu/cpu_backend.h"

namespace mtl {

void CpuBackend::add_inner_products(const float* rows, int32_t count, int64_t width, int64_t stride,
                                    double* products) {
  kernels_.add_inner_products(rows, count, width, stride, products);
}

double CpuBackend::matched_product(const float* left, int64_t left_stride, const float* right,
                                   int64_t right_stride, float shift, int32_t rows, int32_t columns) {
  return kernels_.matched_product(left, left_stride, right, right_stride, shift, rows, columns);
}

void CpuBackend::weighted_sum(const float* rows, int32_t count, int64_t width, int64_t stride,
                              const double* weights, float* out) {
  constexpr int64_t kGrain = 8192, kStep = 64;
  for_ranges(width, 1 + kGrain / (count + 1), kStep, [&](int64_t begin, int64_t end) {
    kernels_.weighted_sum(rows + begin, count, end - begin, stride, weights, out + begin);
  });
}

}  // namespace mtl

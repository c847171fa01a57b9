// The yardstick that layers are held against: plain products of the BLAS, cut into one block per thread.
#include "cpu/cpu_backend.h"
#include "cpu/gemm.h"

namespace mtl {

void CpuBackend::matrix_product(const float* a, const float* b, float* c, int32_t m, int32_t n, int32_t k) {
  if (m >= n) {
    for_ranges(m, 1, 16, [&](int64_t begin, int64_t end) {
      gemm(Transpose::kNo, Transpose::kNo, end - begin, n, k, a + begin * k, k, b, n, 0.0f, c + begin * n, n);
    });
  } else {
    for_ranges(n, 1, 16, [&](int64_t begin, int64_t end) {
      gemm(Transpose::kNo, Transpose::kNo, m, end - begin, k, a, k, b + begin, n, 0.0f, c + begin, n);
    });
  }
}

}  // namespace mtl

// Matrix products on one thread, through the BLAS. All matrices are row-major.
#ifndef MTL_CPU_GEMM_H
#define MTL_CPU_GEMM_H

#include <cstdint>
#include <string>

namespace mtl {

enum class Transpose { kNo, kYes };

// c [m, n] = op(a) op(b) + beta c; op(a) [m, k], op(b) [k, n]; row lengths as stored.
void gemm(Transpose transpose_a, Transpose transpose_b, int64_t m, int64_t n, int64_t k, const float* a,
          int64_t a_stride, const float* b, int64_t b_stride, float beta, float* c, int64_t c_stride);

// Compares a few odd-shaped products with plain loops; throws MTL_DEVICE_ERROR when one is wrong. Some builds
// of some BLAS libraries choose kernels that are wrong on some processors.
void check_gemm();

// The name and version of the BLAS, as it calls itself.
std::string blas_name();

}  // namespace mtl

#endif

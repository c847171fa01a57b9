#include "cpu/gemm.h"

#include <cmath>
#include <vector>

#include "backend/error.h"
#include "backend/philox.h"

// The two functions of the BLAS this library calls, declared here: headers differ between implementations.
extern "C" {
void cblas_sgemm(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha,
                 const float* a, int a_stride, const float* b, int b_stride, float beta, float* c,
                 int c_stride);
#ifdef MTL_BLAS_IS_OPENBLAS
char* openblas_get_config(void);
#endif
}

namespace mtl {
namespace {

constexpr int kRowMajor = 101, kNoTranspose = 111, kTranspose = 112;

// A product of the given shape with strides longer than the rows; the largest error over the largest value.
double product_error(Transpose transpose_a, Transpose transpose_b, int64_t m, int64_t n, int64_t k) {
  const bool ta = transpose_a == Transpose::kYes, tb = transpose_b == Transpose::kYes;
  const int64_t a_stride = (ta ? m : k) + 3, b_stride = (tb ? k : n) + 1, c_stride = n + 2;
  const auto number = [](int64_t i, uint32_t stream) {
    const PhiloxWords words = philox({{static_cast<uint32_t>(i), stream, 0, 0}}, 1);
    return static_cast<float>(words.word[0]) * 0x1p-31f - 1.0f;
  };
  std::vector<float> a(static_cast<size_t>((ta ? k : m) * a_stride)),
      b(static_cast<size_t>((tb ? n : k) * b_stride));
  std::vector<float> c(static_cast<size_t>(m * c_stride));
  for (size_t i = 0; i < a.size(); ++i) a[i] = number(static_cast<int64_t>(i), 0);
  for (size_t i = 0; i < b.size(); ++i) b[i] = number(static_cast<int64_t>(i), 1);
  for (size_t i = 0; i < c.size(); ++i) c[i] = number(static_cast<int64_t>(i), 2);
  const std::vector<float> before = c;
  gemm(transpose_a, transpose_b, m, n, k, a.data(), a_stride, b.data(), b_stride, 1.0f, c.data(), c_stride);
  double largest_error = 0, largest = 0;
  for (int64_t i = 0; i < m; ++i) {
    for (int64_t j = 0; j < c_stride; ++j) {
      const size_t at = static_cast<size_t>(i * c_stride + j);
      double sum = before[at];
      for (int64_t l = 0; j < n && l < k; ++l) {
        sum += static_cast<double>(ta ? a[static_cast<size_t>(l * a_stride + i)]
                                      : a[static_cast<size_t>(i * a_stride + l)]) *
               (tb ? b[static_cast<size_t>(j * b_stride + l)] : b[static_cast<size_t>(l * b_stride + j)]);
      }
      const double error = std::abs(sum - c[at]);
      if (!(error <= largest_error)) largest_error = error;
      largest = std::max(largest, std::abs(sum));
    }
  }
  return largest_error / largest;
}

}  // namespace

void gemm(Transpose transpose_a, Transpose transpose_b, int64_t m, int64_t n, int64_t k, const float* a,
          int64_t a_stride, const float* b, int64_t b_stride, float beta, float* c, int64_t c_stride) {
  cblas_sgemm(kRowMajor, transpose_a == Transpose::kYes ? kTranspose : kNoTranspose,
              transpose_b == Transpose::kYes ? kTranspose : kNoTranspose, static_cast<int>(m),
              static_cast<int>(n), static_cast<int>(k), 1.0f, a, static_cast<int>(a_stride), b,
              static_cast<int>(b_stride), beta, c, static_cast<int>(c_stride));
}

void check_gemm() {
  constexpr int64_t kShapes[][3] = {{1, 1, 1}, {3, 17, 5}, {33, 31, 67}, {64, 48, 16}, {129, 65, 37}};
  for (const auto& [m, n, k] : kShapes) {
    for (int kind = 0; kind < 3; ++kind) {
      const Transpose ta = kind == 2 ? Transpose::kYes : Transpose::kNo;
      const Transpose tb = kind == 1 ? Transpose::kYes : Transpose::kNo;
      const double error = product_error(ta, tb, m, n, k);
      if (!(error <= 1e-5)) {
        fail(MTL_DEVICE_ERROR, "the BLAS (", blas_name(),
             ") multiplies wrongly on this processor: a product of [", m, ", ", k, "] and [", k, ", ", n,
             "] is off by ", error,
             " relative, expected at most 1e-5. With OpenBLAS, set OPENBLAS_CORETYPE=Haswell, or use a newer "
             "version");
      }
    }
  }
}

std::string blas_name() {
#ifdef MTL_BLAS_IS_OPENBLAS
  return openblas_get_config();
#else
  return "BLAS";
#endif
}

}  // namespace mtl

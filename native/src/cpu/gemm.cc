#include "cpu/gemm.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "backend/error.h"
#include "backend/philox.h"

// The functions of the BLAS this library calls, declared here: headers differ between implementations.
extern "C" {
void cblas_sgemm(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha,
                 const float* a, int a_stride, const float* b, int b_stride, float beta, float* c,
                 int c_stride);
#ifdef MTL_BLAS_IS_OPENBLAS
char* openblas_get_config(void);
int openblas_get_parallel(void);
void openblas_set_num_threads(int threads);
#endif
}

namespace mtl {
namespace {

constexpr int kRowMajor = 101, kNoTranspose = 111, kTranspose = 112;

#ifdef MTL_BLAS_IS_OPENBLAS

constexpr char kThreadsVariable[] = "OPENBLAS_NUM_THREADS";
bool variable_is_ours = false;

// When it is loaded, OpenBLAS starts a thread for every processor, unless this variable says otherwise. Its
// own constructor has no priority, so this one runs before it.
__attribute__((constructor(101))) void keep_blas_from_starting_threads() {
#if !defined(_WIN32)
  if (std::getenv(kThreadsVariable) == nullptr) variable_is_ours = setenv(kThreadsVariable, "1", 1) == 0;
#endif
}

// Products run on the threads of our pool, one product on one thread.
void use_no_blas_threads() {
  openblas_set_num_threads(1);
#if !defined(_WIN32)
  if (variable_is_ours) unsetenv(kThreadsVariable);
  variable_is_ours = false;
#endif
  if (openblas_get_parallel() == 0) {
    fail(
        MTL_DEVICE_ERROR, "the BLAS (", blas_name(),
        ") was built without threads: such an OpenBLAS mixes up products that run at the same time. Link one "
        "built with USE_THREAD=1 (Debian: libopenblas-pthread-dev)");
  }
}

#endif

std::vector<float> numbers(int64_t count, uint32_t stream) {
  std::vector<float> values;
  for (int64_t i = 0; i < count; ++i) {
    const PhiloxWords words = philox({{static_cast<uint32_t>(i), stream, 0, 0}}, 1);
    values.push_back(static_cast<float>(words.word[0]) * 0x1p-31f - 1.0f);
  }
  return values;
}

// The largest error of a product over its largest value; strides are longer than rows. With beta = 0 the
// result holds NaN before, which must not shine through; what lies between the rows must stay.
double product_error(Transpose transpose_a, Transpose transpose_b, int64_t m, int64_t n, int64_t k,
                     float beta) {
  const bool ta = transpose_a == Transpose::kYes, tb = transpose_b == Transpose::kYes;
  const int64_t a_stride = (ta ? m : k) + 3, b_stride = (tb ? k : n) + 1, c_stride = n + 2;
  const std::vector<float> a = numbers((ta ? k : m) * a_stride, 0), b = numbers((tb ? n : k) * b_stride, 1);
  const std::vector<float> before = numbers(m * c_stride, 2);
  std::vector<float> c = before;
  for (int64_t i = 0; beta == 0 && i < m; ++i) std::fill_n(c.begin() + i * c_stride, n, NAN);
  gemm(transpose_a, transpose_b, m, n, k, a.data(), a_stride, b.data(), b_stride, beta, c.data(), c_stride);

  double largest_error = 0, largest = 0;
  for (int64_t i = 0; i < m; ++i) {
    for (int64_t j = 0; j < c_stride; ++j) {
      const size_t at = static_cast<size_t>(i * c_stride + j);
      double sum = j < n ? beta * before[at] : before[at];
      for (int64_t l = 0; j < n && l < k; ++l) {
        const double left = a[static_cast<size_t>(ta ? l * a_stride + i : i * a_stride + l)];
        sum += left * b[static_cast<size_t>(tb ? j * b_stride + l : l * b_stride + j)];
      }
      const double error = std::abs(sum - c[at]);
      if (std::isnan(error)) return error;
      largest_error = std::max(largest_error, error);
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
#ifdef MTL_BLAS_IS_OPENBLAS
  use_no_blas_threads();
#endif
  constexpr int64_t kShapes[][3] = {{1, 1, 1},    {3, 17, 5},    {33, 31, 67},
                                    {64, 48, 16}, {129, 65, 37}, {20, 36, 500}};
  for (const auto& [m, n, k] : kShapes) {
    for (int kind = 0; kind < 6; ++kind) {
      const Transpose ta = kind % 3 == 2 ? Transpose::kYes : Transpose::kNo;
      const Transpose tb = kind % 3 == 1 ? Transpose::kYes : Transpose::kNo;
      const double error = product_error(ta, tb, m, n, k, kind < 3 ? 0.0f : 1.0f);
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

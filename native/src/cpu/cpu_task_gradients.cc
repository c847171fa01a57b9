// Inner products and sums of the gradients of several tasks.
#include <algorithm>
#include <cmath>

#include "backend/philox.h"
#include "cpu/cpu_backend.h"

namespace mtl {

void CpuBackend::add_inner_products(const float* rows, int32_t count, int64_t width, int64_t stride,
                                    double* products) {
  kernels_.add_inner_products(rows, count, width, stride, products);
}

void CpuBackend::add_matched_product(const float* left, int64_t left_stride, const float* right,
                                     int64_t right_stride, float shift, int32_t rows, int32_t columns,
                                     double* sum) {
  *sum += kernels_.matched_product(left, left_stride, right, right_stride, shift, rows, columns);
}

void CpuBackend::weighted_sum(const float* rows, int32_t count, int64_t width, int64_t stride,
                              const double* weights, float* out) {
  constexpr int64_t kGrain = 8192, kStep = 64;
  for_ranges(width, 1 + kGrain / (count + 1), kStep, [&](int64_t begin, int64_t end) {
    kernels_.weighted_sum(rows + begin, count, end - begin, stride, weights, out + begin);
  });
}

void CpuBackend::blend(float* target, const float* source, int64_t count, double keep, double take) {
  const float old = static_cast<float>(keep), fresh = static_cast<float>(take);
  for (int64_t i = 0; i < count; ++i) target[i] = old * target[i] + fresh * source[i];
}

void CpuBackend::accumulate_squares(float* squares, const float* x, int64_t count, double* sum) {
  *sum = 0;
  for (int64_t i = 0; i < count; ++i) {
    const double square = double{x[i]} * x[i];
    squares[i] += static_cast<float>(square);
    *sum += square / std::sqrt(squares[i] + 1e-7);
  }
}

void CpuBackend::sign_vote(const float* matrix, int64_t stride, const int32_t* rows, int32_t count,
                           int64_t first, int64_t width, double leak, uint64_t seed, uint32_t batch,
                           float* out) {
  constexpr uint32_t kStream = 0x64726F70;
  for (int64_t c = 0; c < width; ++c) {
    double positive = 0, negative = 0;
    for (int32_t i = 0; i < count; ++i) {
      const double value = matrix[rows[i] * stride + c];
      (value > 0 ? positive : negative) += value;
    }
    const uint64_t element = static_cast<uint64_t>(first + c);
    const PhiloxWords words = philox(
        {{static_cast<uint32_t>(element), static_cast<uint32_t>(element >> 32), kStream, batch}}, seed);
    const double uniform = words.word[0] * 0x1p-32, size = positive - negative;
    const double vote = size == 0 ? 0.5 : (1 + (positive + negative) / size) / 2;
    out[c] =
        static_cast<float>((vote > uniform ? 1 : leak) * positive + (vote < uniform ? 1 : leak) * negative);
  }
}

void CpuBackend::trimmed_mean(const float* matrix, int64_t stride, const int32_t* rows, int32_t count,
                              int64_t width, int32_t trim, float* column, float* out) {
  const int32_t cut = std::min(trim, (count - 1) / 2);
  for (int64_t c = 0; c < width; ++c) {
    for (int32_t i = 0; i < count; ++i) column[i] = matrix[rows[i] * stride + c];
    std::sort(column, column + count);
    double sum = 0;
    for (int32_t i = cut; i < count - cut; ++i) sum += column[i];
    out[c] = static_cast<float>(sum / (count - 2 * cut));
  }
}

}  // namespace mtl

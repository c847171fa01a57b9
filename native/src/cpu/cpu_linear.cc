// Linear layers. A product is cut into blocks of rows or columns of its result, one per thread.
#include <algorithm>

#include "cpu/cpu_backend.h"
#include "cpu/gemm.h"

namespace mtl {
namespace {

// Below this a second thread costs more than it saves: about 2 microseconds of work.
constexpr int64_t kFlopsPerPart = 200'000;

// OpenBLAS keeps 50 work areas and complains on standard error when more products than that run at once.
constexpr int64_t kMostParts = 32;

int64_t grain(int64_t items, int64_t flops_per_item) {
  return std::max((items + kMostParts - 1) / kMostParts, 1 + kFlopsPerPart / flops_per_item);
}

}  // namespace

// The product x w^T block by block; finish(target, row, rows, column, columns) follows each, on the thread
// that has just written the block.
template <typename Finish>
void CpuBackend::product_blocks(const float* x, const float* w, float* y, int32_t batch, int32_t in,
                                int32_t out, const Finish& finish) {
  const auto block = [&](int64_t row, int64_t rows, int64_t column, int64_t columns) {
    float* const target = y + row * out + column;
    if (rows <= kernels_.most_few_rows) {
      kernels_.few_rows(x + row * in, w + column * in, target, out, rows, columns, in);
    } else {
      gemm(Transpose::kNo, Transpose::kYes, rows, columns, in, x + row * in, in, w + column * in, in, 0.0f,
           target, out);
    }
    finish(row, rows, column, columns);
  };
  if (batch >= out) {
    for_ranges(batch, grain(batch, int64_t{2} * in * out), 16,
               [&](int64_t begin, int64_t end) { block(begin, end - begin, 0, out); });
  } else {
    for_ranges(out, grain(out, int64_t{2} * in * batch), 16,
               [&](int64_t begin, int64_t end) { block(0, batch, begin, end - begin); });
  }
}

void CpuBackend::linear_forward(const float* x, const float* w, const float* bias, float* y, int32_t batch,
                                int32_t in, int32_t out) {
  if (out == 1) {
    const float shift = bias != nullptr ? bias[0] : 0.0f;
    for_ranges(batch, grain(batch, int64_t{2} * in), 1, [&](int64_t begin, int64_t end) {
      kernels_.row_dots(x + begin * in, w, shift, y + begin, end - begin, in);
    });
    return;
  }
  product_blocks(x, w, y, batch, in, out, [&](int64_t row, int64_t rows, int64_t column, int64_t columns) {
    if (bias != nullptr) kernels_.add_bias(y + row * out + column, out, bias + column, rows, columns);
  });
}

void CpuBackend::linear_activation_forward(const float* x, const float* w, const float* bias,
                                           mtl_activation kind, float* z, float* y, int32_t batch, int32_t in,
                                           int32_t out) {
  float* const product = z != nullptr ? z : y;
  product_blocks(x, w, product, batch, in, out,
                 [&](int64_t row, int64_t rows, int64_t column, int64_t columns) {
                   const int64_t at = row * out + column;
                   kernels_.bias_activation(kind, product + at, bias != nullptr ? bias + column : nullptr,
                                            y + at, out, rows, columns);
                 });
}

void CpuBackend::linear_product(const float* x, const float* w, float* y, int32_t batch, int32_t in,
                                int32_t out, Write write) {
  const float beta = write == Write::kAccumulate ? 1.0f : 0.0f;
  for_ranges(batch, grain(batch, int64_t{2} * in * out), 16, [&](int64_t begin, int64_t end) {
    gemm(Transpose::kNo, Transpose::kYes, end - begin, out, in, x + begin * in, in, w, in, beta,
         y + begin * out, out);
  });
}

void CpuBackend::linear_backward_input(const float* dy, const float* w, float* dx, int32_t batch, int32_t in,
                                       int32_t out, Write write) {
  const bool accumulate = write == Write::kAccumulate;
  if (out == 1) {
    for_ranges(batch, grain(batch, int64_t{2} * in), 1, [&](int64_t begin, int64_t end) {
      kernels_.outer(dy + begin, w, dx + begin * in, end - begin, in, accumulate);
    });
    return;
  }
  const float beta = accumulate ? 1.0f : 0.0f;
  if (batch >= in) {
    for_ranges(batch, grain(batch, int64_t{2} * in * out), 16, [&](int64_t begin, int64_t end) {
      gemm(Transpose::kNo, Transpose::kNo, end - begin, in, out, dy + begin * out, out, w, in, beta,
           dx + begin * in, in);
    });
  } else {
    for_ranges(in, grain(in, int64_t{2} * batch * out), 16, [&](int64_t begin, int64_t end) {
      gemm(Transpose::kNo, Transpose::kNo, batch, end - begin, out, dy, out, w + begin, in, beta, dx + begin,
           in);
    });
  }
}

void CpuBackend::linear_backward_parameters(const float* dy, const float* x, float* dw, float* dbias,
                                            int32_t batch, int32_t in, int32_t out, int32_t first,
                                            int32_t count) {
  if (count == 0) return;
  if (out == 1) {
    for_ranges(in, grain(in, int64_t{2} * batch), 64, [&](int64_t begin, int64_t end) {
      kernels_.weighted_column_sums(dy, x + begin, in, dw + begin, batch, end - begin);
    });
    if (dbias != nullptr) kernels_.weighted_column_sums(nullptr, dy, 1, dbias, batch, 1);
    return;
  }
  if (count >= in) {
    for_ranges(count, grain(count, int64_t{2} * batch * in), 16, [&](int64_t begin, int64_t end) {
      const int64_t row = first + begin;
      gemm(Transpose::kYes, Transpose::kNo, end - begin, in, batch, dy + row, out, x, in, 0.0f,
           dw + begin * in, in);
      if (dbias != nullptr) {
        kernels_.weighted_column_sums(nullptr, dy + row, out, dbias + begin, batch, end - begin);
      }
    });
    return;
  }
  for_ranges(in, grain(in, int64_t{2} * batch * count), 16, [&](int64_t begin, int64_t end) {
    gemm(Transpose::kYes, Transpose::kNo, count, end - begin, batch, dy + first, out, x + begin, in, 0.0f,
         dw + begin, in);
    if (dbias != nullptr && begin == 0) {
      kernels_.weighted_column_sums(nullptr, dy + first, out, dbias, batch, count);
    }
  });
}

}  // namespace mtl

#include "matrix_product.h"

#include <cstring>
#include <vector>

namespace emulation {

namespace {

// A factor as the tensor cores see it: with `dropped` bits of the mantissa rounded away, half to even.
float rounded(float value, int dropped) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  if (dropped == 0 || (bits & 0x7f800000u) == 0x7f800000u) return value;
  const uint32_t unit = 1u << dropped;
  bits += unit / 2 - 1 + (bits / unit & 1);
  bits &= ~(unit - 1);
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

int dropped_bits(cublasComputeType_t compute) {
  switch (compute) {
    case CUBLAS_COMPUTE_32F_FAST_TF32:
      return 13;
    case CUBLAS_COMPUTE_32F_FAST_16BF:
      return 16;
    default:
      return 0;
  }
}

float element(const void* matrix, const MatrixLayout& layout, uint64_t row, uint64_t column) {
  const size_t at = column * static_cast<uint64_t>(layout.leading) + row;
  if (layout.type == CUDA_R_32F) return static_cast<const float*>(matrix)[at];
  const uint32_t bits = uint32_t{static_cast<const uint16_t*>(matrix)[at]} << 16;
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

// op(matrix) [rows, columns], row by row, rounded as the compute type wants it.
std::vector<double> factor(const void* matrix, const MatrixLayout& layout, bool transpose, uint64_t rows,
                           uint64_t columns, int dropped) {
  std::vector<double> values(rows * columns);
  for (uint64_t r = 0; r < rows; ++r) {
    for (uint64_t c = 0; c < columns; ++c) {
      values[r * columns + c] =
          rounded(transpose ? element(matrix, layout, c, r) : element(matrix, layout, r, c), dropped);
    }
  }
  return values;
}

}  // namespace

void multiply(const Product& product, float alpha, const void* a, const void* b, float beta, const float* c,
              float* d, float* bias) {
  const auto& [description, a_layout, b_layout, c_layout, d_layout, m, n, k] = product;
  const int dropped = dropped_bits(description.compute);
  const cublasLtEpilogue_t epilogue = description.epilogue;
  // Columns of d are far apart, so it is computed transposed: for each of its columns, a row of sums.
  const std::vector<double> left =
      factor(b, b_layout, description.transpose_b == CUBLAS_OP_N, n, k, dropped);  // op(b)^T
  const std::vector<double> right =
      factor(a, a_layout, description.transpose_a == CUBLAS_OP_N, k, m, dropped);  // op(a)^T
  std::vector<double> sums(m);
  for (uint64_t column = 0; column < n; ++column) {
    std::fill(sums.begin(), sums.end(), 0.0);
    for (uint64_t i = 0; i < k; ++i) {
      const double scale = left[column * k + i];
      const double* row = &right[i * m];
      for (uint64_t j = 0; j < m; ++j) sums[j] += scale * row[j];
    }
    for (uint64_t row = 0; row < m; ++row) {
      double value = alpha * sums[row];
      // c is not read when beta is 0: it may hold anything.
      if (beta != 0) value += double{beta} * c[column * static_cast<uint64_t>(c_layout.leading) + row];
      if (epilogue == CUBLASLT_EPILOGUE_BIAS || epilogue == CUBLASLT_EPILOGUE_RELU_BIAS) value += bias[row];
      const bool relu = epilogue == CUBLASLT_EPILOGUE_RELU || epilogue == CUBLASLT_EPILOGUE_RELU_BIAS;
      // As the device takes a maximum: NaN gives 0.
      if (relu && !(value > 0)) value = 0;
      d[column * static_cast<uint64_t>(d_layout.leading) + row] = static_cast<float>(value);
    }
  }
  if (epilogue == CUBLASLT_EPILOGUE_BGRADA) {
    for (uint64_t row = 0; row < m; ++row) {
      double sum = 0;
      for (uint64_t i = 0; i < k; ++i) sum += right[i * m + row];
      bias[row] = static_cast<float>(sum);
    }
  }
  if (epilogue == CUBLASLT_EPILOGUE_BGRADB) {
    for (uint64_t column = 0; column < n; ++column) {
      double sum = 0;
      for (uint64_t i = 0; i < k; ++i) sum += left[column * k + i];
      bias[column] = static_cast<float>(sum);
    }
  }
}

}  // namespace emulation

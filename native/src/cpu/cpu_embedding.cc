// Table look-up, and copies between matrices of different widths.
#include <cstring>

#include "cpu/cpu_backend.h"

namespace mtl {

void CpuBackend::embedding_forward(const float* table, const int32_t* codes, int32_t columns, int32_t column,
                                   float* y, int32_t batch, int32_t width) {
  for (int64_t i = 0; i < batch; ++i) {
    std::memcpy(y + i * width, table + int64_t{codes[i * columns + column]} * width,
                static_cast<size_t>(width) * sizeof(float));
  }
}

void CpuBackend::embedding_backward(const float* dy, const int32_t* codes, int32_t columns, int32_t column,
                                    float* dtable, int32_t categories, int32_t batch, int32_t width) {
  zero(dtable, int64_t{categories} * width * static_cast<int64_t>(sizeof(float)));
  for (int64_t i = 0; i < batch; ++i) {
    float* row = dtable + int64_t{codes[i * columns + column]} * width;
    kernels_.add(row, dy + i * width, row, width);
  }
}

void CpuBackend::copy_columns(const float* source, int32_t source_stride, int32_t source_column,
                              float* target, int32_t target_stride, int32_t target_column, int32_t batch,
                              int32_t width, Write write) {
  if (width == 1) {
    const float* from = source + source_column;
    float* to = target + target_column;
    for (int64_t i = 0; i < batch; ++i) {
      const float old = write == Write::kAccumulate ? to[i * target_stride] : 0.0f;
      to[i * target_stride] = old + from[i * source_stride];
    }
    return;
  }
  for (int64_t i = 0; i < batch; ++i) {
    const float* from = source + i * source_stride + source_column;
    float* to = target + i * target_stride + target_column;
    if (write == Write::kAccumulate) {
      kernels_.add(to, from, to, width);
    } else {
      std::memcpy(to, from, static_cast<size_t>(width) * sizeof(float));
    }
  }
}

}  // namespace mtl

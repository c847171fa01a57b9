// Gathering a batch.
#include <cstring>

#include "cpu/cpu_backend.h"

namespace mtl {

void CpuBackend::gather_rows(const void* table, int32_t width, const int32_t* rows, int32_t count,
                             void* out) {
  const size_t bytes = static_cast<size_t>(width) * 4;
  for (int32_t i = 0; i < count; ++i) {
    std::memcpy(static_cast<char*>(out) + static_cast<size_t>(i) * bytes,
                static_cast<const char*>(table) + static_cast<size_t>(rows[i]) * bytes, bytes);
  }
}

void CpuBackend::gather_columns(const float* table, int32_t width, const int32_t* rows, int32_t count,
                                float* out, int64_t stride) {
  for (int32_t i = 0; i < count; ++i) {
    const float* row = table + int64_t{rows[i]} * width;
    for (int32_t j = 0; j < width; ++j) out[j * stride + i] = row[j];
  }
}

}  // namespace mtl

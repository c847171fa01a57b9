// Gathering a batch and looking at its values.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "cpu/cpu_backend.h"
#include "cpu/loss_label.h"

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

int64_t CpuBackend::first_not_finite(const float* values, int64_t count) {
  if (kernels_.all_finite(values, count)) return -1;
  return std::find_if_not(values, values + count, [](float value) { return std::isfinite(value); }) - values;
}

int64_t CpuBackend::first_bad_code(const int32_t* codes, int32_t columns, int32_t column, int32_t categories,
                                   int32_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const int32_t code = codes[i * columns + column];
    if (code < 0 || code >= categories) return i;
  }
  return -1;
}

LabelSummary CpuBackend::summarize_labels(const LossSpec& spec, const float* labels, int32_t count) {
  LabelSummary summary;
  for (int32_t i = 0; i < count; ++i) {
    if (is_missing(spec, labels[i])) continue;
    if (!is_valid_label(spec, labels[i])) {
      summary.first_invalid = i;
      summary.invalid_value = labels[i];
      return summary;
    }
    if (summary.labelled++ == 0) summary.first_labelled = i;
    summary.last_labelled = i;
    summary.weight +=
        spec.class_weights != nullptr ? spec.class_weights[static_cast<int32_t>(labels[i])] : 1.0;
  }
  return summary;
}

}  // namespace mtl

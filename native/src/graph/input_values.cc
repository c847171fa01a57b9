#include "graph/input_values.h"

#include <cmath>

#include "backend/error.h"
#include "graph/dataset.h"

namespace mtl {
namespace {

// For a row of which some feature is not finite.
[[noreturn]] void refuse_features(const float* features, int64_t row) {
  int64_t column = 0;
  while (std::isfinite(features[column])) ++column;
  fail(MTL_INVALID_ARGUMENT, "features of row ", row, ", column ", column, " must be finite, but are ",
       features[column]);
}

void check_code(const CodeRange& range, int64_t row, int32_t code) {
  if (code >= 0 && code < range.categories) return;
  fail(MTL_INVALID_ARGUMENT, "codes of row ", row, ", column ", range.column, " must be in [0, ",
       range.categories, "), the categories of node ", range.node, ", but are ", code);
}

}  // namespace

bool all_finite(const float* values, int64_t count) {
  // 0 * x is 0 for finite x, else NaN.
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < count; ++i) sum += 0.0f * values[i];
  return sum == 0.0f;
}

void require_inputs(const InputValues& inputs, const GivenInputs& given) {
  require(given.features != nullptr || inputs.feature_columns == 0, "features is NULL, but the network has ",
          inputs.feature_columns, " features");
  require(given.codes != nullptr || inputs.code_columns == 0, "categories is NULL, but the network has ",
          inputs.code_columns, " categorical columns");
}

void check_given_values(const InputValues& inputs, const std::vector<CodeRange>& ranges,
                        const GivenInputs& given, int64_t first_row, int32_t count) {
  const int64_t width = inputs.feature_columns, columns = inputs.code_columns, end = first_row + count;
  if (width > 0 && !all_finite(given.features + first_row * width, count * width)) {
    for (int64_t row = first_row; row < end; ++row) {
      const float* const features = given.features + row * width;
      if (!all_finite(features, width)) refuse_features(features, row);
    }
  }
  for (const CodeRange& range : ranges) {
    for (int64_t row = first_row; row < end; ++row) {
      check_code(range, row, given.codes[row * columns + range.column]);
    }
  }
}

void check_row_values(const Dataset& dataset, const std::vector<CodeRange>& ranges, const int32_t* rows,
                      int32_t count) {
  for (int32_t i = 0; i < count; ++i) {
    if (dataset.is_finite(rows[i])) continue;
    const int64_t width = dataset.features();
    std::vector<float> features(static_cast<size_t>(width));
    dataset.context()->backend().download(features.data(), dataset.feature_values() + rows[i] * width,
                                          width * static_cast<int64_t>(sizeof(float)));
    refuse_features(features.data(), rows[i]);
  }
  const int32_t* const codes = dataset.host_codes();
  for (const CodeRange& range : ranges) {
    for (int32_t i = 0; i < count; ++i) {
      check_code(range, rows[i], codes[int64_t{rows[i]} * dataset.columns() + range.column]);
    }
  }
}

void upload_input_values(Backend& backend, const InputValues& inputs, const GivenInputs& given,
                         int64_t first_row, int32_t count) {
  if (inputs.feature_columns > 0) {
    backend.upload(inputs.features, given.features + first_row * inputs.feature_columns,
                   int64_t{count} * inputs.feature_columns * static_cast<int64_t>(sizeof(float)));
  }
  if (inputs.code_columns > 0) {
    backend.upload(inputs.codes, given.codes + first_row * inputs.code_columns,
                   int64_t{count} * inputs.code_columns * static_cast<int64_t>(sizeof(int32_t)));
  }
}

}  // namespace mtl

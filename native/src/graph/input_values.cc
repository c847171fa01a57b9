#include "graph/input_values.h"

#include "backend/error.h"

namespace mtl {

void check_input_values(Backend& backend, const InputValues& inputs, const std::vector<CodeRange>& ranges,
                        int32_t count, const int32_t* row_of, int64_t first_row) {
  const auto row_name = [&](int64_t place) { return row_of != nullptr ? row_of[place] : first_row + place; };
  if (inputs.feature_columns > 0) {
    const int64_t bad = backend.first_not_finite(inputs.features, int64_t{count} * inputs.feature_columns);
    if (bad >= 0) {
      float value = 0;
      backend.download(&value, inputs.features + bad, sizeof(float));
      fail(MTL_INVALID_ARGUMENT, "features of row ", row_name(bad / inputs.feature_columns), ", column ",
           bad % inputs.feature_columns, " must be finite, but are ", value);
    }
  }
  for (const CodeRange& range : ranges) {
    const int64_t bad =
        backend.first_bad_code(inputs.codes, inputs.code_columns, range.column, range.categories, count);
    if (bad >= 0) {
      int32_t code = 0;
      backend.download(&code, inputs.codes + bad * inputs.code_columns + range.column, sizeof(int32_t));
      fail(MTL_INVALID_ARGUMENT, "codes of row ", row_name(bad), ", column ", range.column,
           " must be in [0, ", range.categories, "), the categories of node ", range.node, ", but are ",
           code);
    }
  }
}

void require_inputs(const InputValues& inputs, const float* features, const int32_t* codes) {
  require(features != nullptr || inputs.feature_columns == 0, "features is NULL, but the network has ",
          inputs.feature_columns, " features");
  require(codes != nullptr || inputs.code_columns == 0, "categories is NULL, but the network has ",
          inputs.code_columns, " categorical columns");
}

void load_input_values(Backend& backend, const InputValues& inputs, const std::vector<CodeRange>& ranges,
                       const float* features, const int32_t* codes, int64_t first_row, int32_t count) {
  if (inputs.feature_columns > 0) {
    backend.upload(inputs.features, features + first_row * inputs.feature_columns,
                   int64_t{count} * inputs.feature_columns * static_cast<int64_t>(sizeof(float)));
  }
  if (inputs.code_columns > 0) {
    backend.upload(inputs.codes, codes + first_row * inputs.code_columns,
                   int64_t{count} * inputs.code_columns * static_cast<int64_t>(sizeof(int32_t)));
  }
  check_input_values(backend, inputs, ranges, count, nullptr, first_row);
}

}  // namespace mtl

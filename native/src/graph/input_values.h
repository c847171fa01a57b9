// Values of inputs: bringing them to the device, and whether they can be used (finite features, and codes
// inside their tables), which is decided on the host.
#ifndef MTL_GRAPH_INPUT_VALUES_H
#define MTL_GRAPH_INPUT_VALUES_H

#include <algorithm>
#include <vector>

#include "backend/backend.h"
#include "graph/graph.h"

namespace mtl {

class Dataset;

// Where a network has its inputs, in the memory of the device.
struct InputValues {
  float* features;  // [count, feature_columns]; nullptr without columns
  int32_t feature_columns;
  int32_t* codes;  // [count, code_columns]
  int32_t code_columns;
};

// What a caller gave (host), from row `first_row` on.
struct GivenInputs {
  const float* features;  // [rows, feature_columns]
  const int32_t* codes;   // [rows, code_columns]
};

bool all_finite(const float* values, int64_t count);

// Throws MTL_INVALID_ARGUMENT when inputs that the network has are not given.
void require_inputs(const InputValues& inputs, const GivenInputs& given);

// Throw MTL_INVALID_ARGUMENT for the first value that cannot be used: of rows first_row ... first_row +
// count - 1 of what the caller gave, or of the named rows of a data set.
void check_given_values(const InputValues& inputs, const std::vector<CodeRange>& ranges,
                        const GivenInputs& given, int64_t first_row, int32_t count);
void check_row_values(const Dataset& dataset, const std::vector<CodeRange>& ranges, const int32_t* rows,
                      int32_t count);

// Copies rows first_row ... first_row + count - 1 of what the caller gave to the device.
void upload_input_values(Backend& backend, const InputValues& inputs, const GivenInputs& given,
                         int64_t first_row, int32_t count);

// body(first, count) for the rows from `first` on, in chunks of at most `most` rows.
template <typename Body>
void in_chunks(int64_t rows, int32_t most, const Body& body) {
  for (int64_t first = 0; first < rows; first += most) {
    body(first, static_cast<int32_t>(std::min<int64_t>(most, rows - first)));
  }
}

}  // namespace mtl

#endif

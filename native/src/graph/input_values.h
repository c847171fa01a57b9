// Inputs on the device: bringing them there, and whether they can be used (finite features, and codes inside
// their tables).
#ifndef MTL_GRAPH_INPUT_VALUES_H
#define MTL_GRAPH_INPUT_VALUES_H

#include <algorithm>
#include <vector>

#include "backend/backend.h"
#include "graph/graph.h"

namespace mtl {

struct InputValues {
  float* features;  // [count, feature_columns]; nullptr without columns
  int32_t feature_columns;
  int32_t* codes;  // [count, code_columns]
  int32_t code_columns;
};

// Throws MTL_INVALID_ARGUMENT for the first value that cannot be used. row_of: the number under which a row
// is known outside; nullptr: first_row + its place.
void check_input_values(Backend& backend, const InputValues& inputs, const std::vector<CodeRange>& ranges,
                        int32_t count, const int32_t* row_of, int64_t first_row);

// Throws MTL_INVALID_ARGUMENT when inputs that the network has are not given.
void require_inputs(const InputValues& inputs, const float* features, const int32_t* codes);

// Copies rows first_row ... first_row + count - 1 of what the caller gave (host), and checks them.
void load_input_values(Backend& backend, const InputValues& inputs, const std::vector<CodeRange>& ranges,
                       const float* features, const int32_t* codes, int64_t first_row, int32_t count);

// body(first, count) for the rows from `first` on, in chunks of at most `most` rows.
template <typename Body>
void in_chunks(int64_t rows, int32_t most, const Body& body) {
  for (int64_t first = 0; first < rows; first += most) {
    body(first, static_cast<int32_t>(std::min<int64_t>(most, rows - first)));
  }
}

}  // namespace mtl

#endif

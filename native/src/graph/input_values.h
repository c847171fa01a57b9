// Whether inputs on the device can be used: finite features, and codes inside their tables.
#ifndef MTL_GRAPH_INPUT_VALUES_H
#define MTL_GRAPH_INPUT_VALUES_H

#include <vector>

#include "backend/backend.h"
#include "graph/graph.h"

namespace mtl {

struct InputValues {
  const float* features;  // [count, feature_columns]; unread without columns
  int32_t feature_columns;
  const int32_t* codes;  // [count, code_columns]
  int32_t code_columns;
};

// Throws MTL_INVALID_ARGUMENT for the first value that cannot be used. row_of: the number under which a row
// is known outside; nullptr: first_row + its place.
void check_input_values(Backend& backend, const InputValues& inputs, const std::vector<CodeRange>& ranges,
                        int32_t count, const int32_t* row_of, int64_t first_row);

}  // namespace mtl

#endif

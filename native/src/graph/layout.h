// Where each parameter tensor lies in the flat arrays: [shared | task 0 | task 1 | ...], every slice aligned.
#ifndef MTL_GRAPH_LAYOUT_H
#define MTL_GRAPH_LAYOUT_H

#include <vector>

#include "graph/graph.h"

namespace mtl {

struct Tensor {
  int32_t node;
  int32_t index;  // among the parameters of the node
  ParameterShape shape;
  int32_t owner;
  int64_t offset;
  int64_t count;
};

struct Slice {
  int64_t offset = 0;
  int64_t count = 0;  // without the padding behind it
};

struct Layout {
  std::vector<Tensor> tensors;
  std::vector<Slice> slices;  // [0]: shared, [k + 1]: task k
  int64_t elements = 0;       // padding included
};

Layout plan_layout(const Graph& graph);

}  // namespace mtl

#endif

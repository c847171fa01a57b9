#include "graph/layout.h"

#include <algorithm>

#include "backend/size.h"

namespace mtl {

Layout plan_layout(const Graph& graph) {
  Layout layout;
  for (size_t n = 0; n < graph.nodes().size(); ++n) {
    const GraphNode& node = graph.nodes()[n];
    const std::vector<ParameterShape> shapes = node.op->parameters();
    for (size_t i = 0; i < shapes.size(); ++i) {
      layout.tensors.push_back({static_cast<int32_t>(n), static_cast<int32_t>(i), shapes[i], node.owner, 0,
                                checked_product(shapes[i].rows, shapes[i].columns, "a parameter tensor")});
    }
  }
  std::stable_sort(layout.tensors.begin(), layout.tensors.end(),
                   [](const Tensor& a, const Tensor& b) { return a.owner < b.owner; });

  layout.slices.resize(static_cast<size_t>(graph.tasks()) + 1);
  size_t next = 0;
  int64_t offset = 0;
  for (size_t s = 0; s < layout.slices.size(); ++s) {
    layout.slices[s].offset = offset;
    for (; next < layout.tensors.size() && layout.tensors[next].owner + 1 == static_cast<int32_t>(s);
         ++next) {
      layout.tensors[next].offset = offset;
      offset = checked_sum(offset, layout.tensors[next].count, "the parameters");
    }
    layout.slices[s].count = offset - layout.slices[s].offset;
    offset = align_floats(offset);
  }
  layout.elements = offset;
  return layout;
}

}  // namespace mtl

// Inner products of task gradients as any op can have them: all gradients side by side.
#include "ops/op.h"

namespace mtl {
int64_t Op::least_scratch(int64_t tasks, int64_t) const {
  int64_t count = 0;
  for (const ParameterShape& shape : parameters()) count += int64_t{shape.rows} * shape.columns;
  return tasks * count;
}

void Op::add_task_products(const Pass& pass, const NodeMemory& node, std::span<const TaskRows> tasks, Part,
                           Scratch scratch, double* products) const {
  int64_t count = 0;
  for (const int64_t floats : node.tensor_floats) count += floats;
  for (size_t t = 0; t < tasks.size(); ++t) {
    ParameterGradients gradients{};
    float* place = scratch.floats + static_cast<int64_t>(t) * count;
    for (size_t i = 0; i < node.tensor_floats.size(); place += node.tensor_floats[i++]) gradients[i] = place;
    Pass rows = pass;
    rows.first = tasks[t].first;
    rows.rows = tasks[t].rows;
    rows.gradient_row = 0;
    backward_parameters(rows, node, tasks[t].delta, gradients, {0, 1});
  }
  pass.backend.add_inner_products(scratch.floats, static_cast<int32_t>(tasks.size()), count, count, products);
}

}  // namespace mtl

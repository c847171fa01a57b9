// Inner products of task gradients as any op can have them: all gradients side by side.
#include "ops/op.h"

namespace mtl {
namespace {

int64_t parameter_count(const Op& op) {
  int64_t count = 0;
  for (const ParameterShape& shape : op.parameters()) count += int64_t{shape.rows} * shape.columns;
  return count;
}

}  // namespace

int64_t Op::least_scratch(int64_t tasks, int64_t) const {
  return tasks * parameter_count(*this);
}

void Op::add_task_products(const Pass& pass, const NodeMemory& node, std::span<const TaskRows> tasks, Part,
                           Scratch scratch, double* products) const {
  const int64_t count = parameter_count(*this);
  for (size_t t = 0; t < tasks.size(); ++t) {
    ParameterGradients gradients{};
    float* place = scratch.floats + static_cast<int64_t>(t) * count;
    size_t tensor = 0;
    for (const ParameterShape& shape : parameters()) {
      gradients[tensor++] = place;
      place += int64_t{shape.rows} * shape.columns;
    }
    Pass rows = pass;
    rows.first = tasks[t].first;
    rows.rows = tasks[t].rows;
    rows.gradient_row = 0;
    backward_parameters(rows, node, tasks[t].delta, gradients, {0, 1});
  }
  pass.backend.add_inner_products(scratch.floats, static_cast<int32_t>(tasks.size()), count, count, products);
}

}  // namespace mtl

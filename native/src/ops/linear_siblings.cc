#include "ops/linear_siblings.h"

#include <utility>

#include "backend/size.h"

namespace mtl {
namespace {

constexpr int64_t kFloat = sizeof(float);

int32_t columns_of(const std::vector<LinearSiblings::Layer>& layers) {
  int32_t columns = 0;
  for (const LinearSiblings::Layer& layer : layers) columns += layer.out;
  return columns;
}

}  // namespace

LinearSiblings::LinearSiblings(int32_t in, int32_t columns, int32_t max_batch)
    : in_(in), columns_(columns), max_batch_(max_batch) {}

int64_t LinearSiblings::floats() const {
  const int64_t weights = align_floats(checked_product(columns_, in_, "the weights of sibling layers"));
  const int64_t values = align_floats(checked_product(columns_, max_batch_, "the values of sibling layers"));
  const int64_t both = checked_sum(values, align_floats(columns_), "sibling layers");
  return checked_sum(3 * weights, 2 * both, "sibling layers");
}

void LinearSiblings::place(float* memory, std::vector<Layer> layers) {
  layers_ = std::move(layers);
  backward_.reserve(layers_.size());
  const int64_t weights = align_floats(int64_t{columns_} * in_);
  const int64_t values = align_floats(int64_t{columns_} * max_batch_);
  weights_ = memory;
  backward_weights_ = weights_ + weights;
  weight_gradients_ = backward_weights_ + weights;
  values_ = weight_gradients_ + weights;
  deltas_ = values_ + values;
  bias_ = deltas_ + values;
  bias_gradients_ = bias_ + align_floats(columns_);
}

void LinearSiblings::join_parameters(Backend& backend) const {
  int64_t column = 0;
  for (const Layer& layer : layers_) {
    backend.copy(weights_ + column * in_, layer.node->parameters[0], int64_t{layer.out} * in_ * kFloat);
    if (layer.node->parameters.size() > 1) {
      backend.copy(bias_ + column, layer.node->parameters[1], layer.out * kFloat);
    } else {
      backend.zero(bias_ + column, layer.out * kFloat);
    }
    column += layer.out;
  }
  column = 0;
  for (const Layer& layer : backward_) {
    backend.copy(backward_weights_ + column * in_, layer.node->parameters[0],
                 int64_t{layer.out} * in_ * kFloat);
    column += layer.out;
  }
}

void LinearSiblings::forward(const Pass& pass, const float* x) const {
  float* const values = values_ + pass.value_at(columns_);
  pass.backend.linear_forward(x + pass.value_at(in_), weights_, bias_, values, pass.rows, in_, columns_);
  int32_t column = 0;
  for (const Layer& layer : layers_) {
    pass.backend.copy_columns(values, columns_, column, layer.node->value + pass.value_at(layer.out),
                              layer.out, 0, pass.rows, layer.out, Write::kOverwrite);
    column += layer.out;
  }
}

void LinearSiblings::join_deltas(const Pass& pass) const {
  const int32_t columns = columns_of(backward_);
  int32_t column = 0;
  for (const Layer& layer : backward_) {
    pass.backend.copy_columns(layer.delta + pass.gradient_at(layer.out), layer.out, 0,
                              deltas_ + pass.gradient_at(columns), columns, column, pass.rows, layer.out,
                              Write::kOverwrite);
    column += layer.out;
  }
}

void LinearSiblings::backward_inputs(const Pass& pass, const InputGradient& input) const {
  const int32_t columns = columns_of(backward_);
  pass.backend.linear_backward_input(deltas_ + pass.gradient_at(columns), backward_weights_,
                                     input.delta + pass.gradient_at(in_), pass.rows, in_, columns,
                                     input.write);
}

void LinearSiblings::backward_parameters(Backend& backend, const float* x, int32_t batch) const {
  const int32_t columns = columns_of(backward_);
  backend.linear_backward_parameters(deltas_, x, weight_gradients_, bias_gradients_, batch, in_, columns, 0,
                                     columns);
  int64_t column = 0;
  for (const Layer& layer : backward_) {
    backend.copy(layer.node->gradients[0], weight_gradients_ + column * in_,
                 int64_t{layer.out} * in_ * kFloat);
    if (layer.node->gradients.size() > 1) {
      backend.copy(layer.node->gradients[1], bias_gradients_ + column, layer.out * kFloat);
    }
    column += layer.out;
  }
}

int64_t LinearSiblings::product_scratch() const {
  return 2 * align_floats(int64_t{columns_} * columns_);
}

int64_t LinearSiblings::multiply_for_products(Backend& backend, int32_t batch, float* scratch) const {
  const int32_t columns = columns_of(backward_);
  float* const weights = scratch + align_floats(int64_t{columns} * columns);
  backend.linear_backward_parameters(deltas_, deltas_, scratch, nullptr, batch, columns, columns, 0, columns);
  backend.linear_forward(backward_weights_, backward_weights_, nullptr, weights, columns, in_, columns);
  return columns;
}

}  // namespace mtl

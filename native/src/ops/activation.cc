// y = f(x), element by element.
#include "ops/op.h"

namespace mtl {
namespace {

class Activation final : public Op {
 public:
  Activation(int32_t width, mtl_activation kind) : width_(width), kind_(kind) {}
  const char* name() const override { return "activation"; }
  int32_t width() const override { return width_; }
  int64_t cost_per_row() const override { return int64_t{16} * width_; }

  void forward(const Pass& pass, const NodeMemory& node) const override {
    const int64_t at = pass.value_at(width_);
    pass.backend.activation_forward(kind_, node.inputs[0] + at, node.value + at, int64_t{pass.rows} * width_);
  }

  void backward_inputs(const Pass& pass, const NodeMemory& node, const float* delta,
                       std::span<const InputGradient> inputs) const override {
    if (inputs[0].delta == nullptr) return;
    const int64_t at = pass.value_at(width_);
    const int64_t gradient = pass.gradient_at(width_);
    pass.backend.activation_backward(kind_, node.inputs[0] + at, node.value + at, delta + gradient,
                                     inputs[0].delta + gradient, int64_t{pass.rows} * width_,
                                     inputs[0].write);
  }

  std::optional<mtl_activation> activation() const override { return kind_; }

  void tangent(const Pass& pass, const NodeMemory& node, std::span<const float* const> inputs,
               const ParameterTangents&, float* out) const override {
    const int64_t at = pass.value_at(width_);
    pass.backend.activation_backward(kind_, node.inputs[0] + at, node.value + at, inputs[0] + at, out + at,
                                     int64_t{pass.rows} * width_, Write::kOverwrite);
  }

 private:
  int32_t width_;
  mtl_activation kind_;
};

}  // namespace

OpPointer make_activation(int32_t width, mtl_activation kind) {
  return std::make_shared<Activation>(width, kind);
}

}  // namespace mtl

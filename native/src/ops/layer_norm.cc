// y = scale (x - mean) / sqrt(variance + epsilon) + shift over each row; biased variance.
#include "ops/op.h"

namespace mtl {
namespace {

class LayerNorm final : public Op {
 public:
  LayerNorm(int32_t width, float epsilon) : width_(width), epsilon_(epsilon) {}
  const char* name() const override { return "layer_norm"; }
  int32_t width() const override { return width_; }

  std::vector<ParameterShape> parameters() const override {
    return {{MTL_ROLE_WEIGHT, 1, width_, Initial::kOnes, 0}, {MTL_ROLE_BIAS, 1, width_, Initial::kZeros, 0}};
  }

  // The mean of each row of the batch, then 1 / sqrt(variance + epsilon) of each.
  int32_t saved_per_row() const override { return 2; }
  int64_t cost_per_row() const override { return int64_t{8} * width_; }

  void forward(const Pass& pass, const NodeMemory& node) const override {
    const int64_t at = pass.value_at(width_);
    pass.backend.layer_norm_forward(node.inputs[0] + at, node.parameters[0], node.parameters[1], epsilon_,
                                    node.value + at, node.saved + pass.first,
                                    node.saved + pass.batch + pass.first, pass.rows, width_);
  }

  void backward_inputs(const Pass& pass, const NodeMemory& node, const float* delta,
                       std::span<const InputGradient> inputs) const override {
    if (inputs[0].delta == nullptr) return;
    const int64_t gradient = pass.gradient_at(width_);
    const int64_t at = pass.value_at(width_);
    pass.backend.layer_norm_backward_input(node.inputs[0] + at, node.parameters[0], node.saved + pass.first,
                                           node.saved + pass.batch + pass.first, delta + gradient,
                                           inputs[0].delta + gradient, pass.rows, width_, inputs[0].write);
  }

  void backward_parameters(const Pass& pass, const NodeMemory& node, const float* delta,
                           const ParameterGradients& gradients, Part) const override {
    pass.backend.layer_norm_backward_parameters(
        node.inputs[0] + pass.value_at(width_), node.saved + pass.first, node.saved + pass.batch + pass.first,
        delta + pass.gradient_at(width_), gradients[0], gradients[1], pass.rows, width_);
  }

  void tangent(const Pass& pass, const NodeMemory& node, std::span<const float* const> inputs,
               const ParameterTangents& parameters, float* out) const override {
    const int64_t at = pass.value_at(width_);
    pass.backend.layer_norm_tangent(node.inputs[0] + at, node.parameters[0], node.saved + pass.first,
                                    node.saved + pass.batch + pass.first,
                                    inputs[0] == nullptr ? nullptr : inputs[0] + at, parameters[0],
                                    parameters[1], out + at, pass.rows, width_);
  }

 private:
  int32_t width_;
  float epsilon_;
};

}  // namespace

OpPointer make_layer_norm(int32_t width, float epsilon) {
  return std::make_shared<LayerNorm>(width, epsilon);
}

}  // namespace mtl

// y = scale (x - mean) / sqrt(variance + epsilon) + shift over each row; biased variance.
#include "ops/op.h"

namespace mtl {
namespace {

class LayerNorm final : public Op {
 public:
  LayerNorm(int32_t width, float epsilon) : width_(width), epsilon_(epsilon) {}
  int32_t width() const override { return width_; }

  std::vector<ParameterShape> parameters() const override {
    return {{MTL_ROLE_WEIGHT, 1, width_, Initial::kOnes, 0}, {MTL_ROLE_BIAS, 1, width_, Initial::kZeros, 0}};
  }

  int32_t saved_per_row() const override { return 2; }

  void forward(const Pass& pass, const NodeMemory& node) const override {
    pass.backend.layer_norm_forward(node.inputs[0], node.parameters[0], node.parameters[1], epsilon_,
                                    node.value, node.saved, pass.batch, width_);
  }

  void backward(const Pass& pass, const NodeMemory& node, const float* delta,
                std::span<const InputGradient> inputs) const override {
    pass.backend.layer_norm_backward(node.inputs[0], node.parameters[0], node.saved, delta, inputs[0].delta,
                                     node.gradients[0], node.gradients[1], pass.batch, width_,
                                     inputs[0].write);
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

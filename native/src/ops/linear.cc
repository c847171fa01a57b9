// y = x W^T + b
#include <cmath>

#include "ops/op.h"

namespace mtl {
namespace {

class Linear final : public Op {
 public:
  Linear(int32_t in, int32_t out, bool bias) : in_(in), out_(out), bias_(bias) {}
  int32_t width() const override { return out_; }

  std::vector<ParameterShape> parameters() const override {
    const float bound = 1.0f / std::sqrt(static_cast<float>(in_));
    std::vector<ParameterShape> shapes{{MTL_ROLE_WEIGHT, out_, in_, Initial::kUniform, bound}};
    if (bias_) shapes.push_back({MTL_ROLE_BIAS, 1, out_, Initial::kUniform, bound});
    return shapes;
  }

  void forward(const Pass& pass, const NodeMemory& node) const override {
    pass.backend.linear_forward(node.inputs[0], node.parameters[0], bias_ ? node.parameters[1] : nullptr,
                                node.value, pass.batch, in_, out_);
  }

  void backward(const Pass& pass, const NodeMemory& node, const float* delta,
                std::span<const InputGradient> inputs) const override {
    pass.backend.linear_backward_parameters(delta, node.inputs[0], node.gradients[0],
                                            bias_ ? node.gradients[1] : nullptr, pass.batch, in_, out_);
    if (inputs[0].delta != nullptr) {
      pass.backend.linear_backward_input(delta, node.parameters[0], inputs[0].delta, pass.batch, in_, out_,
                                         inputs[0].write);
    }
  }

 private:
  int32_t in_;
  int32_t out_;
  bool bias_;
};

}  // namespace

OpPointer make_linear(int32_t in, int32_t out, bool bias) {
  return std::make_shared<Linear>(in, out, bias);
}

}  // namespace mtl

// y = f(x), element by element.
#include "ops/op.h"

namespace mtl {
namespace {

class Activation final : public Op {
 public:
  Activation(int32_t width, mtl_activation kind) : width_(width), kind_(kind) {}
  int32_t width() const override { return width_; }

  void forward(const Pass& pass, const NodeMemory& node) const override {
    pass.backend.activation_forward(kind_, node.inputs[0], node.value, int64_t{pass.batch} * width_);
  }

  void backward(const Pass& pass, const NodeMemory& node, const float* delta,
                std::span<const InputGradient> inputs) const override {
    if (inputs[0].delta == nullptr) return;
    pass.backend.activation_backward(kind_, node.inputs[0], node.value, delta, inputs[0].delta,
                                     int64_t{pass.batch} * width_, inputs[0].write);
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

// y = a + b, element by element.
#include "ops/op.h"

namespace mtl {
namespace {

class Add final : public Op {
 public:
  explicit Add(int32_t width) : width_(width) {}
  const char* name() const override { return "add"; }
  int32_t width() const override { return width_; }

  void forward(const Pass& pass, const NodeMemory& node) const override {
    const int64_t at = pass.value_at(width_);
    pass.backend.add(node.inputs[0] + at, node.inputs[1] + at, node.value + at, int64_t{pass.rows} * width_);
  }

  void backward_inputs(const Pass& pass, const NodeMemory&, const float* delta,
                       std::span<const InputGradient> inputs) const override {
    const int64_t at = pass.gradient_at(width_);
    for (const InputGradient& input : inputs) {
      if (input.delta == nullptr) continue;
      pass.backend.pass_gradient(delta + at, input.delta + at, int64_t{pass.rows} * width_, input.write);
    }
  }

  bool inputs_read_values() const override { return false; }

  void tangent(const Pass& pass, const NodeMemory&, std::span<const float* const> inputs,
               const ParameterTangents&, float* out) const override {
    const int64_t at = pass.value_at(width_), count = int64_t{pass.rows} * width_;
    Write write = Write::kOverwrite;
    for (const float* input : inputs) {
      if (input == nullptr) continue;
      pass.backend.pass_gradient(input + at, out + at, count, write);
      write = Write::kAccumulate;
    }
  }

 private:
  int32_t width_;
};

}  // namespace

OpPointer make_add(int32_t width) {
  return std::make_shared<Add>(width);
}

}  // namespace mtl

// Zeroes values at random while training and scales the rest, so that the expectation stays; else the
// identity.
#include <numeric>

#include "ops/op.h"

namespace mtl {
namespace {

class Dropout final : public Op {
 public:
  Dropout(int32_t width, float probability) : width_(width), probability_(probability) {}
  const char* name() const override { return "dropout"; }
  int32_t width() const override { return width_; }
  int64_t cost_per_row() const override { return int64_t{32} * width_; }
  // Every cut lies on a multiple of kDropoutStep elements.
  int32_t row_step() const override { return kDropoutStep / std::gcd(kDropoutStep, width_); }

  void forward(const Pass& pass, const NodeMemory& node) const override {
    const int64_t at = pass.value_at(width_), count = int64_t{pass.rows} * width_;
    if (pass.training && probability_ > 0) {
      pass.backend.dropout(node.inputs[0] + at, node.value + at, at, count, probability_, pass.key,
                           Write::kOverwrite);
    } else {
      pass.backend.copy(node.value + at, node.inputs[0] + at, count * static_cast<int64_t>(sizeof(float)));
    }
  }

  // The gradient passes through the same mask, which is drawn again from its key.
  void backward_inputs(const Pass& pass, const NodeMemory&, const float* delta,
                       std::span<const InputGradient> inputs) const override {
    if (inputs[0].delta == nullptr) return;
    const int64_t gradient = pass.gradient_at(width_);
    const int64_t at = pass.value_at(width_), count = int64_t{pass.rows} * width_;
    if (pass.training && probability_ > 0) {
      pass.backend.dropout(delta + gradient, inputs[0].delta + gradient, at, count, probability_, pass.key,
                           inputs[0].write);
    } else {
      pass.backend.pass_gradient(delta + gradient, inputs[0].delta + gradient, count, inputs[0].write);
    }
  }

  void tangent(const Pass& pass, const NodeMemory&, std::span<const float* const> inputs,
               const ParameterTangents&, float* out) const override {
    const int64_t at = pass.value_at(width_), count = int64_t{pass.rows} * width_;
    if (pass.training && probability_ > 0) {
      pass.backend.dropout(inputs[0] + at, out + at, at, count, probability_, pass.key, Write::kOverwrite);
    } else {
      pass.backend.pass_gradient(inputs[0] + at, out + at, count, Write::kOverwrite);
    }
  }

 private:
  int32_t width_;
  float probability_;
};

}  // namespace

OpPointer make_dropout(int32_t width, float probability) {
  return std::make_shared<Dropout>(width, probability);
}

}  // namespace mtl

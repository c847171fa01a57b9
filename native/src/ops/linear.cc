// y = x W^T + b, alone or followed by an activation: y = f(x W^T + b)
#include <algorithm>
#include <cmath>

#include "ops/op.h"

namespace mtl {
namespace {

// The gradients of the weights are cut into parts of a multiple of this many outputs.
constexpr int32_t kOutputsPerStep = 16;

// Activations whose derivative follows from their value: what goes into them need not be kept.
bool slope_from_value(mtl_activation kind) {
  return kind == MTL_RELU || kind == MTL_TANH || kind == MTL_SIGMOID;
}

class Linear final : public Op {
 public:
  Linear(int32_t in, int32_t out, bool bias, std::optional<mtl_activation> next)
      : in_(in), out_(out), bias_(bias), next_(next) {}
  int32_t width() const override { return out_; }

  std::vector<ParameterShape> parameters() const override {
    const float bound = 1.0f / std::sqrt(static_cast<float>(in_));
    std::vector<ParameterShape> shapes{{MTL_ROLE_WEIGHT, out_, in_, Initial::kUniform, bound}};
    if (bias_) shapes.push_back({MTL_ROLE_BIAS, 1, out_, Initial::kUniform, bound});
    return shapes;
  }

  int32_t saved_per_row() const override { return next_ && !slope_from_value(*next_) ? out_ : 0; }
  int64_t cost_per_row() const override { return int64_t{2} * in_ * out_; }

  void forward(const Pass& pass, const NodeMemory& node) const override {
    const float* x = node.inputs[0] + pass.value_at(in_);
    const float* bias = bias_ ? node.parameters[1] : nullptr;
    float* y = node.value + pass.value_at(out_);
    if (next_) {
      pass.backend.linear_activation_forward(x, node.parameters[0], bias, *next_, kept(pass, node), y,
                                             pass.rows, in_, out_);
    } else {
      pass.backend.linear_forward(x, node.parameters[0], bias, y, pass.rows, in_, out_);
    }
  }

  void prepare_gradient(const Pass& pass, const NodeMemory& node, float* delta) const override {
    if (!next_) return;
    const int64_t at = pass.value_at(out_);
    pass.backend.activation_slope(*next_, kept(pass, node), node.value + at, delta + pass.gradient_at(out_),
                                  int64_t{pass.rows} * out_);
  }

  void backward_inputs(const Pass& pass, const NodeMemory& node, const float* delta,
                       std::span<const InputGradient> inputs) const override {
    if (inputs[0].delta == nullptr) return;
    pass.backend.linear_backward_input(delta + pass.gradient_at(out_), node.parameters[0],
                                       inputs[0].delta + pass.gradient_at(in_), pass.rows, in_, out_,
                                       inputs[0].write);
  }

  int32_t most_parts() const override { return (out_ + kOutputsPerStep - 1) / kOutputsPerStep; }

  int64_t share_begin(size_t tensor, Part part) const override {
    return tensor == 0 ? int64_t{first_output(part)} * in_ : first_output(part);
  }

  void backward_parameters(const Pass& pass, const NodeMemory& node, const float* delta,
                           const ParameterGradients& gradients, Part part) const override {
    const int32_t first = first_output(part), end = first_output({part.index + 1, part.count});
    pass.backend.linear_backward_parameters(
        delta + pass.gradient_at(out_), node.inputs[0] + pass.value_at(in_), gradients[0],
        bias_ ? gradients[1] : nullptr, pass.rows, in_, out_, first, end - first);
  }

  OpPointer followed_by(mtl_activation kind) const override {
    return next_ ? nullptr : std::make_shared<Linear>(in_, out_, bias_, kind);
  }
  int32_t linear_outputs() const override { return next_ ? 0 : out_; }

 private:
  // The first output of a part; of the part behind the last: the number of outputs.
  int32_t first_output(Part part) const {
    return std::min(out_,
                    static_cast<int32_t>(int64_t{most_parts()} * part.index / part.count) * kOutputsPerStep);
  }

  // Where what goes into the activation is kept; nullptr: it is not.
  float* kept(const Pass& pass, const NodeMemory& node) const {
    return saved_per_row() == 0 ? nullptr : node.saved + pass.value_at(out_);
  }

  int32_t in_;
  int32_t out_;
  bool bias_;
  std::optional<mtl_activation> next_;
};

}  // namespace

OpPointer make_linear(int32_t in, int32_t out, bool bias) {
  return std::make_shared<Linear>(in, out, bias, std::nullopt);
}

}  // namespace mtl

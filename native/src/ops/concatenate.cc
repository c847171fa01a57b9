// y = [x_1 | x_2 | ...] along the width.
#include <numeric>

#include "ops/op.h"

namespace mtl {
namespace {

class Concatenate final : public Op {
 public:
  explicit Concatenate(std::vector<int32_t> widths)
      : widths_(std::move(widths)), width_(std::accumulate(widths_.begin(), widths_.end(), int32_t{0})) {}
  const char* name() const override { return "concatenate"; }
  int32_t width() const override { return width_; }

  void forward(const Pass& pass, const NodeMemory& node) const override {
    int32_t column = 0;
    for (size_t i = 0; i < widths_.size(); ++i) {
      pass.backend.copy_columns(node.inputs[i] + pass.value_at(widths_[i]), widths_[i], 0,
                                node.value + pass.value_at(width_), width_, column, pass.rows, widths_[i],
                                Write::kOverwrite);
      column += widths_[i];
    }
  }

  void backward_inputs(const Pass& pass, const NodeMemory&, const float* delta,
                       std::span<const InputGradient> inputs) const override {
    int32_t column = 0;
    for (size_t i = 0; i < widths_.size(); ++i) {
      if (inputs[i].delta != nullptr) {
        pass.backend.copy_columns(delta + pass.gradient_at(width_), width_, column,
                                  inputs[i].delta + pass.gradient_at(widths_[i]), widths_[i], 0, pass.rows,
                                  widths_[i], inputs[i].write);
      }
      column += widths_[i];
    }
  }

  bool inputs_read_values() const override { return false; }

  void tangent(const Pass& pass, const NodeMemory&, std::span<const float* const> inputs,
               const ParameterTangents&, float* out) const override {
    float* const rows = out + pass.value_at(width_);
    pass.backend.zero(rows, int64_t{pass.rows} * width_ * static_cast<int64_t>(sizeof(float)));
    int32_t column = 0;
    for (size_t i = 0; i < widths_.size(); ++i) {
      if (inputs[i] != nullptr) {
        pass.backend.copy_columns(inputs[i] + pass.value_at(widths_[i]), widths_[i], 0, rows, width_, column,
                                  pass.rows, widths_[i], Write::kOverwrite);
      }
      column += widths_[i];
    }
  }

 private:
  std::vector<int32_t> widths_;
  int32_t width_;
};

}  // namespace

OpPointer make_concatenate(std::vector<int32_t> widths) {
  return std::make_shared<Concatenate>(std::move(widths));
}

}  // namespace mtl

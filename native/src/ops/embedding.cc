// y = row `code` of a table; the code is that of one column of the categorical input.
#include "ops/op.h"

namespace mtl {
namespace {

class Embedding final : public Op {
 public:
  Embedding(int32_t columns, int32_t column, int32_t categories, int32_t width)
      : columns_(columns), column_(column), categories_(categories), width_(width) {}
  const char* name() const override { return "embedding"; }
  int32_t width() const override { return width_; }

  std::vector<ParameterShape> parameters() const override {
    return {{MTL_ROLE_TABLE, categories_, width_, Initial::kNormal, 1}};
  }

  void forward(const Pass& pass, const NodeMemory& node) const override {
    pass.backend.embedding_forward(node.parameters[0], node.codes + pass.value_at(columns_), columns_,
                                   column_, node.value + pass.value_at(width_), pass.rows, width_);
  }

  void backward_parameters(const Pass& pass, const NodeMemory& node, const float* delta,
                           const ParameterGradients& gradients, Part) const override {
    pass.backend.embedding_backward(delta + pass.gradient_at(width_), node.codes + pass.value_at(columns_),
                                    columns_, column_, gradients[0], categories_, pass.rows, width_);
  }

  void tangent(const Pass& pass, const NodeMemory& node, std::span<const float* const>,
               const ParameterTangents& parameters, float* out) const override {
    pass.backend.embedding_forward(parameters[0], node.codes + pass.value_at(columns_), columns_, column_,
                                   out + pass.value_at(width_), pass.rows, width_);
  }

 private:
  int32_t columns_;
  int32_t column_;
  int32_t categories_;
  int32_t width_;
};

}  // namespace

OpPointer make_embedding(int32_t columns, int32_t column, int32_t categories, int32_t width) {
  return std::make_shared<Embedding>(columns, column, categories, width);
}

}  // namespace mtl

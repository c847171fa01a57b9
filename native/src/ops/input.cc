// The inputs of the graph. The batch is gathered straight into their values; there is nothing to compute.
#include "ops/op.h"

namespace mtl {
namespace {

class Input final : public Op {
 public:
  explicit Input(int32_t width) : width_(width) {}
  const char* name() const override { return "input"; }
  int32_t width() const override { return width_; }
  void forward(const Pass&, const NodeMemory&) const override {}

  void tangent(const Pass&, const NodeMemory&, std::span<const float* const>, const ParameterTangents&,
               float*) const override {}

 private:
  int32_t width_;
};

}  // namespace

OpPointer make_dense_input(int32_t features) {
  return std::make_shared<Input>(features);
}
OpPointer make_categorical_input(int32_t columns) {
  return std::make_shared<Input>(columns);
}

}  // namespace mtl

// An op of the graph: shape rule, parameters, forward and backward in terms of the backend. Ops are immutable
// and shared between a graph and the networks compiled from it; all memory belongs to the network.
#ifndef MTL_OPS_OP_H
#define MTL_OPS_OP_H

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "backend/backend.h"

namespace mtl {

struct ParameterShape {
  mtl_parameter_role role;
  int32_t rows;
  int32_t columns;
  Initial initial;
  float scale;  // uniform: the bound
};

// The memory of one node, fixed when the network is compiled.
struct NodeMemory {
  std::vector<const float*> inputs;  // values of the inputs [batch, width]
  const int32_t* codes = nullptr;    // of the categorical input, where the op reads it
  float* value = nullptr;            // [batch, width]
  float* saved = nullptr;            // [saved_per_row * max_batch] kept from forward to backward
  std::vector<float*> parameters;
  std::vector<float*> gradients;  // of the parameters
};

// What a pass through the network is about.
struct Pass {
  Backend& backend;
  int32_t batch;
  bool training;
  MaskKey key;  // key.node is set per node
};

// Where the gradient of an input goes; nullptr: nobody needs it.
struct InputGradient {
  float* delta;
  Write write;
};

class Op {
 public:
  virtual ~Op() = default;
  virtual int32_t width() const = 0;
  virtual std::vector<ParameterShape> parameters() const { return {}; }
  virtual int32_t saved_per_row() const { return 0; }
  virtual void forward(const Pass& pass, const NodeMemory& node) const = 0;
  // delta: the gradient of the node's value. Parameter gradients are overwritten.
  virtual void backward(const Pass& pass, const NodeMemory& node, const float* delta,
                        std::span<const InputGradient> inputs) const = 0;
};

using OpPointer = std::shared_ptr<const Op>;

// One file each. Widths are those of the inputs.
OpPointer make_dense_input(int32_t features);
OpPointer make_categorical_input(int32_t columns);
OpPointer make_linear(int32_t in, int32_t out, bool bias);
OpPointer make_activation(int32_t width, mtl_activation kind);
OpPointer make_layer_norm(int32_t width, float epsilon);
OpPointer make_dropout(int32_t width, float probability);
OpPointer make_embedding(int32_t columns, int32_t column, int32_t categories, int32_t width);
OpPointer make_concatenate(std::vector<int32_t> widths);
OpPointer make_add(int32_t width);

}  // namespace mtl

#endif

// An op of the graph: shape rule, parameters, forward and backward in terms of the backend. Ops are immutable
// and shared between a graph and the networks compiled from it; all memory belongs to the network.
//
// Forward, prepare_gradient and backward_inputs treat every row by itself, so that a pass may be cut into
// rows; backward_parameters sums over the rows of a pass, and may be cut into parts.
//
// There may be several gradients of one value, one below the other: a pass says where its rows begin.
#ifndef MTL_OPS_OP_H
#define MTL_OPS_OP_H

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
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
  std::vector<float*> gradients;       // of the parameters
  std::vector<int64_t> tensor_floats;  // how long each of them is
};

// What a pass through the network is about: rows first ... first + rows - 1 of the batch. The memory of nodes
// is that of the whole batch.
struct Pass {
  Backend& backend;
  int32_t first;
  int32_t rows;
  int32_t batch;
  bool training;
  MaskKey key;           // key.node is set per node
  int64_t gradient_row;  // where these rows begin in the gradients of values

  int64_t value_at(int32_t width) const { return int64_t{first} * width; }
  int64_t gradient_at(int32_t width) const { return gradient_row * width; }
};

// One of several parts of a piece of work.
struct Part {
  int32_t index;
  int32_t count;
};

// Where the gradient of an input goes; nullptr: nobody needs it.
struct InputGradient {
  float* delta;
  Write write;
};

// Where the gradients of an op's parameters go, tensor by tensor.
inline constexpr size_t kMostTensors = 2;
using ParameterGradients = std::array<float*, kMostTensors>;
using ParameterTangents = std::array<const float*, kMostTensors>;

// The gradient of a node's value that comes from one task alone: [rows, width], of the rows first ... first +
// rows - 1 of the batch.
struct TaskRows {
  int32_t first;
  int32_t rows;
  const float* delta;
};

// Memory for intermediate results of one part of a piece of work.
struct Scratch {
  float* floats;
  int64_t count;
};

class Op;
using OpPointer = std::shared_ptr<const Op>;

class Op {
 public:
  virtual ~Op() = default;
  // Of its class, for traces; static storage.
  virtual const char* name() const = 0;
  virtual int32_t width() const = 0;
  virtual std::vector<ParameterShape> parameters() const { return {}; }
  virtual int32_t saved_per_row() const { return 0; }
  // Floating-point operations of forward per row, roughly: work is cut by it.
  virtual int64_t cost_per_row() const { return width(); }
  // A pass may be cut only where the row number is a multiple of this.
  virtual int32_t row_step() const { return 1; }

  virtual void forward(const Pass& pass, const NodeMemory& node) const = 0;
  // Turns the gradient of the node's value in place into what the two functions below expect.
  virtual void prepare_gradient(const Pass&, const NodeMemory&, float*) const {}
  virtual void backward_inputs(const Pass&, const NodeMemory&, const float*,
                               std::span<const InputGradient>) const {}
  // Into how many parts backward_parameters may be cut at most.
  virtual int32_t most_parts() const { return 1; }
  // Where the part's share of a parameter tensor begins.
  virtual int64_t share_begin(size_t, Part) const { return 0; }
  // Overwrites the part's share of the parameter gradients, for the rows of the pass; the pointers are to the
  // beginning of the share.
  virtual void backward_parameters(const Pass&, const NodeMemory&, const float*, const ParameterGradients&,
                                   Part) const {}

  // ---- derivatives along a direction
  // How fast the value changes for the rows of the pass, when the inputs change by `inputs` [batch, width]
  // and the parameters by `parameters`; nullptr: they do not. out [batch, width].
  virtual void tangent(const Pass& pass, const NodeMemory& node, std::span<const float* const> inputs,
                       const ParameterTangents& parameters, float* out) const = 0;

  // ---- inner products of the gradients of tasks
  // Whether the gradients of the inputs depend on values; else rows of several tasks may be taken together.
  virtual bool inputs_read_values() const { return true; }
  // Floats of scratch without which add_task_products cannot do with so many tasks of so many rows each.
  virtual int64_t least_scratch(int64_t tasks, int64_t rows) const;
  // Into how many parts add_task_products may be cut at most.
  virtual int32_t most_product_parts(std::span<const TaskRows>, int32_t) const { return 1; }
  // products[i, j] += the inner product of the parameter gradients of tasks i and j over the part's share,
  // for i <= j; products [tasks, tasks].
  virtual void add_task_products(const Pass& pass, const NodeMemory& node, std::span<const TaskRows> tasks,
                                 Part part, Scratch scratch, double* products) const;

  // This op followed by an activation, as one op; nullptr: there is none.
  virtual OpPointer followed_by(mtl_activation) const { return nullptr; }
  // The activation this op is and nothing else.
  virtual std::optional<mtl_activation> activation() const { return std::nullopt; }
  // How many outputs a linear layer without activation has; 0: it is something else.
  virtual int32_t linear_outputs() const { return 0; }
};

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

// Linear layers with the same input, few outputs each and no activation, computed as one matrix product in
// both directions: the heads of most networks. Products with one or a few columns leave a processor or a GPU
// idle, and each would read the input again.
//
// Their weights lie in the slices of different tasks, so they are copied side by side first, and the results
// are copied to where the network expects them: copies of size (inputs + rows) x outputs beside a product of
// size inputs x rows x outputs.
#ifndef MTL_OPS_LINEAR_SIBLINGS_H
#define MTL_OPS_LINEAR_SIBLINGS_H

#include <vector>

#include "backend/size.h"
#include "ops/op.h"

namespace mtl {

class LinearSiblings {
 public:
  struct Layer {
    const NodeMemory* node;
    const float* delta;  // of the node's value; nullptr: it needs no gradient
    int32_t out;
  };

  // The memory they share; floats() says how much.
  LinearSiblings(int32_t in, int32_t columns, int32_t max_batch);
  int64_t floats() const;
  // Once, when the network is compiled: its part of the memory, and the layers.
  void place(float* memory, std::vector<Layer> layers);

  // Which layers take part in backward, by their place among all. Forward computes all of them, always in one
  // order: the same parameters give the same bits, whoever takes part in backward.
  void clear_backward() { backward_.clear(); }
  void add_backward(size_t layer) { backward_.push_back(layers_[layer]); }
  bool has_backward() const { return !backward_.empty(); }

  // Once per pass, before forward.
  void join_parameters(Backend& backend) const;
  // Once per cut of the rows. x: the common input of the whole batch.
  void forward(const Pass& pass, const float* x) const;
  void join_deltas(const Pass& pass) const;
  void backward_inputs(const Pass& pass, const InputGradient& input) const;
  // Once per pass.
  void backward_parameters(Backend& backend, const float* x, int32_t batch) const;

  // Adds the inner products of the gradients of the common input that come from the layers in backward, over
  // the rows of the batch: D_i W_i . D_j W_j = sum of (D_i^T D_j) o (W_i W_j^T), for every i and j to
  // target(i, j)[0]; nullptr: not wanted. scratch: product_scratch() floats.
  int64_t product_scratch() const;
  template <typename Target>
  void add_input_products(Backend& backend, int32_t batch, float* scratch, const Target& target) const {
    const int64_t columns = multiply_for_products(backend, batch, scratch);
    int64_t row = 0;
    for (size_t i = 0; i < backward_.size(); row += backward_[i++].out) {
      int64_t column = 0;
      for (size_t j = 0; j < backward_.size(); column += backward_[j++].out) {
        double* const sum = target(i, j);
        if (sum == nullptr) continue;
        const float* const deltas = scratch + row * columns + column;
        backend.add_matched_product(deltas, columns, deltas + align_floats(columns * columns), columns, 0.0f,
                                    backward_[i].out, backward_[j].out, sum);
      }
    }
  }

  int64_t cost_per_row() const { return int64_t{2} * in_ * columns_; }

 private:
  int64_t multiply_for_products(Backend& backend, int32_t batch, float* scratch) const;

  int32_t in_;
  int32_t columns_;
  int32_t max_batch_;
  std::vector<Layer> layers_;
  std::vector<Layer> backward_;        // those of them that take part in backward
  float* weights_ = nullptr;           // [columns, in]
  float* backward_weights_ = nullptr;  // [columns of backward_, in]
  float* bias_ = nullptr;              // [columns]
  float* values_ = nullptr;            // [batch, columns]
  float* deltas_ = nullptr;            // [batch, columns]
  float* weight_gradients_ = nullptr;  // [columns, in]
  float* bias_gradients_ = nullptr;    // [columns]
};

}  // namespace mtl

#endif

// Outputs of a network without dropout, on the calling thread, with memory of its own: several predictors of
// one network work at the same time. Nothing here allocates after construction.
#ifndef MTL_GRAPH_PREDICTOR_H
#define MTL_GRAPH_PREDICTOR_H

#include <memory>
#include <vector>

#include "graph/network.h"

namespace mtl {

class Predictor {
 public:
  Predictor(std::shared_ptr<Network> network, const mtl_predictor_options& options);

  void predict(const float* features, const int32_t* codes, int64_t rows, float* outputs);
  int64_t memory_bytes() const { return values_.bytes() + codes_.bytes(); }
  Context& context() const { return *network_->context(); }

 private:
  struct Step {
    OpPointer op;
    NodeMemory memory;
  };

  struct Prediction {
    const float* value;  // [batch, width]
    int32_t width;
    int32_t output;  // first column among the outputs
  };

  void plan();
  void compute(int32_t count, float* outputs);

  std::shared_ptr<Network> network_;  // outlives all below
  Backend& backend_;
  ParameterAccess::Reader reader_;
  int32_t max_batch_;
  std::vector<Step> steps_;
  std::vector<Prediction> predictions_;
  InputValues inputs_{};      // of max_batch rows
  float* outputs_ = nullptr;  // [max_batch, outputs]
  Memory<float> values_;
  Memory<int32_t> codes_;
};

}  // namespace mtl

#endif

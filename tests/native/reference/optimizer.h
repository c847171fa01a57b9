// SGD, Adam and AdamW on single elements, in double precision, as mtl.h documents them.
#pragma once

#include <mtl/mtl.h>

#include <cmath>

namespace reference {

struct Optimizer {
  mtl_optimizer_kind kind = MTL_ADAM;
  float momentum = 0;
  bool nesterov = false;
  float beta1 = 0.9f;
  float beta2 = 0.999f;
  float epsilon = 1e-8f;
  float weight_decay = 0;
  float clip_norm = 0;

  // One element with gradient g; step is the number of this step of the slice, from 1.
  void Step(double g, double rate, int64_t step, double& parameter, double& first, double& second) const {
    const double decay = weight_decay;
    if (kind == MTL_ADAMW) {
      parameter -= rate * decay * parameter;
    } else {
      g += decay * parameter;
    }
    if (kind == MTL_SGD) {
      const double mu = momentum;
      first = step == 1 ? g : mu * first + g;
      parameter -= rate * (nesterov ? g + mu * first : first);
      return;
    }
    const double b1 = beta1;
    const double b2 = beta2;
    first = b1 * first + (1 - b1) * g;
    second = b2 * second + (1 - b2) * g * g;
    const double mean = first / (1 - std::pow(b1, static_cast<double>(step)));
    const double square = second / (1 - std::pow(b2, static_cast<double>(step)));
    parameter -= rate * mean / (std::sqrt(square) + epsilon);
  }
};

}  // namespace reference

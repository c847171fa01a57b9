// The options a network starts with.
#ifndef MTL_GRAPH_DEFAULTS_H
#define MTL_GRAPH_DEFAULTS_H

#include "mtl/mtl.h"

namespace mtl {

inline mtl_optimizer_options default_optimizer_options() {
  mtl_optimizer_options options{};
  options.struct_size = sizeof(options);
  options.kind = MTL_ADAM;
  options.beta1 = 0.9f;
  options.beta2 = 0.999f;
  options.epsilon = 1e-8f;
  return options;
}

inline mtl_affinity_options default_affinity_options() {
  mtl_affinity_options options{};
  options.struct_size = sizeof(options);
  options.credit = MTL_CREDIT_STEPPED_GROUP;
  options.decay = 0.001f;
  return options;
}

}  // namespace mtl

#endif

// Which labels count as missing, and which a loss can use.
#ifndef MTL_BACKEND_LOSS_LABEL_H
#define MTL_BACKEND_LOSS_LABEL_H

#include <cmath>

#include "backend/backend.h"

namespace mtl {

inline bool is_missing(const LossSpec& spec, float label) {
  return std::isnan(label) ||
         (spec.kind == MTL_SOFTMAX_CROSS_ENTROPY && label == static_cast<float>(spec.ignore_index));
}

inline bool is_valid_label(const LossSpec& spec, float label) {
  switch (spec.kind) {
    case MTL_BINARY_CROSS_ENTROPY:
      return label >= 0 && label <= 1;
    case MTL_SOFTMAX_CROSS_ENTROPY:
      return label >= 0 && label < static_cast<float>(spec.width) && label == std::floor(label);
    default:
      return std::isfinite(label);
  }
}

}  // namespace mtl

#endif

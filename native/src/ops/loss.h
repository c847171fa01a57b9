// The loss of one task: its kind and constants, which labels it can use, and its weight in a group's loss.
#ifndef MTL_OPS_LOSS_H
#define MTL_OPS_LOSS_H

#include <string>
#include <vector>

#include "backend/backend.h"

namespace mtl {

struct TaskLoss {
  int32_t prediction = -1;  // node
  float weight = 1;
  LossSpec spec;                     // spec.class_weights is set when the network is compiled
  std::vector<float> class_weights;  // [classes] or empty
};

// Checks the options against the width of the prediction.
TaskLoss make_task_loss(const mtl_loss_options& options, int32_t prediction, int32_t width);

// What a label must be, for messages.
std::string expected_label(const LossSpec& spec);

}  // namespace mtl

#endif

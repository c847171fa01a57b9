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

// What the labels of one task in one batch are.
struct LabelSummary {
  int64_t labelled = 0;         // samples with a label
  double weight = 0;            // sum of their class weights; without class weights: labelled
  int32_t first_labelled = -1;  // the first and the last sample with a label
  int32_t last_labelled = -1;
  int32_t first_invalid = -1;  // the first sample whose label the loss cannot use; -1: none
  float invalid_value = 0;
};

// Checks the options against the width of the prediction.
TaskLoss make_task_loss(const mtl_loss_options& options, int32_t prediction, int32_t width);

// labels [count] in host memory. Ends at the first label that the loss cannot use.
LabelSummary summarize_labels(const TaskLoss& loss, const float* labels, int32_t count);

// What a label must be, for messages.
std::string expected_label(const LossSpec& spec);

}  // namespace mtl

#endif

// The network of the step benchmarks, 21-H-H-H with ReLU, linear heads, mean square losses and Adam, and the
// steps it is timed with.
#pragma once

#include <mtl/mtl.h>

#include <string>
#include <vector>

#include "step_problem.h"

// Throws std::runtime_error with the library's own words unless `status` is MTL_OK.
void check(mtl_status status);

enum class Step { kJoint, kSelective, kGram };

const char* name_of(Step step);

class StepNetwork {
 public:
  StepNetwork(mtl_context* context, const Shape& shape, Step step);
  ~StepNetwork();
  StepNetwork(const StepNetwork&) = delete;
  StepNetwork& operator=(const StepNetwork&) = delete;

  // The initial parameters, as write_problem wants them.
  std::vector<float> parameters() const;
  // Trains on the next batch; does not wait for the device.
  void step();
  // The losses of the last forward; waits for the device.
  std::vector<double> losses() const;
  const StepProblem& problem() const { return problem_; }

 private:
  Shape shape_;
  Step step_;
  StepProblem problem_;
  std::vector<std::vector<int32_t>> groups_;
  std::vector<int32_t> everyone_;
  std::vector<std::vector<int32_t>> batches_;  // their rows, made beforehand
  std::vector<double> products_;
  std::vector<double> ones_;
  mtl_update_options update_;
  mtl_dataset* dataset_ = nullptr;
  mtl_network* network_ = nullptr;
  uint64_t batch_ = 0;
};

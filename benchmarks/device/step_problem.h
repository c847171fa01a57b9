// What is trained: random rows, and the file through which other programs train the same.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

struct Shape {
  int32_t batch;
  int32_t hidden;
  int32_t tasks;

  // As in the names of files: "256x512-7".
  std::string name() const;
};

struct StepProblem {
  static constexpr int32_t kFeatures = 21;
  static constexpr int32_t kRows = 8192;  // a multiple of every batch size: no batch is cut short
  static constexpr float kLearningRate = 1e-3f;

  explicit StepProblem(int32_t tasks);

  // The groups of a selective step.
  std::vector<std::vector<int32_t>> groups() const;
  // Batch i takes the rows i * batch ... (i + 1) * batch - 1, from the beginning again after the last.
  std::vector<int32_t> rows_of(int64_t batch_index, int32_t batch) const;

  int32_t tasks;
  std::vector<float> features;  // [kRows, kFeatures] in [-1, 1)
  std::vector<float> labels;    // [kRows, tasks] in [-1, 1)
};

// FOLDER/NAME.f32: features, labels and the initial parameters, one after the other as 32-bit floats of this
// machine; the parameters layer by layer, heads last, each weight [out, in] before its bias.
void write_problem(const std::string& folder, const Shape& shape, const StepProblem& problem,
                   const std::vector<float>& parameters);

#include "step_problem.h"

#include <fstream>
#include <random>
#include <stdexcept>

std::string Shape::name() const {
  return std::to_string(batch) + "x" + std::to_string(hidden) + "-" + std::to_string(tasks);
}

StepProblem::StepProblem(int32_t task_count) : tasks(task_count) {
  std::mt19937 random(1);
  const auto values = [&](int64_t count) {
    std::vector<float> drawn(static_cast<size_t>(count));
    // Not std::uniform_real_distribution, which differs from library to library.
    for (float& value : drawn) value = static_cast<float>(random() >> 8) * 0x1p-23f - 1.0f;
    return drawn;
  };
  features = values(int64_t{kRows} * kFeatures);
  labels = values(int64_t{kRows} * tasks);
}

std::vector<std::vector<int32_t>> StepProblem::groups() const {
  // Of seven: 0 1 2, 3 4, 5 6.
  std::vector<std::vector<int32_t>> groups(3);
  for (int32_t task = 0; task < tasks; ++task) groups[static_cast<size_t>(task * 3 / tasks)].push_back(task);
  return groups;
}

std::vector<int32_t> StepProblem::rows_of(int64_t batch_index, int32_t batch) const {
  std::vector<int32_t> rows(static_cast<size_t>(batch));
  for (int32_t i = 0; i < batch; ++i) {
    rows[static_cast<size_t>(i)] = static_cast<int32_t>((batch_index * batch + i) % kRows);
  }
  return rows;
}

void write_problem(const std::string& folder, const Shape& shape, const StepProblem& problem,
                   const std::vector<float>& parameters) {
  const std::string path = folder + "/" + shape.name() + ".f32";
  std::ofstream file(path, std::ios::binary);
  for (const std::vector<float>* part : {&problem.features, &problem.labels, &parameters}) {
    file.write(reinterpret_cast<const char*>(part->data()),
               static_cast<std::streamsize>(part->size() * sizeof(float)));
  }
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path);
}

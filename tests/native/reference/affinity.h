// Proximal inter-task affinity, as mtl.h documents it at mtl_network_update_group.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

namespace reference {

class Affinity {
 public:
  explicit Affinity(int tasks = 0)
      : values(static_cast<size_t>(tasks) * tasks, 0.0), observations(values.size(), 0), tasks_(tasks) {}

  std::vector<double> values;         // [source, target]
  std::vector<int64_t> observations;  // [source, target]

  // group: the credited group; losses before and after are NaN where undefined or not measured.
  void Credit(const std::vector<int>& group, const std::vector<double>& before,
              const std::vector<double>& after, double decay) {
    const auto change = [&](int task) -> std::optional<double> {
      if (!std::isfinite(before[task]) || !std::isfinite(after[task]) || !(before[task] > 0)) return {};
      return (1 - after[task] / before[task]) / static_cast<double>(group.size());
    };
    for (int source : group) {
      for (int target = 0; target < tasks_; ++target) {
        const std::optional<double> a_target = change(target);
        if (!a_target) continue;
        bool inside = false;
        for (int member : group) inside = inside || member == target;
        if (!inside) {
          Observe(source, target, *a_target, decay);
        } else if (source == target) {
          if (*a_target >= 0) Observe(source, target, *a_target, decay);
        } else if (const std::optional<double> a_source = change(source)) {
          Observe(source, target, *a_target * *a_source >= 0 ? *a_target : -std::max(*a_target, *a_source),
                  decay);
        }
      }
    }
  }

 private:
  void Observe(int source, int target, double b, double decay) {
    double& value = values[static_cast<size_t>(source) * tasks_ + target];
    value = (1 - decay) * value + decay * b;
    ++observations[static_cast<size_t>(source) * tasks_ + target];
  }

  int tasks_;
};

}  // namespace reference

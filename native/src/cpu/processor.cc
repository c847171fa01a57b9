#include "cpu/processor.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <thread>

#if defined(__linux__)
#include <sched.h>
#endif

#include "backend/error.h"

namespace mtl {
namespace {

constexpr int64_t kUnknown = std::numeric_limits<int64_t>::max();

// The first number in a file; `kUnknown` when there is none ("max").
int64_t number_in(const std::string& path) {
  std::ifstream file(path);
  int64_t value = 0;
  return file >> value ? value : kUnknown;
}

// The value after `key` in a file of lines "key value"; `kUnknown` when there is none.
int64_t number_after(const std::string& path, const std::string& key) {
  std::ifstream file(path);
  std::string word;
  int64_t value = 0;
  while (file >> word) {
    if (word == key) return file >> value ? value : kUnknown;
    file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return kUnknown;
}

// Folders of the control group of this process and its parents, version 2 and, for one controller, version 1.
std::string own_group(const std::string& controller) {
  std::ifstream file("/proc/self/cgroup");
  std::string line;
  while (std::getline(file, line)) {
    const size_t first = line.find(':');
    const size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string names = text(",", line.substr(first + 1, second - first - 1), ",");
    if (controller.empty() ? names == ",," : names.find(text(",", controller, ",")) != std::string::npos) {
      return line.substr(second + 1);
    }
  }
  return "/";
}

template <typename Visit>
void for_each_parent(std::string group, const Visit& visit) {
  while (true) {
    visit(group == "/" ? std::string() : group);
    if (group.empty() || group == "/") return;
    group = group.substr(0, group.find_last_of('/'));
  }
}

double quota_threads() {
  double threads = std::numeric_limits<double>::infinity();
  for_each_parent(own_group(""), [&](const std::string& group) {
    std::ifstream file("/sys/fs/cgroup" + group + "/cpu.max");
    threads = std::min(threads, processors_allowed(file));
  });
  for_each_parent(own_group("cpu"), [&](const std::string& group) {
    const std::string folder = "/sys/fs/cgroup/cpu" + group;
    const int64_t quota = number_in(folder + "/cpu.cfs_quota_us"),
                  period = number_in(folder + "/cpu.cfs_period_us");
    if (quota > 0 && quota != kUnknown && period > 0 && period != kUnknown) {
      threads = std::min(threads, static_cast<double>(quota) / static_cast<double>(period));
    }
  });
  return threads;
}

int64_t group_memory_left() {
  int64_t left = kUnknown;
  const auto take = [&](int64_t limit, int64_t used) {
    if (limit != kUnknown && used != kUnknown) left = std::min(left, std::max<int64_t>(0, limit - used));
  };
  for_each_parent(own_group(""), [&](const std::string& group) {
    const std::string folder = "/sys/fs/cgroup" + group;
    take(number_in(folder + "/memory.max"), number_in(folder + "/memory.current"));
  });
  for_each_parent(own_group("memory"), [&](const std::string& group) {
    const std::string folder = "/sys/fs/cgroup/memory" + group;
    take(number_in(folder + "/memory.limit_in_bytes"), number_in(folder + "/memory.usage_in_bytes"));
  });
  return left;
}

}  // namespace

int32_t usable_threads() {
  double threads = std::max(1u, std::thread::hardware_concurrency());
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) == 0) threads = std::max(1, CPU_COUNT(&set));
#endif
  // A part of a processor is better used by one more thread than left idle.
  return std::max(1, static_cast<int32_t>(std::ceil(std::min(threads, quota_threads()))));
}

double processors_allowed(std::istream& cpu_max) {
  double quota = 0, period = 0;
  if (cpu_max >> quota >> period && quota > 0 && period > 0) return quota / period;
  return std::numeric_limits<double>::infinity();
}

int64_t total_memory_bytes() {
  const int64_t kilobytes = number_after("/proc/meminfo", "MemTotal:");
  return kilobytes == kUnknown ? 0 : kilobytes * 1024;
}

int64_t available_memory_bytes() {
  const int64_t kilobytes = number_after("/proc/meminfo", "MemAvailable:");
  return std::min(kilobytes == kUnknown ? kUnknown : kilobytes * 1024, group_memory_left());
}

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line)) {
    const size_t colon = line.find(':');
    if (line.compare(0, 10, "model name") == 0 && colon != std::string::npos && colon + 2 <= line.size()) {
      return line.substr(colon + 2);
    }
  }
  return "processor";
}

}  // namespace mtl

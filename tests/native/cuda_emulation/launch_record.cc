// What is known at the end of the process: the kernels that were launched, and what was left behind.
#include "launch_record.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>

#include "device_memory.h"
#include "graph.h"
#include "pinned_memory.h"
#include "stream.h"

namespace emulation {

namespace {

// By address: a kernel's name is one string constant per launch site.
std::set<const char*>& launched() {
  static auto* names = new std::set<const char*>;
  return *names;
}

void write_launched() {
  const char* path = std::getenv("MTL_EMULATION_LAUNCHED");
  if (path == nullptr) return;
  std::FILE* file = std::fopen(path, "w");
  if (file == nullptr) {
    std::perror(path);
    _exit(EXIT_FAILURE);
  }
  std::set<std::string> names;
  for (const char* name : launched()) names.insert(name);
  for (const std::string& name : names) std::fprintf(file, "%s\n", name.c_str());
  std::fclose(file);
}

// After the destructors of all static objects.
__attribute__((destructor)) void report() {
  write_launched();
  const size_t allocations = DeviceMemory::allocations_left();
  if (allocations + pinned_blocks() + streams_left() + events_left() + graphs_left() == 0) return;
  std::fprintf(
      stderr,
      "CUDA emulation: left behind: %zu allocations of device memory, %zu of pinned memory, %zu streams, "
      "%zu events, %zu graphs\n",
      allocations, pinned_blocks(), streams_left(), events_left(), graphs_left());
  std::fflush(nullptr);
  _exit(EXIT_FAILURE);
}

}  // namespace

void record_launch(const char* name) {
  launched().insert(name);
}

}  // namespace emulation

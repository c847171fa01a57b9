// The CUDA plug-in that the environment variable MTLHYBRID_CUDA_PATH names: the emulated one in ctest, a real
// one on a machine with a GPU.
#pragma once

#include <string>

#include "backend/cuda_plugin.h"

namespace cuda_test {

// Ends the process with a text when there is none.
const mtl::CudaPlugin& Plugin();
// A function that the plug-in exports; nullptr when it does not.
void* PluginSymbol(const char* name);
// Whether the plug-in is the emulated one, on which failures can be brought about.
bool IsEmulated();

// While this lives the next allocation fails, with so many bytes free.
class FailingAllocation {
 public:
  explicit FailingAllocation(size_t free_bytes);
};

// While this lives every call of the device answers `error`.
class BrokenDevice {
 public:
  explicit BrokenDevice(int error);
  ~BrokenDevice();
  BrokenDevice(const BrokenDevice&) = delete;
  BrokenDevice& operator=(const BrokenDevice&) = delete;
};

// While this lives the driver shows so many devices; -1: there is no driver.
class Devices {
 public:
  explicit Devices(int count);
  ~Devices();
  Devices(const Devices&) = delete;
  Devices& operator=(const Devices&) = delete;
};

// What the emulated device was asked for; see emulation.h.
struct DeviceCounts {
  int64_t kernels, graphs, updated_kernels, instantiated, copies;
};
DeviceCounts CountsOfDevice();

// While this lives the device has no graphs.
class RefusedGraphs {
 public:
  RefusedGraphs();
  ~RefusedGraphs();
  RefusedGraphs(const RefusedGraphs&) = delete;
  RefusedGraphs& operator=(const RefusedGraphs&) = delete;
};

// While this lives the environment variable MTLHYBRID_CUDA_GRAPHS has this value.
class GraphSetting {
 public:
  explicit GraphSetting(const char* value);
  ~GraphSetting();
  GraphSetting(const GraphSetting&) = delete;
  GraphSetting& operator=(const GraphSetting&) = delete;
};

}  // namespace cuda_test

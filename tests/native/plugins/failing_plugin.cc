// A CUDA plug-in whose devices can be seen but not had: what the core does with failures of a plug-in. It
// carries a C++ run-time of its own, as the real one does.
#include <cstdio>

#include "backend/cuda_plugin.h"
#include "backend/unwinder.h"

namespace {

const mtl::CudaPluginHost* host = nullptr;
int64_t left = 0;  // scopes that a failure left

// What the core's exception passes on its way out of the plug-in.
struct Scope {
  ~Scope() { ++left; }
};

void say(char* why, int32_t size, const char* words) {
  std::snprintf(why, size, "%s", words);
}

int32_t device_count(char*, int32_t) {
  return 3;
}

bool describe(int32_t device, mtl::CudaDeviceInfo* info, char* why, int32_t size) {
  if (device == 2) {
    say(why, size, "device two is shy");
    return false;
  }
  *info = {};
  std::snprintf(info->name, sizeof(info->name), "Test device %d", device);
  std::snprintf(info->detail, sizeof(info->detail), "compute capability 9.0, driver 12.4");
  info->memory_bytes = int64_t{80} << 30;
  info->free_bytes = left;
  info->compute_major = 9;
  info->driver_version = 12040;
  return true;
}

bool self_test(int32_t device, char* why, int32_t size) {
  if (device == 0) return true;
  say(why, size, "the product is wrong");
  return false;
}

mtl::Backend* create(int32_t device, int32_t precision) {
  const Scope scope;
  char text[128];
  std::snprintf(text, sizeof(text), "device %d with precision %d: 1000 bytes asked, 10 free", device,
                precision);
  const mtl_status statuses[] = {MTL_OUT_OF_MEMORY, MTL_DEVICE_ERROR, MTL_DEVICE_LOST};
  host->fail(statuses[device], text);
  return nullptr;
}

void destroy(mtl::Backend*) {}

const mtl::CudaPlugin plugin{"the failing test plug-in", device_count, describe, self_test, create, destroy};

}  // namespace

extern "C" __attribute__((visibility("default"))) uint32_t mtl_cuda_plugin_version() {
  return mtl::kCudaPluginVersion;
}

extern "C" __attribute__((visibility("default"))) const mtl::CudaPlugin* mtl_cuda_plugin_open(
    uint32_t version, const mtl::CudaPluginHost* of_core) {
  if (version != mtl::kCudaPluginVersion) return nullptr;
  mtl::prepare_unwinder();
  host = of_core;
  return &plugin;
}

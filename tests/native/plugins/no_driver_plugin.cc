// A CUDA plug-in on a machine without a driver.
#include <cstdio>

#include "backend/cuda_plugin.h"

namespace {

int32_t device_count(char* why, int32_t size) {
  std::snprintf(why, size, "there is no NVIDIA driver (libcuda.so.1)");
  return -1;
}

const mtl::CudaPlugin plugin{
    "the test plug-in without a driver", device_count, nullptr, nullptr, nullptr, nullptr};

}  // namespace

extern "C" __attribute__((visibility("default"))) const mtl::CudaPlugin* mtl_cuda_plugin_open(
    uint32_t, const mtl::CudaPluginHost*) {
  return &plugin;
}

// A CUDA plug-in of a later version.
#include "backend/cuda_plugin.h"

extern "C" __attribute__((visibility("default"))) uint32_t mtl_cuda_plugin_version() {
  return mtl::kCudaPluginVersion + 1;
}

extern "C" __attribute__((visibility("default"))) const mtl::CudaPlugin* mtl_cuda_plugin_open(
    uint32_t version, const mtl::CudaPluginHost*) {
  static const mtl::CudaPlugin plugin{};
  return version == mtl::kCudaPluginVersion + 1 ? &plugin : nullptr;
}

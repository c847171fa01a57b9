// The contract between the core and the CUDA plug-in, a shared library of the same version that the core
// opens on demand from its own folder. The plug-in exports two functions: mtl_cuda_plugin_open, and
// mtl_cuda_plugin_version, which the core asks only to say which version it found instead of its own.
#ifndef MTL_BACKEND_CUDA_PLUGIN_H
#define MTL_BACKEND_CUDA_PLUGIN_H

#include <cstdint>

#include "backend/backend.h"

namespace mtl {

// Raised whenever Backend or anything below changes.
inline constexpr uint32_t kCudaPluginVersion = 2;
inline constexpr const char* kCudaPluginEntry = "mtl_cuda_plugin_open";
inline constexpr const char* kCudaPluginVersionEntry = "mtl_cuda_plugin_version";

// What the core lends the plug-in. Both carry a C++ run-time of their own, so that an error is thrown by the
// core on the plug-in's behalf; the plug-in throws and catches nothing itself.
struct CudaPluginHost {
  void (*fail)(mtl_status status, const char* message);  // does not return
};

struct CudaDeviceInfo {
  char name[128];
  char detail[256];  // compute capability, driver and library versions
  int64_t memory_bytes;
  int64_t free_bytes;
  int32_t compute_major;
  int32_t compute_minor;
  int32_t driver_version;  // as CUDA writes it: 12040 is 12.4
};

// Functions that can fail write a text [size] and return false; they throw nothing.
struct CudaPlugin {
  const char* build_info;  // toolkit, architectures; static storage
  // How many devices the driver shows; -1 with the reason when there is no driver or it does not answer.
  int32_t (*device_count)(char* why, int32_t size);
  bool (*describe)(int32_t device, CudaDeviceInfo* info, char* why, int32_t size);
  // A tiny product and a tiny kernel on the device, compared with the host.
  bool (*self_test)(int32_t device, char* why, int32_t size);
  // A new backend; precision as in mtl_precision. Throws by way of CudaPluginHost.
  Backend* (*create)(int32_t device, int32_t precision);
  void (*destroy)(Backend* backend);
};

// nullptr when `version` is not kCudaPluginVersion.
using CudaPluginOpen = const CudaPlugin* (*)(uint32_t version, const CudaPluginHost* host);
// kCudaPluginVersion as the plug-in was built with.
using CudaPluginVersion = uint32_t (*)();

}  // namespace mtl

#endif

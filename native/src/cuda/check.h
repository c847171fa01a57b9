// Statuses of CUDA and cuBLAS become errors of the core.
#ifndef MTL_CUDA_CHECK_H
#define MTL_CUDA_CHECK_H

#include <cuda_runtime.h>

#include <string>

#include "backend/cuda_plugin.h"

namespace mtl {

// By whom errors are thrown; set once, before anything else of the plug-in is called.
void set_plugin_host(const CudaPluginHost* host);

// Throws by way of the host.
[[noreturn]] void fail_by_host(mtl_status status, const std::string& message);

// Throws when `status` is a failure: MTL_OUT_OF_MEMORY, MTL_DEVICE_LOST for those after which nothing works
// any more in this process, else MTL_DEVICE_ERROR; with the device's own name and text for it. `what` says
// what was being done.
void check(cudaError_t status, const char* what);

// The device's own name and text for a failure, after what was being done.
std::string failure_text(cudaError_t status, const char* what);

// Whether a failure lasts: every later call of this process would answer so.
bool is_lasting(cudaError_t status);

}  // namespace mtl

#endif

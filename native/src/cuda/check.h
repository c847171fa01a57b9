// Statuses of CUDA and cuBLAS become errors of the core.
#ifndef MTL_CUDA_CHECK_H
#define MTL_CUDA_CHECK_H

#include <cuda_runtime.h>

namespace mtl {

// Throws when `status` is a failure: MTL_OUT_OF_MEMORY, MTL_DEVICE_LOST for those after which nothing works
// any more in this process, else MTL_DEVICE_ERROR; with the device's own name and text for it. `what` says
// what was being done.
void check(cudaError_t status, const char* what);

// Whether a failure lasts: every later call of this process would answer so.
bool is_lasting(cudaError_t status);

}  // namespace mtl

#endif

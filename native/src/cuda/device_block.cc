#include "cuda/device_block.h"

#include <string>

namespace mtl {

void* allocate_device_memory(const Launcher& launcher, int64_t bytes, const char* what) {
  launcher.use();
  void* memory = nullptr;
  const cudaError_t status = cudaMalloc(&memory, static_cast<size_t>(bytes));
  if (status == cudaErrorMemoryAllocation) {
    cudaGetLastError();  // else the next launch would report it again
    size_t free_bytes = 0, all_bytes = 0;
    check(cudaMemGetInfo(&free_bytes, &all_bytes), what);
    fail_by_host(MTL_OUT_OF_MEMORY, std::string(what) + " need " + std::to_string(bytes) +
                                        " bytes on CUDA device " + std::to_string(launcher.device()) +
                                        ", but only " + std::to_string(free_bytes) + " of its " +
                                        std::to_string(all_bytes) + " are free");
  }
  check(status, what);
  return memory;
}

DeviceBlock::~DeviceBlock() {
  // A failure would be one of earlier launches, and there is nobody to tell.
  cudaSetDevice(launcher_.device());
  cudaFree(memory_);
}

}  // namespace mtl

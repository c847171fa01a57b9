#include "cuda/device_scratch.h"

#include <string>

namespace mtl {

DeviceScratch::DeviceScratch(const Launcher& launcher) : launcher_(launcher) {
  launcher_.use();
  check(cudaMalloc(&memory_, static_cast<size_t>(kBytes)), "allocating device scratch");
}

DeviceScratch::~DeviceScratch() {
  cudaSetDevice(launcher_.device());
  cudaStreamSynchronize(launcher_.stream());
  cudaFree(memory_);
}

void* DeviceScratch::bytes(int64_t count) const {
  if (count > kBytes) {
    fail_by_host(MTL_INTERNAL, std::to_string(count) + " bytes of device scratch are wanted, but there are " +
                                   std::to_string(kBytes));
  }
  return memory_;
}

}  // namespace mtl

// A block of device memory that is freed with its owner.
#ifndef MTL_CUDA_DEVICE_BLOCK_H
#define MTL_CUDA_DEVICE_BLOCK_H

#include <cstdint>

#include "cuda/launch.h"

namespace mtl {

// Throws MTL_OUT_OF_MEMORY naming `what`, the bytes asked for and those that are free.
void* allocate_device_memory(const Launcher& launcher, int64_t bytes, const char* what);

class DeviceBlock {
 public:
  DeviceBlock(const Launcher& launcher, int64_t bytes, const char* what)
      : launcher_(launcher), memory_(allocate_device_memory(launcher, bytes, what)) {}
  // Waits until nothing uses the memory.
  ~DeviceBlock();
  DeviceBlock(const DeviceBlock&) = delete;
  DeviceBlock& operator=(const DeviceBlock&) = delete;

  void* memory() const { return memory_; }

 private:
  const Launcher& launcher_;
  void* memory_;
};

}  // namespace mtl

#endif

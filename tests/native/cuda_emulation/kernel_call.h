// A kernel with the arguments of one launch, copied.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "emulation.h"

namespace emulation {

class KernelCall {
 public:
  // Fails when the kernel is not known.
  KernelCall(const void* function, dim3 grid, dim3 block, size_t shared_bytes, void* const* arguments);

  const char* name() const { return kernel_->name; }
  // Whether the other is a launch of the same kernel.
  bool same_kernel(const KernelCall& other) const { return function_ == other.function_; }
  // Whether the device can have blocks like these.
  bool can_launch() const;
  // Into a stream; pointers are checked now, as the memory may be gone since the arguments were given.
  cudaError_t launch(cudaStream_t stream) const;

 private:
  struct Arguments {
    std::vector<std::max_align_t> bytes;
    std::vector<void*> addresses;
  };

  const KnownKernel* kernel_;
  const void* function_;
  dim3 grid_, block_;
  size_t shared_bytes_;
  std::shared_ptr<const Arguments> arguments_;
};

}  // namespace emulation

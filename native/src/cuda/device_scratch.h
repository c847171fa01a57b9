// Device memory that a call may use until the next call: partial sums, and values on their way to the host.
// For one thread at a time, from the first launch of a call to its last.
#ifndef MTL_CUDA_DEVICE_SCRATCH_H
#define MTL_CUDA_DEVICE_SCRATCH_H

#include <cstdint>

#include "cuda/device_block.h"

namespace mtl {

class DeviceScratch {
 public:
  static constexpr int64_t kBytes = int64_t{8} << 20;

  explicit DeviceScratch(const Launcher& launcher) : block_(launcher, kBytes, "scratch") {}

  // The scratch as `count` elements, not cleared; more than kBytes is a defect of the caller (MTL_INTERNAL).
  template <typename T>
  T* of(int64_t count) const {
    return static_cast<T*>(bytes(count * static_cast<int64_t>(sizeof(T))));
  }

 private:
  void* bytes(int64_t count) const;

  DeviceBlock block_;
};

}  // namespace mtl

#endif

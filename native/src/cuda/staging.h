// Small arrays on their way from the host to the device without a wait.
#ifndef MTL_CUDA_STAGING_H
#define MTL_CUDA_STAGING_H

#include <array>
#include <cstdint>

#include "cuda/device_block.h"
#include "cuda/pinned_block.h"

namespace mtl {

// A ring of pinned host memory and one of device memory beside it. A staged array is valid for the launches
// that follow it until the ring has come round, which waits (an event per segment), so that nothing is
// overwritten that is still read. For one thread at a time, from the staging to the last launch that reads.
class Staging {
 public:
  static constexpr int64_t kSegments = 8;
  static constexpr int64_t kMostBytes = int64_t{512} << 10;  // of one array: a segment

  explicit Staging(const Launcher& launcher);
  ~Staging();  // waits until the stream has read everything
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  // A copy of `count` elements in device memory, aligned to 16 bytes; more than kMostBytes is a defect of the
  // caller (MTL_INTERNAL). Within a step the copy is part of the step.
  template <typename T>
  const T* put(const T* host, int64_t count) {
    return static_cast<const T*>(put_bytes(host, count * static_cast<int64_t>(sizeof(T))));
  }

  // A copy in pinned memory, for the launches that follow; likewise.
  const char* pin(const void* host, int64_t bytes) { return pinned_.memory() + place(host, bytes); }

 private:
  const void* put_bytes(const void* host, int64_t bytes);
  // Copies into the ring of pinned memory; where to.
  int64_t place(const void* host, int64_t bytes);

  const Launcher& launcher_;
  DeviceBlock device_;
  PinnedBlock pinned_;
  int64_t segment_ = 0;  // in use
  int64_t used_ = 0;     // bytes of it
  // Per segment: reached when the stream has done what was launched while the segment was in use.
  std::array<Event, kSegments> passed_;
};

}  // namespace mtl

#endif

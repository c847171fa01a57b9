// Small arrays on their way from the host to the device without a wait.
#ifndef MTL_CUDA_STAGING_H
#define MTL_CUDA_STAGING_H

#include <cstdint>
#include <mutex>
#include <vector>

#include "cuda/launch.h"

namespace mtl {

// A ring of pinned host memory and one of device memory beside it. A staged array is valid for the launches
// that follow it until the ring has come round, which waits (an event per segment), so that nothing is
// overwritten that is still read. Several threads may stage at once.
class Staging {
 public:
  explicit Staging(const Launcher& launcher);
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  // A copy of `count` elements in device memory, aligned to 16 bytes.
  template <typename T>
  const T* put(const T* host, int64_t count) {
    return static_cast<const T*>(put_bytes(host, count * static_cast<int64_t>(sizeof(T))));
  }

 private:
  const void* put_bytes(const void* host, int64_t bytes);

  const Launcher& launcher_;
  std::mutex mutex_;
  char* pinned_ = nullptr;
  char* device_ = nullptr;
  int64_t at_ = 0;
  std::vector<cudaEvent_t> passed_;  // per segment: recorded when the stream has used it
};

}  // namespace mtl

#endif

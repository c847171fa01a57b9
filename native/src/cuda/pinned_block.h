// Pinned host memory, and events, that go with their owners.
#ifndef MTL_CUDA_PINNED_BLOCK_H
#define MTL_CUDA_PINNED_BLOCK_H

#include <cuda_runtime.h>

#include <cstdint>

namespace mtl {

// Throws MTL_OUT_OF_MEMORY naming `what` and the bytes asked for.
class PinnedBlock {
 public:
  PinnedBlock(int64_t bytes, const char* what);
  ~PinnedBlock();
  PinnedBlock(const PinnedBlock&) = delete;
  PinnedBlock& operator=(const PinnedBlock&) = delete;

  char* memory() const { return memory_; }

 private:
  char* memory_ = nullptr;
};

class Event {
 public:
  Event();
  ~Event();
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  cudaEvent_t event() const { return event_; }

 private:
  cudaEvent_t event_ = nullptr;
};

}  // namespace mtl

#endif

#include "cuda/staging.h"

#include <cstring>
#include <string>

namespace mtl {

Staging::Staging(const Launcher& launcher) : launcher_(launcher) {
  constexpr size_t kBytes = static_cast<size_t>(kSegments * kMostBytes);
  launcher_.use();
  check(cudaHostAlloc(reinterpret_cast<void**>(&pinned_), kBytes, cudaHostAllocDefault),
        "allocating pinned host memory");
  check(cudaMalloc(reinterpret_cast<void**>(&device_), kBytes), "allocating device memory to stage in");
  for (cudaEvent_t& event : passed_) {
    check(cudaEventCreateWithFlags(&event, cudaEventDisableTiming), "making an event");
  }
}

Staging::~Staging() {
  cudaSetDevice(launcher_.device());
  cudaStreamSynchronize(launcher_.stream());
  for (cudaEvent_t event : passed_) cudaEventDestroy(event);
  cudaFree(device_);
  cudaFreeHost(pinned_);
}

const void* Staging::put_bytes(const void* host, int64_t bytes) {
  if (bytes > kMostBytes) {
    fail_by_host(MTL_INTERNAL, "an array of " + std::to_string(bytes) + " bytes is staged, but at most " +
                                   std::to_string(kMostBytes) + " can be");
  }
  if (bytes == 0) return device_;
  launcher_.use();
  if (used_ + bytes > kMostBytes) {
    check(cudaEventRecord(passed_[static_cast<size_t>(segment_)], launcher_.stream()), "recording an event");
    segment_ = (segment_ + 1) % kSegments;
    used_ = 0;
    check(cudaEventSynchronize(passed_[static_cast<size_t>(segment_)]), "waiting for earlier launches");
  }
  const int64_t at = segment_ * kMostBytes + used_;
  used_ += (bytes + 15) / 16 * 16;
  std::memcpy(pinned_ + at, host, static_cast<size_t>(bytes));
  check(cudaMemcpyAsync(device_ + at, pinned_ + at, static_cast<size_t>(bytes), cudaMemcpyHostToDevice,
                        launcher_.stream()),
        "staging");
  return device_ + at;
}

}  // namespace mtl

#include "cuda/staging.h"

#include <cstring>
#include <string>

#include "cuda/command_list.h"
#include "cuda/steps.h"

namespace mtl {

namespace {

constexpr int64_t kRingBytes = Staging::kSegments * Staging::kMostBytes;

}  // namespace

Staging::Staging(const Launcher& launcher)
    : launcher_(launcher),
      device_(launcher, kRingBytes, "arrays from the host"),
      pinned_(kRingBytes, "arrays from the host") {}

Staging::~Staging() {
  cudaSetDevice(launcher_.device());
  cudaStreamSynchronize(launcher_.stream());
}

const void* Staging::put_bytes(const void* host, int64_t bytes) {
  if (CommandList* const list = launcher_.deferred(); list != nullptr && bytes <= kMostBytes) {
    if (const void* const staged = list->stage(host, bytes)) return staged;
    // Goes its own way, now, so that what came before it must be done.
    launcher_.steps()->flush();
  }
  char* const device = static_cast<char*>(device_.memory());
  if (bytes == 0) return device;
  launcher_.use();
  const int64_t at = place(host, bytes);
  check(cudaMemcpyAsync(device + at, pinned_.memory() + at, static_cast<size_t>(bytes),
                        cudaMemcpyHostToDevice, launcher_.stream()),
        "staging");
  return device + at;
}

int64_t Staging::place(const void* host, int64_t bytes) {
  if (bytes > kMostBytes) {
    fail_by_host(MTL_INTERNAL, "an array of " + std::to_string(bytes) + " bytes is staged, but at most " +
                                   std::to_string(kMostBytes) + " can be");
  }
  if (used_ + bytes > kMostBytes) {
    check(cudaEventRecord(passed_[static_cast<size_t>(segment_)].event(), launcher_.stream()),
          "recording an event");
    segment_ = (segment_ + 1) % kSegments;
    used_ = 0;
    check(cudaEventSynchronize(passed_[static_cast<size_t>(segment_)].event()),
          "waiting for earlier launches");
  }
  const int64_t at = segment_ * kMostBytes + used_;
  used_ += (bytes + 15) / 16 * 16;
  std::memcpy(pinned_.memory() + at, host, static_cast<size_t>(bytes));
  return at;
}

}  // namespace mtl

#include "cuda/pinned_block.h"

#include <string>

#include "cuda/check.h"

namespace mtl {

PinnedBlock::PinnedBlock(int64_t bytes, const char* what) {
  const std::string text =
      std::string(what) + " need " + std::to_string(bytes) + " bytes of pinned host memory";
  check(cudaHostAlloc(reinterpret_cast<void**>(&memory_), static_cast<size_t>(bytes), cudaHostAllocDefault),
        text.c_str());
}

PinnedBlock::~PinnedBlock() {
  cudaFreeHost(memory_);
}

Event::Event() {
  check(cudaEventCreateWithFlags(&event_, cudaEventDisableTiming), "making an event");
}

Event::~Event() {
  cudaEventDestroy(event_);
}

}  // namespace mtl

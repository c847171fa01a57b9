// Values on their way to pinned memory, with an event behind the last of them.
#include <utility>

#include "cuda/cuda_backend.h"
#include "cuda/pinned_block.h"

namespace mtl {
namespace {

class CudaReadBack final : public ReadBack {
 public:
  CudaReadBack(const Launcher& launcher, int64_t bytes, const char* what)
      : launcher_(launcher), memory_(bytes, what) {}
  // Nothing may still be on its way. A failure would be one of earlier launches, and there is nobody to tell.
  ~CudaReadBack() override {
    cudaSetDevice(launcher_.device());
    cudaEventSynchronize(arrived_.event());
  }

  void request(int64_t offset, const void* source, int64_t bytes) override {
    if (bytes == 0) return;
    launcher_.use();
    check(cudaMemcpyAsync(memory_.memory() + offset, source, static_cast<size_t>(bytes),
                          cudaMemcpyDeviceToHost, launcher_.stream()),
          "copying from the device");
    check(cudaEventRecord(arrived_.event(), launcher_.stream()), "recording an event");
  }

  const char* take() override {
    launcher_.use();
    check(cudaEventSynchronize(arrived_.event()), "waiting for values of the device");
    return memory_.memory();
  }

 private:
  const Launcher& launcher_;
  PinnedBlock memory_;
  Event arrived_;
};

}  // namespace

std::unique_ptr<ReadBack> CudaBackend::make_read_back(int64_t bytes, const char* what) {
  launcher_.use();
  return std::make_unique<CudaReadBack>(launcher_, bytes, what);
}

}  // namespace mtl

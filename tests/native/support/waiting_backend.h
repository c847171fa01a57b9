// A device whose memory is not the host's, as far as the core can tell, that counts what makes the host wait.
#pragma once

#include "api/handles.h"
#include "cpu/cpu_backend.h"
#include "handles.h"

namespace support {

class WaitingBackend final : public mtl::CpuBackend {
 public:
  explicit WaitingBackend(int64_t& waits) : CpuBackend(1), waits_(waits) {}

  bool host_memory() const override { return false; }
  void* allocate(int64_t bytes, const char* what) override {
    ++waits_;
    return CpuBackend::allocate(bytes, what);
  }
  void release(void* memory) noexcept override {
    ++waits_;
    CpuBackend::release(memory);
  }
  void upload(void* target, const void* source, int64_t bytes) override {
    ++waits_;
    CpuBackend::upload(target, source, bytes);
  }
  void download(void* target, const void* source, int64_t bytes) override {
    ++waits_;
    CpuBackend::download(target, source, bytes);
  }

 private:
  int64_t& waits_;
};

inline Context MakeWaitingContext(int64_t& waits) {
  return Context(
      new mtl_context{std::make_shared<mtl::Context>(mtl::BackendPointer(new WaitingBackend(waits)))});
}

}  // namespace support

// Construction and memory. Backend memory is host memory here.
#include <algorithm>
#include <cstring>
#include <new>

#include "backend/error.h"
#include "backend/memory.h"
#include "backend/size.h"
#include "cpu/cpu_backend.h"
#include "cpu/gemm.h"
#include "cpu/processor.h"

namespace mtl {

CpuBackend::CpuBackend(int32_t threads, const Kernels& kernels) : kernels_(kernels), pool_(threads) {
  // Once per process; again for every context while it fails.
  static const bool multiplies_rightly = (check_gemm(), true);
  static_cast<void>(multiplies_rightly);
  if (threads > 1) serial_ = std::make_unique<CpuBackend>(1, kernels);
}

void CpuBackend::run_parts_of(int32_t parts, PartBody body, const void* context) {
  Backend& backend = serial();
  for (int32_t first = 0; first < parts; first += ThreadPool::kMaximumParts) {
    pool_.run(std::min(parts - first, ThreadPool::kMaximumParts),
              [&](int32_t part) { body(context, first + part, backend); });
  }
}

void* CpuBackend::allocate(int64_t bytes, const char* what) {
  // Linux promises memory it does not have and kills the process that believes it: ask first for large
  // blocks.
  constexpr int64_t kLarge = int64_t{64} << 20;
  if (bytes > kLarge) {
    const int64_t available = available_memory_bytes();
    if (bytes > available) {
      fail(MTL_OUT_OF_MEMORY, what, " need ", bytes, " bytes, but only ", available, " are available");
    }
  }
  void* memory = ::operator new (static_cast<size_t>(bytes), std::align_val_t{64}, std::nothrow);
  if (memory == nullptr) fail(MTL_OUT_OF_MEMORY, what, " need ", bytes, " bytes, which were refused");
  std::memset(memory, 0, static_cast<size_t>(bytes));
  return memory;
}

void CpuBackend::release(void* memory) noexcept {
  ::operator delete (memory, std::align_val_t{64});
}

void CpuBackend::upload(void* target, const void* host_source, int64_t bytes) {
  copy(target, host_source, bytes);
}

void CpuBackend::download(void* host_target, const void* source, int64_t bytes) {
  copy(host_target, source, bytes);
}

namespace {

// There is nothing to wait for.
class CpuReadBack final : public ReadBack {
 public:
  CpuReadBack(Backend& backend, int64_t bytes, const char* what) : memory_(backend, bytes, what) {}
  void request(int64_t offset, const void* source, int64_t bytes) override {
    if (bytes > 0) std::memcpy(memory_.data() + offset, source, static_cast<size_t>(bytes));
  }
  const char* take() override { return memory_.data(); }

 private:
  Memory<char> memory_;
};

}  // namespace

std::unique_ptr<ReadBack> CpuBackend::make_read_back(int64_t bytes, const char* what) {
  return std::make_unique<CpuReadBack>(*this, bytes, what);
}

void CpuBackend::copy(void* target, const void* source, int64_t bytes) {
  if (bytes > 0) std::memcpy(target, source, static_cast<size_t>(bytes));
}

void CpuBackend::zero(void* memory, int64_t bytes) {
  if (bytes > 0) std::memset(memory, 0, static_cast<size_t>(bytes));
}

void CpuBackend::fill(double* values, int64_t count, double value) {
  std::fill(values, values + count, value);
}

}  // namespace mtl

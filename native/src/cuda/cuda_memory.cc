// Construction, steps and memory.
#include "cuda/cuda_backend.h"

namespace mtl {
namespace {

size_t size_of(int64_t bytes) {
  return static_cast<size_t>(bytes);
}

}  // namespace

CudaBackend::CudaBackend(int32_t device, Precision precision, bool graphs)
    : launcher_(device),
      matrices_(launcher_, precision),
      staging_(launcher_),
      scratch_(launcher_),
      steps_(launcher_, matrices_, staging_, graphs) {}

CudaBackend::~CudaBackend() = default;

void CudaBackend::begin_step() {
  steps_.begin();
}

void CudaBackend::end_step() {
  const std::lock_guard<std::mutex> held(mutex_);
  steps_.end();
}

StepCounts CudaBackend::step_counts() const {
  return steps_.counts();
}

void CudaBackend::do_deferred() {
  if (launcher_.deferred() == nullptr) return;
  const std::lock_guard<std::mutex> held(mutex_);
  steps_.flush();
}

void CudaBackend::run_parts_of(int32_t parts, PartBody body, const void* context) {
  for (int32_t part = 0; part < parts; ++part) body(context, part, *this);
}

void* CudaBackend::allocate(int64_t bytes, const char* what) {
  void* const memory = allocate_device_memory(launcher_, bytes, what);
  zero(memory, bytes);
  return memory;
}

void CudaBackend::release(void* memory) noexcept {
  // Waits until nothing uses the memory. A failure would be one of earlier launches, which the next call
  // tells.
  cudaSetDevice(launcher_.device());
  cudaFree(memory);
}

void CudaBackend::upload(void* target, const void* host_source, int64_t bytes) {
  if (bytes == 0) return;
  do_deferred();
  launcher_.use();
  check(cudaMemcpyAsync(target, host_source, size_of(bytes), cudaMemcpyHostToDevice, launcher_.stream()),
        "copying to the device");
  launcher_.wait("copying to the device");
}

void CudaBackend::download(void* host_target, const void* source, int64_t bytes) {
  if (bytes == 0) return;
  do_deferred();
  launcher_.use();
  check(cudaMemcpyAsync(host_target, source, size_of(bytes), cudaMemcpyDeviceToHost, launcher_.stream()),
        "copying from the device");
  launcher_.wait("copying from the device");
}

void CudaBackend::copy(void* target, const void* source, int64_t bytes) {
  if (bytes > 0) launcher_.copy(target, source, bytes);
}

void CudaBackend::zero(void* memory, int64_t bytes) {
  if (bytes > 0) launcher_.clear(memory, bytes);
}

}  // namespace mtl

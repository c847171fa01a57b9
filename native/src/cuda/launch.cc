#include "cuda/launch.h"

#include "cuda/command_list.h"
#include "cuda/steps.h"

namespace mtl {

cudaError_t launch_call(cudaStream_t stream, const KernelCall& call, const KernelArgument* arguments,
                        size_t count) {
  constexpr size_t kMost = 64;
  void* addresses[kMost];
  if (count > kMost) return cudaErrorInvalidValue;
  for (size_t i = 0; i < count; ++i) addresses[i] = const_cast<void*>(arguments[i].value);
  return cudaLaunchKernel(call.function, call.shape.grid, call.shape.block, addresses,
                          call.shape.shared_bytes, stream);
}

Launcher::Launcher(int32_t device) : device_(device) {
  use();
  // Not ordered with the stream that other libraries of the process share.
  check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "making a stream");
}

Launcher::~Launcher() {
  // After a lasting failure these fail as well, and there is nobody to tell.
  cudaSetDevice(device_);
  cudaStreamDestroy(stream_);
}

void Launcher::use() const {
  check(cudaSetDevice(device_), "choosing the device");
}

void Launcher::wait(const char* what) const {
  use();
  check(cudaStreamSynchronize(stream_), what);
}

CommandList* Launcher::deferred() const {
  return steps_ != nullptr ? steps_->deferred() : nullptr;
}

void Launcher::launch_or_defer(const KernelCall& call, const KernelArgument* arguments, size_t count) const {
  if (CommandList* const list = deferred()) return list->add_kernel(call, arguments, count);
  use();
  check(launch_call(stream_, call, arguments, count), call.name);
}

void Launcher::copy(void* target, const void* source, int64_t bytes) const {
  if (CommandList* const list = deferred()) return list->add_copy(target, source, bytes);
  use();
  check(cudaMemcpyAsync(target, source, static_cast<size_t>(bytes), cudaMemcpyDeviceToDevice, stream_),
        "copying on the device");
}

void Launcher::clear(void* memory, int64_t bytes) const {
  if (CommandList* const list = deferred()) return list->add_clear(memory, bytes);
  use();
  check(cudaMemsetAsync(memory, 0, static_cast<size_t>(bytes), stream_), "clearing device memory");
}

}  // namespace mtl

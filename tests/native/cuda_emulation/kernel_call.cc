#include "kernel_call.h"

#include <cstring>
#include <map>

#include "failure.h"
#include "graph.h"
#include "stream.h"

namespace emulation {

namespace {

std::map<const void*, KnownKernel>& known_kernels() {
  static auto* kernels = new std::map<const void*, KnownKernel>;
  return *kernels;
}

}  // namespace

bool can_launch(dim3 grid, dim3 block, size_t shared_bytes);

void know_kernel(const void* kernel, const KnownKernel& known) {
  const std::lock_guard guard(lock());
  // The name may be another at each place that launches it: the latest is shown, all are recorded.
  known_kernels().insert_or_assign(kernel, known);
}

KernelCall::KernelCall(const void* function, dim3 grid, dim3 block, size_t shared_bytes,
                       void* const* arguments)
    : function_(function), grid_(grid), block_(block), shared_bytes_(shared_bytes) {
  const auto found = known_kernels().find(function);
  if (found == known_kernels().end()) fail("%p is not a kernel that was made known", function);
  kernel_ = &found->second;
  constexpr size_t kUnit = sizeof(std::max_align_t);
  size_t units = 0;
  for (const size_t bytes : kernel_->argument_bytes) units += (bytes + kUnit - 1) / kUnit;
  auto copied = std::make_shared<Arguments>();
  copied->bytes.resize(units);
  char* at = reinterpret_cast<char*>(copied->bytes.data());
  for (size_t i = 0; i < kernel_->argument_bytes.size(); ++i) {
    const size_t bytes = kernel_->argument_bytes[i];
    std::memcpy(at, arguments[i], bytes);
    copied->addresses.push_back(at);
    at += (bytes + kUnit - 1) / kUnit * kUnit;
  }
  arguments_ = std::move(copied);
}

bool KernelCall::can_launch() const {
  return emulation::can_launch(grid_, block_, shared_bytes_);
}

cudaError_t KernelCall::launch(cudaStream_t stream) const {
  kernel_->check(kernel_->name, arguments_->addresses.data());
  return emulation::launch(stream, kernel_->name, grid_, block_, shared_bytes_,
                           [run = kernel_->run, function = function_, arguments = arguments_] {
                             run(function, arguments->addresses.data());
                           });
}

}  // namespace emulation

cudaError_t cudaLaunchKernel(const void* kernel, dim3 grid, dim3 block, void** arguments, size_t shared_bytes,
                             cudaStream_t stream) {
  const std::lock_guard guard(emulation::lock());
  ++emulation::counts().kernels;
  return emulation::KernelCall(kernel, grid, block, shared_bytes, arguments).launch(stream);
}

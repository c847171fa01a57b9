// Launching kernels. Every launch goes through MTL_LAUNCH, so that the same kernel sources run under the
// emulation of tests/native/cuda_emulation, which defines MTL_CUDA_EMULATION: there the host runs the blocks
// one after the other.
//
// Rules for kernels, which keep both worlds the same:
// - a .cu file defines its kernels as `static __global__ void name_kernel(...)`, names unique over all files;
// - no <<<>>>, no inline PTX, no cooperative groups; warps are 32 threads and shuffles name all of them;
// - 64-bit indices; grid-stride loops (`for_each_index`), so that any shape fits any grid;
// - dynamic shared memory by dynamic_shared<T>(); static by __shared__;
// - sums over threads by block_sum, in a fixed order; no atomics on floats.
#ifndef MTL_CUDA_LAUNCH_H
#define MTL_CUDA_LAUNCH_H

#include <cuda_runtime.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

#include "cuda/check.h"

namespace mtl {

inline constexpr int32_t kWarp = 32;
inline constexpr int32_t kBlock = 256;  // threads, unless a kernel has a reason
// Blocks of a grid-stride loop: enough to fill any GPU several times over, and a bound for partial sums.
inline constexpr int64_t kMostBlocks = 2048;

struct Shape {
  dim3 grid;
  dim3 block = dim3(kBlock);
  size_t shared_bytes = 0;
};

// A grid for `count` independent items, one per thread at a time.
inline Shape shape_for(int64_t count) {
  const int64_t blocks = std::clamp<int64_t>((count + kBlock - 1) / kBlock, 1, kMostBlocks);
  return {dim3(static_cast<unsigned>(blocks))};
}

// A kernel, and how it is launched.
struct KernelCall {
  const char* name;  // static storage
  const void* function;
  Shape shape;
};

struct KernelArgument {
  const void* value;
  size_t bytes;
};

// body(call, arguments, count) with the arguments as the kernel takes them.
template <typename Body, typename... Parameters, typename... Arguments>
auto with_kernel_call(const Body& body, const char* name, const Shape& shape, void (*kernel)(Parameters...),
                      Arguments&&... arguments) {
  static_assert((std::is_trivially_copyable_v<Parameters> && ...),
                "arguments of kernels are copied as bytes");
  std::tuple<Parameters...> values(std::forward<Arguments>(arguments)...);
#ifdef MTL_CUDA_EMULATION
  emulation::know_kernel(name, kernel);
#endif
  return std::apply(
      [&](const auto&... value) {
        const std::array<KernelArgument, sizeof...(Parameters)> list{{{&value, sizeof value}...}};
        return body(KernelCall{name, reinterpret_cast<const void*>(kernel), shape}, list.data(), list.size());
      },
      values);
}

// Launches a kernel in the order of a stream of the current device.
cudaError_t launch_call(cudaStream_t stream, const KernelCall& call, const KernelArgument* arguments,
                        size_t count);

template <typename... Parameters, typename... Arguments>
cudaError_t launch_on(cudaStream_t stream, const char* name, const Shape& shape,
                      void (*kernel)(Parameters...), Arguments&&... arguments) {
  const auto launch = [stream](const KernelCall& call, const KernelArgument* list, size_t count) {
    return launch_call(stream, call, list, count);
  };
  return with_kernel_call(launch, name, shape, kernel, std::forward<Arguments>(arguments)...);
}

class CommandList;
class Steps;

// A device and the stream of one backend. Within a step of the calling thread (see steps.h) what is asked for
// is put off.
class Launcher {
 public:
  // Throws MTL_DEVICE_ERROR with the reason when the device cannot be used.
  explicit Launcher(int32_t device);
  ~Launcher();
  Launcher(const Launcher&) = delete;
  Launcher& operator=(const Launcher&) = delete;

  int32_t device() const { return device_; }
  cudaStream_t stream() const { return stream_; }
  // Makes the device the calling thread's. Every entry of the backend begins with it.
  void use() const;
  // Waits until everything that was launched is done; failures of earlier launches come out here.
  void wait(const char* what) const;

  // On the device; bytes above 0.
  void copy(void* target, const void* source, int64_t bytes) const;
  void clear(void* memory, int64_t bytes) const;

  // Whose steps these are; once, before the first of them.
  void set_steps(Steps* steps) { steps_ = steps; }
  Steps* steps() const { return steps_; }
  // What the calling thread has put off; nullptr: it is not in a step.
  CommandList* deferred() const;

  template <typename... Parameters, typename... Arguments>
  void launch(const char* name, const Shape& shape, void (*kernel)(Parameters...),
              Arguments&&... arguments) const {
    const auto launch = [this](const KernelCall& call, const KernelArgument* list, size_t count) {
      launch_or_defer(call, list, count);
    };
    with_kernel_call(launch, name, shape, kernel, std::forward<Arguments>(arguments)...);
  }

 private:
  void launch_or_defer(const KernelCall& call, const KernelArgument* arguments, size_t count) const;

  int32_t device_;
  cudaStream_t stream_ = nullptr;
  Steps* steps_ = nullptr;
};

// MTL_LAUNCH(launcher, shape, kernel, arguments...): a template is named in parentheses, (kernel<A, B>).
#define MTL_LAUNCH(launcher, shape, kernel, ...) (launcher).launch(#kernel, shape, kernel, __VA_ARGS__)

}  // namespace mtl

#endif

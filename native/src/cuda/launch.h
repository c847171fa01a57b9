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

// Launches a kernel in the order of a stream of the current device.
template <typename... Parameters, typename... Arguments>
cudaError_t launch_on(cudaStream_t stream, const char* name, const Shape& shape,
                      void (*kernel)(Parameters...), Arguments&&... arguments) {
  std::tuple<Parameters...> values(std::forward<Arguments>(arguments)...);
#ifdef MTL_CUDA_EMULATION
  emulation::check_arguments(name, values);
  return emulation::launch(stream, name, shape.grid, shape.block, shape.shared_bytes,
                           [kernel, values] { std::apply(kernel, values); });
#else
  static_cast<void>(name);
  return std::apply(
      [&](auto&... value) {
        std::array<void*, sizeof...(Parameters)> addresses{&value...};
        return cudaLaunchKernel(reinterpret_cast<const void*>(kernel), shape.grid, shape.block,
                                addresses.data(), shape.shared_bytes, stream);
      },
      values);
#endif
}

// A device and the stream of one backend.
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
  // Waits until everything before is done; failures of earlier launches come out here.
  void wait(const char* what) const;

  template <typename... Parameters, typename... Arguments>
  void launch(const char* name, const Shape& shape, void (*kernel)(Parameters...),
              Arguments&&... arguments) const {
    use();
    check(launch_on(stream_, name, shape, kernel, std::forward<Arguments>(arguments)...), name);
  }

 private:
  int32_t device_;
  cudaStream_t stream_ = nullptr;
};

// MTL_LAUNCH(launcher, shape, kernel, arguments...): a template is named in parentheses, (kernel<A, B>).
#define MTL_LAUNCH(launcher, shape, kernel, ...) (launcher).launch(#kernel, shape, kernel, __VA_ARGS__)

}  // namespace mtl

#endif

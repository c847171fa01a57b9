// Runs CUDA kernels without a GPU, for tests alone: the same sources, compiled with the host compiler.
//
// - A launch runs its blocks one after the other; the threads of a block are fibers that take turns, forwards
// in
//   one block and backwards in the next. Dynamic shared memory, and static shared memory of kernels that are
//   no templates, is poisoned with NaN before each block.
// - Work of a stream is done when the host waits for it, not before, as a GPU may do it: a value read too
// early,
//   or pinned memory written again too early, gives a wrong result here as well. MTL_EMULATION_AT_ONCE=1 does
//   all at once instead, so that a debugger shows who launched a kernel that fails.
// - Device memory is not accessible to the host, new memory is poisoned with NaN, freed memory is never used
// again,
//   and whatever is read or written outside an allocation is found.
// - What a kernel or the host may not do ends the process with a text that says what, where and by whom; so
// do
//   device memory, pinned memory, streams and events that are left when the process ends.
// - MTL_EMULATION_LAUNCHED names a file that gets the names of the kernels that were launched, at the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "device_language.h"
#include "runtime_api.h"

namespace emulation {

inline constexpr char kDeviceName[] = "emulated device (no GPU)";
inline constexpr size_t kDeviceBytes = size_t{8} << 30;

// A kernel with its arguments, called once per thread.
using KernelBody = std::function<void()>;

// Puts a kernel into a stream.
cudaError_t launch(cudaStream_t stream, const char* name, dim3 grid, dim3 block, size_t shared_bytes,
                   KernelBody body);

// Fails unless the pointer that a kernel is given is null or points into device memory.
void check_argument(const char* kernel, int position, const void* pointer);

// A kernel as the run-time library knows it: how its arguments are read from their addresses.
struct KnownKernel {
  const char* name;
  std::vector<size_t> argument_bytes;
  void (*run)(const void* kernel, void* const* arguments);
  void (*check)(const char* name, void* const* arguments);  // the arguments that are pointers
};

void know_kernel(const void* kernel, const KnownKernel& known);

template <typename Body, size_t... kAt>
void apply_positions(const Body& body, std::index_sequence<kAt...>) {
  body(std::integral_constant<int, static_cast<int>(kAt)>()...);
}
// body(0, 1, ...): a position, as a constant, for each type.
template <typename... Types, typename Body>
void with_positions(const Body& body) {
  apply_positions(body, std::index_sequence_for<Types...>());
}

// Makes a kernel known, as the compiler of CUDA does.
template <typename... Parameters>
void know_kernel(const char* name, void (*kernel)(Parameters...)) {
  static_assert((std::is_trivially_copyable_v<Parameters> && ...),
                "arguments of kernels are copied as bytes");
  using Values = std::tuple<Parameters...>;
  know_kernel(reinterpret_cast<const void*>(kernel),
              {name,
               {sizeof(Parameters)...},
               [](const void* function, void* const* arguments) {
                 const auto run = reinterpret_cast<void (*)(Parameters...)>(const_cast<void*>(function));
                 with_positions<Parameters...>([&](auto... at) {
                   run(*static_cast<std::tuple_element_t<at.value, Values>*>(arguments[at.value])...);
                 });
               },
               [](const char* called, void* const* arguments) {
                 const auto check = [&](auto at) {
                   using Value = std::tuple_element_t<at.value, Values>;
                   if constexpr (std::is_pointer_v<Value>) {
                     check_argument(called, at.value + 1, *static_cast<Value*>(arguments[at.value]));
                   }
                 };
                 with_positions<Parameters...>([&](auto... at) { (check(at), ...); });
               }});
}

// Of the running block.
void* dynamic_shared();

}  // namespace emulation

// For tests; exported by name, as the plug-in is opened at run time.
#define MTL_EMULATION_EXPORT extern "C" __attribute__((visibility("default")))
// The next allocation of device memory fails, and so many bytes are reported free until one succeeds.
MTL_EMULATION_EXPORT void mtl_emulation_fail_next_allocation(size_t free_bytes);
// Every later call answers `error`, as after a failure that lasts; 0 ends it.
MTL_EMULATION_EXPORT void mtl_emulation_break_device(int error);
// The driver shows so many devices, at most 1; -1: there is no driver.
MTL_EMULATION_EXPORT void mtl_emulation_set_devices(int count);

// What was done since the process began.
struct mtl_emulation_counts {
  int64_t kernels;          // launched by themselves
  int64_t graphs;           // launched
  int64_t updated_kernels;  // of graphs, that were given other arguments
  int64_t instantiated;     // graphs
  int64_t copies;           // asked for by themselves
};
MTL_EMULATION_EXPORT void mtl_emulation_count(mtl_emulation_counts* counts);
// Whether graphs are refused when they are instantiated.
MTL_EMULATION_EXPORT void mtl_emulation_refuse_graphs(int refuse);

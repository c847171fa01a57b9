// Pinned memory, copies and fills.
#include <cstdlib>
#include <cstring>
#include <map>
#include <vector>

#include "block_runner.h"
#include "device_memory.h"
#include "device_state.h"
#include "failure.h"
#include "graph.h"
#include "pinned_memory.h"
#include "runtime_api.h"
#include "stream.h"

namespace emulation {

namespace {

constexpr int kPoison = 0xff;

std::map<const char*, size_t>& pinned() {
  static auto* blocks = new std::map<const char*, size_t>;
  return *blocks;
}

bool on_device(const void* address) {
  return DeviceMemory::instance().contains(address);
}

// The address must be where the kind of the copy says.
void check_side(const void* address, bool device, const char* what, const char* side) {
  if (on_device(address) == device) return;
  fail("%s: the %s %p is in the memory of the %s, but should be in that of the %s", what, side, address,
       device ? "host" : "device", device ? "device" : "host");
}

void copy_now(void* target, const void* source, size_t bytes, const char* what) {
  DeviceMemory& memory = DeviceMemory::instance();
  if (on_device(target)) target = memory.host_view(target, bytes, what);
  if (on_device(source)) source = memory.host_view(source, bytes, what);
  std::memmove(target, source, bytes);
}

}  // namespace

size_t pinned_blocks() {
  return pinned().size();
}

bool is_pinned(const void* address, size_t bytes, const char* what) {
  const char* at = static_cast<const char*>(address);
  auto after = pinned().upper_bound(at);
  if (after == pinned().begin()) return false;
  const auto& [begin, size] = *std::prev(after);
  if (at >= begin + size) return false;
  const size_t offset = static_cast<size_t>(at - begin);
  if (bytes > size - offset) {
    fail("%s: %zu bytes from byte %zu on go beyond the end of pinned memory of %zu bytes", what, bytes,
         offset, size);
  }
  return true;
}

}  // namespace emulation

using emulation::DeviceMemory;
using emulation::remember;

cudaError_t cudaHostAlloc(void** memory, size_t bytes, unsigned) {
  const std::lock_guard guard(emulation::lock());
  if (emulation::lasting_failure() != cudaSuccess) return remember(emulation::lasting_failure());
  *memory = std::malloc(bytes);
  if (*memory == nullptr) return remember(cudaErrorMemoryAllocation);
  std::memset(*memory, emulation::kPoison, bytes);
  emulation::pinned()[static_cast<char*>(*memory)] = bytes;
  return cudaSuccess;
}

cudaError_t cudaFreeHost(void* memory) {
  const std::lock_guard guard(emulation::lock());
  if (memory != nullptr) {
    emulation::drain_all();
    if (emulation::pinned().erase(static_cast<char*>(memory)) == 0) {
      emulation::fail("cudaFreeHost: %p was not allocated, or freed before", memory);
    }
    std::free(memory);
  }
  return remember(emulation::lasting_failure());
}

cudaError_t cudaMemcpyAsync(void* target, const void* source, size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t stream) {
  constexpr const char* kWhat = "cudaMemcpyAsync";
  const std::lock_guard guard(emulation::lock());
  if (emulation::in_kernel()) emulation::fail("%s within a kernel", kWhat);
  if (emulation::lasting_failure() != cudaSuccess) return remember(emulation::lasting_failure());
  if (bytes == 0) return cudaSuccess;
  if (kind != cudaMemcpyDefault) {
    emulation::check_side(target, kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice, kWhat,
                          "target");
    emulation::check_side(source, kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice, kWhat,
                          "source");
  }
  ++emulation::counts().copies;
  DeviceMemory& memory = DeviceMemory::instance();
  const bool from_device = emulation::on_device(source);
  const bool to_device = emulation::on_device(target);
  if (from_device) memory.check(source, bytes, kWhat);
  if (to_device) memory.check(target, bytes, kWhat);
  if (!from_device && !emulation::is_pinned(source, bytes, kWhat)) {
    // Ordinary memory is read before the call returns.
    const char* begin = static_cast<const char*>(source);
    std::vector<char> kept(begin, begin + bytes);
    emulation::enqueue(stream, [target, kept = std::move(kept)] {
      emulation::copy_now(target, kept.data(), kept.size(), kWhat);
    });
  } else {
    emulation::enqueue(stream, [=] { emulation::copy_now(target, source, bytes, kWhat); });
  }
  // Ordinary memory is written before the call returns.
  if (!to_device && !emulation::is_pinned(target, bytes, kWhat)) emulation::drain(stream);
  return cudaSuccess;
}

cudaError_t cudaMemcpy(void* target, const void* source, size_t bytes, cudaMemcpyKind kind) {
  return cudaMemcpyAsync(target, source, bytes, kind, nullptr);
}

cudaError_t cudaMemsetAsync(void* memory, int value, size_t bytes, cudaStream_t stream) {
  constexpr const char* kWhat = "cudaMemsetAsync";
  const std::lock_guard guard(emulation::lock());
  if (emulation::in_kernel()) emulation::fail("%s within a kernel", kWhat);
  if (emulation::lasting_failure() != cudaSuccess) return remember(emulation::lasting_failure());
  if (bytes == 0) return cudaSuccess;
  emulation::check_side(memory, true, kWhat, "target");
  DeviceMemory::instance().check(memory, bytes, kWhat);
  emulation::enqueue(
      stream, [=] { std::memset(DeviceMemory::instance().host_view(memory, bytes, kWhat), value, bytes); });
  return cudaSuccess;
}

cudaError_t cudaMemset(void* memory, int value, size_t bytes) {
  return cudaMemsetAsync(memory, value, bytes, nullptr);
}

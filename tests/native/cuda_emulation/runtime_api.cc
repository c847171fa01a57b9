#include "runtime_api.h"

#include <chrono>
#include <cstdio>
#include <cstring>

#include "block_runner.h"
#include "device_memory.h"
#include "device_state.h"
#include "emulation.h"
#include "failure.h"
#include "fault_handler.h"
#include "launch_record.h"
#include "stream.h"

namespace emulation {

namespace {

constexpr unsigned kMostThreads = 1024;
constexpr int kDriverVersion = 12040;

thread_local cudaError_t last_error = cudaSuccess;

int devices = 1;
cudaError_t broken = cudaSuccess;
bool fail_next = false;
size_t free_while_failing = 0;

double milliseconds_now() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double, std::milli>(Clock::now().time_since_epoch()).count();
}

// What a call begins with: the lock, and the failures that come before any other.
class Call {
 public:
  explicit Call(const char* name) : guard_(lock()) {
    if (in_kernel()) fail("%s within a kernel", name);
  }
  cudaError_t failure() const {
    if (broken != cudaSuccess) return broken;
    if (devices < 0) return cudaErrorInsufficientDriver;
    return devices == 0 ? cudaErrorNoDevice : cudaSuccess;
  }

 private:
  std::lock_guard<std::recursive_mutex> guard_;
};

}  // namespace

cudaError_t remember(cudaError_t error) {
  if (error != cudaSuccess) last_error = error;
  return error;
}

cudaError_t lasting_failure() {
  return broken;
}

bool take_failing_allocation() {
  const bool failing = fail_next;
  fail_next = false;
  return failing;
}

size_t free_bytes() {
  const size_t left = kDeviceBytes - DeviceMemory::instance().used_bytes();
  return free_while_failing != 0 ? free_while_failing : left;
}

void check_argument(const char* kernel, int position, const void* pointer) {
  const std::lock_guard guard(lock());
  if (pointer == nullptr) return;
  DeviceMemory& memory = DeviceMemory::instance();
  // One past the end is a place to stop at.
  const char* at = static_cast<const char*>(pointer);
  const DeviceMemory::Allocation* allocation = memory.find(at);
  if (allocation == nullptr) allocation = memory.find(at - 1);
  if (allocation != nullptr && at >= allocation->begin) return;
  if (!memory.contains(pointer)) {
    fail("kernel %s: argument %d is the address %p of the host", kernel, position, pointer);
  }
  char where[160];
  memory.describe(pointer, where, sizeof(where));
  fail("kernel %s: argument %d is the address %p: %s", kernel, position, pointer, where);
}

bool can_launch(dim3 grid, dim3 block, size_t shared_bytes) {
  constexpr unsigned kMostRows = 65535;
  constexpr size_t kMostShared = size_t{48} << 10;
  return grid.x >= 1 && grid.y >= 1 && grid.z >= 1 && grid.x <= 0x7fffffffu && grid.y <= kMostRows &&
         grid.z <= kMostRows && block.x >= 1 && block.y >= 1 && block.z >= 1 && block.z <= 64 &&
         block.x <= kMostThreads && block.y <= kMostThreads && block.x * block.y * block.z <= kMostThreads &&
         shared_bytes <= kMostShared;
}

cudaError_t launch(cudaStream_t stream, const char* name, dim3 grid, dim3 block, size_t shared_bytes,
                   KernelBody body) {
  const Call call(name);
  if (call.failure() != cudaSuccess) return remember(call.failure());
  if (!can_launch(grid, block, shared_bytes)) return remember(cudaErrorInvalidConfiguration);
  record_launch(name);
  enqueue(stream, [=, body = std::move(body)] {
    install_fault_handler();
    run_blocks(name, grid, block, shared_bytes, body);
    DeviceMemory::instance().close_all();
  });
  return cudaSuccess;
}

}  // namespace emulation

using emulation::Call;
using emulation::DeviceMemory;
using emulation::fail;
using emulation::remember;

void mtl_emulation_fail_next_allocation(size_t free_bytes) {
  const std::lock_guard guard(emulation::lock());
  emulation::fail_next = true;
  emulation::free_while_failing = free_bytes;
}

void mtl_emulation_break_device(int error) {
  const std::lock_guard guard(emulation::lock());
  emulation::broken = static_cast<cudaError_t>(error);
}

void mtl_emulation_set_devices(int count) {
  const std::lock_guard guard(emulation::lock());
  if (count > 1) fail("there is one emulated device at most, but %d were asked for", count);
  emulation::devices = count;
}

// Begins a call that needs the device.
#define MTL_EMULATION_CALL(name) \
  const Call call(name);         \
  if (call.failure() != cudaSuccess) return remember(call.failure())

const char* cudaGetErrorName(cudaError_t error) {
  switch (error) {
    case cudaSuccess:
      return "cudaSuccess";
    case cudaErrorMemoryAllocation:
      return "cudaErrorMemoryAllocation";
    case cudaErrorInvalidValue:
      return "cudaErrorInvalidValue";
    case cudaErrorInvalidConfiguration:
      return "cudaErrorInvalidConfiguration";
    case cudaErrorInsufficientDriver:
      return "cudaErrorInsufficientDriver";
    case cudaErrorNoDevice:
      return "cudaErrorNoDevice";
    case cudaErrorInvalidDevice:
      return "cudaErrorInvalidDevice";
    case cudaErrorIllegalAddress:
      return "cudaErrorIllegalAddress";
    case cudaErrorLaunchFailure:
      return "cudaErrorLaunchFailure";
    case cudaErrorECCUncorrectable:
      return "cudaErrorECCUncorrectable";
    case cudaErrorNotReady:
      return "cudaErrorNotReady";
    default:
      return "an error of CUDA";
  }
}

const char* cudaGetErrorString(cudaError_t error) {
  switch (error) {
    case cudaSuccess:
      return "no error";
    case cudaErrorMemoryAllocation:
      return "out of memory";
    case cudaErrorInsufficientDriver:
      return "CUDA driver version is insufficient for CUDA runtime version";
    case cudaErrorNoDevice:
      return "no CUDA-capable device is detected";
    case cudaErrorIllegalAddress:
      return "an illegal memory access was encountered";
    case cudaErrorLaunchFailure:
      return "unspecified launch failure";
    default:
      return "emulated";
  }
}

cudaError_t cudaGetLastError() {
  const cudaError_t error = emulation::last_error;
  emulation::last_error = emulation::lasting_failure();
  return error;
}

cudaError_t cudaPeekAtLastError() {
  return emulation::last_error;
}

cudaError_t cudaDriverGetVersion(int* version) {
  const Call call("cudaDriverGetVersion");
  *version = emulation::devices < 0 ? 0 : emulation::kDriverVersion;
  return cudaSuccess;
}

cudaError_t cudaRuntimeGetVersion(int* version) {
  *version = CUDART_VERSION;
  return cudaSuccess;
}

cudaError_t cudaGetDeviceCount(int* count) {
  *count = 0;
  MTL_EMULATION_CALL("cudaGetDeviceCount");
  *count = emulation::devices;
  return cudaSuccess;
}

cudaError_t cudaSetDevice(int device) {
  MTL_EMULATION_CALL("cudaSetDevice");
  return device == 0 ? cudaSuccess : remember(cudaErrorInvalidDevice);
}

cudaError_t cudaGetDevice(int* device) {
  MTL_EMULATION_CALL("cudaGetDevice");
  *device = 0;
  return cudaSuccess;
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device) {
  MTL_EMULATION_CALL("cudaGetDeviceProperties");
  if (device != 0) return remember(cudaErrorInvalidDevice);
  *properties = {};
  std::snprintf(properties->name, sizeof(properties->name), "%s", emulation::kDeviceName);
  properties->totalGlobalMem = emulation::kDeviceBytes;
  properties->sharedMemPerBlock = size_t{48} << 10;
  properties->major = 8;
  properties->minor = 0;
  properties->multiProcessorCount = 4;
  return cudaSuccess;
}

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int device) {
  MTL_EMULATION_CALL("cudaDeviceGetAttribute");
  if (device != 0) return remember(cudaErrorInvalidDevice);
  switch (attribute) {
    case cudaDevAttrMaxThreadsPerBlock:
      *value = static_cast<int>(emulation::kMostThreads);
      return cudaSuccess;
    case cudaDevAttrMaxSharedMemoryPerBlock:
      *value = 48 << 10;
      return cudaSuccess;
    case cudaDevAttrMultiProcessorCount:
      *value = 4;
      return cudaSuccess;
    case cudaDevAttrComputeCapabilityMajor:
      *value = 8;
      return cudaSuccess;
    case cudaDevAttrComputeCapabilityMinor:
      *value = 0;
      return cudaSuccess;
  }
  return remember(cudaErrorInvalidValue);
}

cudaError_t cudaDeviceSynchronize() {
  MTL_EMULATION_CALL("cudaDeviceSynchronize");
  emulation::drain_all();
  return cudaSuccess;
}

cudaError_t cudaMemGetInfo(size_t* free_bytes, size_t* total_bytes) {
  MTL_EMULATION_CALL("cudaMemGetInfo");
  *free_bytes = emulation::free_bytes();
  *total_bytes = emulation::kDeviceBytes;
  return cudaSuccess;
}

cudaError_t cudaMalloc(void** memory, size_t bytes) {
  MTL_EMULATION_CALL("cudaMalloc");
  *memory = nullptr;
  if (emulation::take_failing_allocation()) return remember(cudaErrorMemoryAllocation);
  emulation::free_while_failing = 0;
  if (bytes == 0) return cudaSuccess;
  emulation::install_fault_handler();
  *memory = DeviceMemory::instance().allocate(bytes);
  return *memory != nullptr ? cudaSuccess : remember(cudaErrorMemoryAllocation);
}

// Also on a broken device, so that what was allocated before is not taken for a leak.
cudaError_t cudaFree(void* memory) {
  const Call call("cudaFree");
  if (memory != nullptr) {
    emulation::drain_all();
    if (!DeviceMemory::instance().release(memory)) {
      fail("cudaFree: %p was not allocated, or freed before", memory);
    }
  }
  return remember(call.failure());
}

cudaError_t cudaStreamCreate(cudaStream_t* stream) {
  return cudaStreamCreateWithFlags(stream, cudaStreamDefault);
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags) {
  MTL_EMULATION_CALL("cudaStreamCreateWithFlags");
  *stream = emulation::make_stream(flags == cudaStreamDefault);
  return cudaSuccess;
}

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  const Call call("cudaStreamDestroy");
  emulation::destroy_stream(stream);
  return remember(call.failure());
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  MTL_EMULATION_CALL("cudaStreamSynchronize");
  emulation::check_stream(stream, "cudaStreamSynchronize");
  emulation::drain(stream);
  return cudaSuccess;
}

// Nobody works while the host looks away: a loop around this would not end if it did nothing.
cudaError_t cudaStreamQuery(cudaStream_t stream) {
  return cudaStreamSynchronize(stream);
}

cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
  MTL_EMULATION_CALL("cudaStreamWaitEvent");
  emulation::check_stream(stream, "cudaStreamWaitEvent");
  emulation::check_event(event, "cudaStreamWaitEvent");
  emulation::drain_until(*event);
  return cudaSuccess;
}

cudaError_t cudaEventCreate(cudaEvent_t* event) {
  return cudaEventCreateWithFlags(event, cudaEventDefault);
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  MTL_EMULATION_CALL("cudaEventCreateWithFlags");
  *event = emulation::make_event();
  return cudaSuccess;
}

cudaError_t cudaEventDestroy(cudaEvent_t event) {
  const Call call("cudaEventDestroy");
  emulation::destroy_event(event);
  return remember(call.failure());
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  MTL_EMULATION_CALL("cudaEventRecord");
  emulation::check_event(event, "cudaEventRecord");
  if (event->stream != stream) emulation::drain_until(*event);
  event->stream = stream;
  ++event->pending;
  emulation::enqueue(stream, [event] {
    --event->pending;
    event->passed_at = emulation::milliseconds_now();
  });
  return cudaSuccess;
}

cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  MTL_EMULATION_CALL("cudaEventSynchronize");
  emulation::check_event(event, "cudaEventSynchronize");
  emulation::drain_until(*event);
  return cudaSuccess;
}

cudaError_t cudaEventQuery(cudaEvent_t event) {
  return cudaEventSynchronize(event);
}

cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t start, cudaEvent_t end) {
  MTL_EMULATION_CALL("cudaEventElapsedTime");
  emulation::check_event(start, "cudaEventElapsedTime");
  emulation::check_event(end, "cudaEventElapsedTime");
  if (start->pending > 0 || end->pending > 0) return remember(cudaErrorNotReady);
  *milliseconds = static_cast<float>(end->passed_at - start->passed_at);
  return cudaSuccess;
}

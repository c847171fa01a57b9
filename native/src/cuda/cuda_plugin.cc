// The functions that the plug-in exports, and what it hands out. See backend/cuda_plugin.h.
#include "backend/cuda_plugin.h"

#include <cublasLt.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "backend/unwinder.h"
#include "cuda/cuda_backend.h"
#include "cuda/self_test.h"

// The architectures the kernels are compiled for, as CMake names them.
#ifndef MTL_CUDA_ARCHITECTURES
#define MTL_CUDA_ARCHITECTURES "unknown"
#endif
#define MTL_TEXT_OF(value) #value
#define MTL_TEXT(value) MTL_TEXT_OF(value)

namespace mtl {
namespace {

// The kernels are compiled for this generation (A100, RTX 30) and later ones.
constexpr int kLeastComputeMajor = 8;

void write(char* target, int32_t size, const std::string& text) {
  if (size <= 0) return;
  const size_t length = std::min(text.size(), static_cast<size_t>(size) - 1);
  std::memcpy(target, text.data(), length);
  target[length] = '\0';
}

// 12040 is 12.4.
std::string version_text(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

// cuBLASLt counts 11.11.3 as 111103, and 13.0.0 as 130000.
std::string library_version_text(int64_t version) {
  return std::to_string(version / 10000) + "." + std::to_string(version / 100 % 100) + "." +
         std::to_string(version % 100);
}

// Why the driver shows no device.
std::string absence(cudaError_t status) {
  int driver = 0;
  cudaDriverGetVersion(&driver);  // 0 when there is none
  if (driver == 0) return "no NVIDIA driver is installed (libcuda was not found)";
  if (status == cudaErrorInsufficientDriver) {
    return "the NVIDIA driver is too old: it supports CUDA " + version_text(driver) +
           ", this plug-in is built with CUDA " + version_text(CUDART_VERSION) + "; a newer driver is needed";
  }
  if (status == cudaErrorNoDevice) {
    const char* const visible = std::getenv("CUDA_VISIBLE_DEVICES");
    return "the NVIDIA driver (CUDA " + version_text(driver) + ") shows no device" +
           (visible != nullptr ? std::string("; CUDA_VISIBLE_DEVICES is \"") + visible + "\""
                               : std::string());
  }
  return failure_text(status, "asking the NVIDIA driver for its devices");
}

int32_t device_count(char* why, int32_t size) {
  int count = 0;
  const cudaError_t status = cudaGetDeviceCount(&count);
  if (status == cudaSuccess) return count;
  cudaGetLastError();  // else the next launch would report it again
  write(why, size, absence(status));
  return status == cudaErrorNoDevice ? 0 : -1;
}

bool describe(int32_t device, CudaDeviceInfo* info, char* why, int32_t size) {
  cudaDeviceProp properties{};
  int driver = 0, runtime = 0;
  size_t free_bytes = 0, all_bytes = 0;
  for (const cudaError_t status :
       {cudaGetDeviceProperties(&properties, device), cudaDriverGetVersion(&driver),
        cudaRuntimeGetVersion(&runtime), cudaSetDevice(device), cudaMemGetInfo(&free_bytes, &all_bytes)}) {
    if (status == cudaSuccess) continue;
    cudaGetLastError();
    write(why, size, failure_text(status, "asking for the properties of the device"));
    return false;
  }
  *info = CudaDeviceInfo{};
  write(info->name, sizeof info->name, properties.name);
  write(info->detail, sizeof info->detail,
        "compute capability " + std::to_string(properties.major) + "." + std::to_string(properties.minor) +
            ", driver for CUDA " + version_text(driver) + ", CUDA runtime " + version_text(runtime) +
            ", cuBLASLt " + library_version_text(MatrixLibrary::version()));
  info->memory_bytes = static_cast<int64_t>(all_bytes);
  info->free_bytes = static_cast<int64_t>(free_bytes);
  info->compute_major = properties.major;
  info->compute_minor = properties.minor;
  info->driver_version = driver;
  return true;
}

// Why a device that is there cannot be used; empty: it can.
std::string unfitness(int32_t device) {
  int major = 0, minor = 0;
  for (const cudaError_t status :
       {cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device),
        cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, device)}) {
    if (status == cudaSuccess) continue;
    cudaGetLastError();
    return failure_text(status, "asking for the compute capability of the device");
  }
  if (major >= kLeastComputeMajor) return "";
  return "its compute capability is " + std::to_string(major) + "." + std::to_string(minor) + ", but " +
         std::to_string(kLeastComputeMajor) + ".0 is needed at least";
}

bool self_test(int32_t device, char* why, int32_t size) {
  std::string failure = unfitness(device);
  if (failure.empty()) failure = self_test_failure(device);
  write(why, size, failure);
  return failure.empty();
}

// The environment variable that turns CUDA graphs off, to compare or to debug.
bool graphs_are_wanted() {
  constexpr const char* kVariable = "MTLHYBRID_CUDA_GRAPHS";
  const char* const value = std::getenv(kVariable);
  const std::string wanted = value != nullptr ? value : "on";
  if (wanted != "on" && wanted != "off") {
    fail_by_host(MTL_INVALID_ARGUMENT, std::string("the environment variable ") + kVariable +
                                           " must be on or off, but is " + wanted);
  }
  return wanted == "on";
}

Backend* create(int32_t device, int32_t precision) {
  int count = 0;
  const cudaError_t status = cudaGetDeviceCount(&count);
  const std::string name = "CUDA device " + std::to_string(device);
  if (status != cudaSuccess) {
    cudaGetLastError();
    fail_by_host(MTL_DEVICE_ERROR, name + " cannot be used: " + absence(status));
  }
  if (device < 0 || device >= count) {
    fail_by_host(MTL_DEVICE_ERROR, name + " is not there: the driver shows " + std::to_string(count) +
                                       (count == 1 ? " device" : " devices") + ", counted from 0");
  }
  const std::string failure = unfitness(device);
  if (!failure.empty()) fail_by_host(MTL_DEVICE_ERROR, name + " cannot be used: " + failure);
  if (precision < 0 || precision > static_cast<int32_t>(Precision::kBFloat16)) {
    fail_by_host(MTL_INVALID_ARGUMENT, "precision must be 0, 1 or 2, but is " + std::to_string(precision));
  }
  return new CudaBackend(device, static_cast<Precision>(precision), graphs_are_wanted());
}

void destroy(Backend* backend) {
  delete backend;
}

const CudaPlugin kPlugin = {
    "CUDA " MTL_TEXT(CUDART_VERSION) ", architectures " MTL_CUDA_ARCHITECTURES,
    device_count,
    describe,
    self_test,
    create,
    destroy,
};

}  // namespace
}  // namespace mtl

#define MTL_PLUGIN_EXPORT extern "C" __attribute__((visibility("default")))

MTL_PLUGIN_EXPORT uint32_t mtl_cuda_plugin_version() {
  return mtl::kCudaPluginVersion;
}

MTL_PLUGIN_EXPORT const mtl::CudaPlugin* mtl_cuda_plugin_open(uint32_t version,
                                                              const mtl::CudaPluginHost* host) {
  if (version != mtl::kCudaPluginVersion) return nullptr;
  mtl::prepare_unwinder();
  mtl::set_plugin_host(host);
  return &mtl::kPlugin;
}

#include "cuda/check.h"

#include <exception>

namespace mtl {
namespace {

const CudaPluginHost* plugin_host = nullptr;

}  // namespace

void set_plugin_host(const CudaPluginHost* host) {
  plugin_host = host;
}

void fail_by_host(mtl_status status, const std::string& message) {
  plugin_host->fail(status, message.c_str());
  std::terminate();  // a host that returns breaks the contract: nothing can go on
}

std::string failure_text(cudaError_t status, const char* what) {
  return std::string(what) + ": " + cudaGetErrorName(status) + ", " + cudaGetErrorString(status);
}

bool is_lasting(cudaError_t status) {
  switch (status) {
    case cudaErrorIllegalAddress:
    case cudaErrorLaunchTimeout:
    case cudaErrorAssert:
    case cudaErrorHardwareStackError:
    case cudaErrorIllegalInstruction:
    case cudaErrorMisalignedAddress:
    case cudaErrorInvalidAddressSpace:
    case cudaErrorInvalidPc:
    case cudaErrorLaunchFailure:
    case cudaErrorECCUncorrectable:
    case cudaErrorNvlinkUncorrectable:
    case cudaErrorContextIsDestroyed:
      return true;
    default:
      return false;
  }
}

void check(cudaError_t status, const char* what) {
  if (status == cudaSuccess) return;
  const std::string message = failure_text(status, what);
  if (is_lasting(status)) fail_by_host(MTL_DEVICE_LOST, message);
  cudaGetLastError();  // else the next launch would report it again
  fail_by_host(status == cudaErrorMemoryAllocation ? MTL_OUT_OF_MEMORY : MTL_DEVICE_ERROR, message);
}

}  // namespace mtl

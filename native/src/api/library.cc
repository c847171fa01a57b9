// The library itself: versions, statuses, the last error.
#include <cstdio>
#include <cstring>
#include <string>

#include "api/cuda_plugin.h"
#include "api/guard.h"
#include "cpu/gemm.h"
#include "cpu/kernels.h"

namespace mtl {
namespace {

// Fixed storage: a report of missing memory must not need memory.
thread_local char last_error[2048];

struct BuildInfo {
  char text[768];
  BuildInfo() {
#if defined(__clang__)
    const char* compiler = "Clang " __clang_version__;
#elif defined(__GNUC__)
    const char* compiler = "GCC " __VERSION__;
#else
    const char* compiler = "unknown compiler";
#endif
    const CudaPlugin* plugin = cuda_plugin().plugin;
    std::snprintf(text, sizeof(text), "MtlHybrid %s; %s; BLAS: %s; kernels: %s; CUDA plug-in: %s",
                  MTL_VERSION, compiler, blas_name().c_str(), best_kernels().name,
                  plugin != nullptr ? plugin->build_info : "none");
  }
};

}  // namespace

void set_last_error(const char* function, const char* message) noexcept {
  std::snprintf(last_error, sizeof(last_error), "%s: %s", function, message);
}

}  // namespace mtl

uint32_t mtl_abi_version(void) {
  return MTL_ABI_VERSION;
}

const char* mtl_build_info(void) {
  static const mtl::BuildInfo info;
  return info.text;
}

const char* mtl_last_error(void) {
  return mtl::last_error;
}

const char* mtl_status_name(mtl_status status) {
  switch (status) {
    case MTL_OK:
      return "ok";
    case MTL_INVALID_ARGUMENT:
      return "invalid argument";
    case MTL_INVALID_STATE:
      return "invalid state";
    case MTL_OUT_OF_MEMORY:
      return "out of memory";
    case MTL_DEVICE_ERROR:
      return "device error";
    case MTL_DEVICE_LOST:
      return "device lost";
    case MTL_BUSY:
      return "busy";
    case MTL_CANCELLED:
      return "cancelled";
    case MTL_INTERNAL:
      return "internal error";
    default:
      return "unknown status";
  }
}

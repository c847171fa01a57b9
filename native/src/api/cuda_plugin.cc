#include "api/cuda_plugin.h"

#include <cstdlib>

#include "api/shared_library.h"
#include "backend/error.h"
#include "backend/unwinder.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPathVariable = "MTLHYBRID_CUDA_PATH";
#if defined(_WIN32)
constexpr const char* kFileName = "mtlhybrid_cuda.dll";
#else
constexpr const char* kFileName = "libmtlhybrid_cuda.so";
#endif

// What plug-ins have to say does not come longer.
constexpr int32_t kReasonSize = 900;

[[noreturn]] void fail_for_plugin(mtl_status status, const char* message) {
  throw Error(status, message);
}

const CudaPluginHost host{fail_for_plugin};

std::string utf8(const fs::path& path) {
  const std::u8string name = path.u8string();
  return {name.begin(), name.end()};
}

fs::path from_utf8(const std::string& name) {
  return fs::path(std::u8string(name.begin(), name.end()));
}

CudaPluginFile refused(const std::string& path, mtl_cuda_state state, const std::string& reason) {
  CudaPluginFile file;
  file.path = path;
  file.state = state;
  file.reason = reason;
  return file;
}

CudaPluginFile open_own_plugin() {
#if defined(_WIN32)
  const wchar_t* named = _wgetenv(L"MTLHYBRID_CUDA_PATH");
  const std::string chosen = named != nullptr ? utf8(named) : "";
#else
  const char* named = std::getenv(kPathVariable);
  const std::string chosen = named != nullptr ? named : "";
#endif
  if (chosen.empty()) return open_cuda_plugin(utf8(SharedLibrary::own_folder() / kFileName));
  CudaPluginFile file = open_cuda_plugin(chosen);
  if (file.plugin == nullptr) file.reason += text(" (the environment variable ", kPathVariable, " names it)");
  return file;
}

}  // namespace

CudaPluginFile open_cuda_plugin(const std::string& path) {
  const fs::path location = from_utf8(path);
  std::error_code error;
  if (!fs::exists(location, error)) {
    return refused(path, MTL_CUDA_NO_PLUGIN, text("the CUDA plug-in ", path, " is not there"));
  }
  std::string why;
  const SharedLibrary library = SharedLibrary::open(location, why);
  if (!library) {
    return refused(path, MTL_CUDA_NOT_LOADED, text("the CUDA plug-in ", path, " does not load: ", why));
  }
  const auto open = library.function<CudaPluginOpen>(kCudaPluginEntry);
  if (open == nullptr) {
    return refused(path, MTL_CUDA_NOT_LOADED,
                   text(path, " is no CUDA plug-in: it has no function ", kCudaPluginEntry));
  }
  prepare_unwinder();
  CudaPluginFile file;
  file.path = path;
  file.plugin = open(kCudaPluginVersion, &host);
  if (file.plugin == nullptr) {
    const auto version = library.function<CudaPluginVersion>(kCudaPluginVersionEntry);
    return refused(path, MTL_CUDA_OTHER_VERSION,
                   text("the CUDA plug-in ", path, " has version ",
                        version != nullptr ? std::to_string(version()) : "unknown",
                        ", but this library needs version ", kCudaPluginVersion));
  }
  file.state = MTL_CUDA_USABLE;
  return file;
}

const CudaPluginFile& cuda_plugin() {
  // Never destroyed: handles may be given back when the process ends.
  static const CudaPluginFile& file = *new CudaPluginFile(open_own_plugin());
  return file;
}

CudaDevices cuda_devices(const CudaPluginFile& file) {
  CudaDevices devices;
  devices.state = file.state;
  devices.reason = file.reason;
  if (file.plugin == nullptr) return devices;
  char why[kReasonSize] = "";
  devices.count = file.plugin->device_count(why, kReasonSize);
  if (devices.count < 0) {
    devices.count = 0;
    devices.state = MTL_CUDA_NO_DRIVER;
    devices.reason = why[0] != 0 ? why : "the CUDA driver does not answer";
  } else if (devices.count == 0) {
    devices.state = MTL_CUDA_NO_DEVICE;
    devices.reason = why[0] != 0 ? why : "the CUDA driver shows no device";
  }
  return devices;
}

}  // namespace mtl

// cuda_plugin_load LIBRARY: the CUDA plug-in loads, and answers as backend/cuda_plugin.h promises. Where
// there is a usable device, its self-test must pass; where there is none, the plug-in must say why, and an
// attempt to use it must end in an error thrown by the host, through the frames of the plug-in.
#include <dlfcn.h>

#include <cstdint>
#include <cstdio>
#include <string>

#include "backend/cuda_plugin.h"

namespace {

struct HostError {
  mtl_status status;
  std::string text;
};

[[noreturn]] void fail(mtl_status status, const char* message) {
  throw HostError{status, message};
}

int failures = 0;

void expect(bool holds, const char* what) {
  if (holds) return;
  std::printf("does not hold: %s\n", what);
  ++failures;
}

void check_without_device(const mtl::CudaPlugin& plugin, const char* why) {
  expect(why[0] != '\0', "a plug-in without a device says why");
  try {
    plugin.destroy(plugin.create(0, 0));
    expect(false, "a backend on a device that is not there is refused");
  } catch (const HostError& error) {
    std::printf("create: status %d, %s\n", static_cast<int>(error.status), error.text.c_str());
    expect(error.status == MTL_DEVICE_ERROR, "the refusal is a device error");
    expect(!error.text.empty(), "the refusal has a text");
  }
}

void check_device(const mtl::CudaPlugin& plugin, int32_t device) {
  char why[512] = "";
  mtl::CudaDeviceInfo info{};
  expect(plugin.describe(device, &info, why, sizeof why), "a device can be described");
  std::printf("device %d: %s, %s %s\n", device, info.name, info.detail, why);
  why[0] = '\0';
  expect(plugin.self_test(device, why, sizeof why), "the self-test of a device passes");
  std::printf("self-test: %s\n", why[0] == '\0' ? "passed" : why);
}

int run(const char* path) {
  void* const library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    std::printf("%s does not load: %s\n", path, dlerror());
    return 1;
  }
  const auto open = reinterpret_cast<mtl::CudaPluginOpen>(dlsym(library, mtl::kCudaPluginEntry));
  const auto version = reinterpret_cast<mtl::CudaPluginVersion>(dlsym(library, mtl::kCudaPluginVersionEntry));
  if (open == nullptr || version == nullptr) {
    std::printf("%s lacks %s or %s\n", path, mtl::kCudaPluginEntry, mtl::kCudaPluginVersionEntry);
    return 1;
  }
  const mtl::CudaPluginHost host{fail};
  expect(version() == mtl::kCudaPluginVersion, "the plug-in has the version of this header");
  expect(open(mtl::kCudaPluginVersion + 1, &host) == nullptr, "another version is refused");
  const mtl::CudaPlugin* const plugin = open(mtl::kCudaPluginVersion, &host);
  if (plugin == nullptr) {
    std::printf("%s refuses version %u\n", path, mtl::kCudaPluginVersion);
    return 1;
  }
  std::printf("built with: %s\n", plugin->build_info);
  expect(std::string(plugin->build_info).find(MTL_CUDA_ARCHITECTURES) != std::string::npos,
         "the plug-in tells the architectures it was built for");

  char why[512] = "";
  const int32_t count = plugin->device_count(why, sizeof why);
  std::printf("devices: %d %s\n", count, why);
  if (count <= 0) check_without_device(*plugin, why);
  for (int32_t device = 0; device < count; ++device) check_device(*plugin, device);
  return failures == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::printf("usage: cuda_plugin_load LIBRARY\n");
    return 2;
  }
  return run(arguments[1]);
}

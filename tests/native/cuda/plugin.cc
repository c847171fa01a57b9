#include "plugin.h"

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

#include "backend/error.h"

namespace cuda_test {

namespace {

void Fail(mtl_status status, const char* message) {
  throw mtl::Error(status, message);
}

void* Library() {
  static void* library = [] {
    const char* path = std::getenv("MTLHYBRID_CUDA_PATH");
    void* opened = path != nullptr ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : nullptr;
    if (opened == nullptr) {
      std::printf("MTLHYBRID_CUDA_PATH must name the CUDA plug-in: %s\n",
                  path != nullptr ? dlerror() : "it is not set");
      std::exit(EXIT_FAILURE);
    }
    return opened;
  }();
  return library;
}

template <typename Function>
Function Emulation(const char* name) {
  return reinterpret_cast<Function>(PluginSymbol(name));
}

}  // namespace

const mtl::CudaPlugin& Plugin() {
  static const mtl::CudaPlugin* plugin = [] {
    static const mtl::CudaPluginHost host{Fail};
    const auto open = reinterpret_cast<mtl::CudaPluginOpen>(PluginSymbol(mtl::kCudaPluginEntry));
    const mtl::CudaPlugin* opened = open != nullptr ? open(mtl::kCudaPluginVersion, &host) : nullptr;
    if (opened == nullptr) {
      std::puts("the CUDA plug-in does not open");
      std::exit(EXIT_FAILURE);
    }
    return opened;
  }();
  return *plugin;
}

void* PluginSymbol(const char* name) {
  return dlsym(Library(), name);
}

bool IsEmulated() {
  return PluginSymbol("mtl_emulation_break_device") != nullptr;
}

FailingAllocation::FailingAllocation(size_t free_bytes) {
  Emulation<void (*)(size_t)>("mtl_emulation_fail_next_allocation")(free_bytes);
}

BrokenDevice::BrokenDevice(int error) {
  Emulation<void (*)(int)>("mtl_emulation_break_device")(error);
}

BrokenDevice::~BrokenDevice() {
  Emulation<void (*)(int)>("mtl_emulation_break_device")(0);
}

Devices::Devices(int count) {
  Emulation<void (*)(int)>("mtl_emulation_set_devices")(count);
}

Devices::~Devices() {
  Emulation<void (*)(int)>("mtl_emulation_set_devices")(1);
}

DeviceCounts CountsOfDevice() {
  DeviceCounts counts{};
  Emulation<void (*)(DeviceCounts*)>("mtl_emulation_count")(&counts);
  return counts;
}

RefusedGraphs::RefusedGraphs() {
  Emulation<void (*)(int)>("mtl_emulation_refuse_graphs")(1);
}

RefusedGraphs::~RefusedGraphs() {
  Emulation<void (*)(int)>("mtl_emulation_refuse_graphs")(0);
}

GraphSetting::GraphSetting(const char* value) {
  setenv("MTLHYBRID_CUDA_GRAPHS", value, 1);
}

GraphSetting::~GraphSetting() {
  unsetenv("MTLHYBRID_CUDA_GRAPHS");
}

}  // namespace cuda_test

// Devices: what there is, and whether it computes.
#include <cmath>
#include <cstdio>
#include <vector>

#include "api/cuda_plugin.h"
#include "api/options.h"
#include "cpu/cpu_backend.h"
#include "cpu/gemm.h"
#include "cpu/processor.h"

namespace mtl {
namespace {

constexpr int32_t kReasonSize = 900;

template <size_t Size>
void copy_text(const std::string& from, char (&to)[Size]) {
  std::snprintf(to, Size, "%s", from.c_str());
}

// The index among the CUDA devices; -1: the processor.
int32_t cuda_index(int32_t device) {
  const int32_t count = 1 + cuda_devices(cuda_plugin()).count;
  require(device >= 0 && device < count, "device must be in [0, ", count, "), but is ", device);
  return device - 1;
}

mtl_device_info describe_processor() {
  mtl_device_info described{};
  described.kind = MTL_DEVICE_CPU;
  described.threads = usable_threads();
  described.memory_bytes = total_memory_bytes();
  copy_text(processor_name(), described.name);
  copy_text(text(best_kernels().name, " kernels; ", blas_name()), described.detail);
  return described;
}

mtl_device_info describe_cuda(int32_t index) {
  char why[kReasonSize] = "";
  CudaDeviceInfo found{};
  if (!cuda_plugin().plugin->describe(index, &found, why, kReasonSize)) {
    fail(MTL_DEVICE_ERROR, "the CUDA device ", index, " does not describe itself: ", why);
  }
  mtl_device_info described{};
  described.kind = MTL_DEVICE_CUDA;
  described.index = index;
  described.memory_bytes = found.memory_bytes;
  described.free_bytes = found.free_bytes;
  described.compute_major = found.compute_major;
  described.compute_minor = found.compute_minor;
  described.driver_version = found.driver_version;
  copy_text(found.name, described.name);
  copy_text(found.detail, described.detail);
  return described;
}

// A product of matrices of small whole numbers, which is exact.
void test_processor() {
  constexpr int32_t kSize = 33;
  std::vector<float> a(kSize * kSize), b(kSize * kSize), c(kSize * kSize);
  for (int32_t i = 0; i < kSize * kSize; ++i) {
    a[i] = static_cast<float>(i % 7 - 3);
    b[i] = static_cast<float>(i % 5 - 2);
  }
  CpuBackend backend(1);
  backend.matrix_product(a.data(), b.data(), c.data(), kSize, kSize, kSize);
  for (int32_t row = 0; row < kSize; ++row) {
    for (int32_t column = 0; column < kSize; ++column) {
      float expected = 0;
      for (int32_t k = 0; k < kSize; ++k) expected += a[row * kSize + k] * b[k * kSize + column];
      const float actual = c[row * kSize + column];
      if (!(actual == expected)) {
        fail(MTL_DEVICE_ERROR, "the processor's matrix product is wrong: element [", row, ", ", column,
             "] is ", actual, " instead of ", expected);
      }
    }
  }
}

}  // namespace
}  // namespace mtl

mtl_status mtl_device_count(int32_t* out_count) {
  return mtl::guard("mtl_device_count", [&] {
    mtl::require_pointer(out_count, "out_count");
    *out_count = 1 + mtl::cuda_devices(mtl::cuda_plugin()).count;
  });
}

void mtl_device_info_init(mtl_device_info* info) {
  if (info == nullptr) return;
  *info = {};
  info->struct_size = sizeof(*info);
}

mtl_status mtl_device_describe(int32_t device, mtl_device_info* info) {
  return mtl::guard("mtl_device_describe", [&] {
    mtl::require_pointer(info, "info");
    mtl::check_struct_size(info->struct_size, "info");
    const int32_t index = mtl::cuda_index(device);
    mtl::write_info(index < 0 ? mtl::describe_processor() : mtl::describe_cuda(index), info);
  });
}

mtl_status mtl_device_self_test(int32_t device) {
  return mtl::guard("mtl_device_self_test", [&] {
    const int32_t index = mtl::cuda_index(device);
    if (index < 0) {
      mtl::test_processor();
      return;
    }
    char why[mtl::kReasonSize] = "";
    if (!mtl::cuda_plugin().plugin->self_test(index, why, mtl::kReasonSize)) {
      mtl::fail(MTL_DEVICE_ERROR, "the self-test of CUDA device ", index, " failed: ", why);
    }
  });
}

void mtl_cuda_info_init(mtl_cuda_info* info) {
  if (info == nullptr) return;
  *info = {};
  info->struct_size = sizeof(*info);
}

mtl_status mtl_cuda_describe(mtl_cuda_info* info) {
  return mtl::guard("mtl_cuda_describe", [&] {
    mtl::require_pointer(info, "info");
    mtl::check_struct_size(info->struct_size, "info");
    const mtl::CudaPluginFile& file = mtl::cuda_plugin();
    const mtl::CudaDevices devices = mtl::cuda_devices(file);
    mtl_cuda_info described{};
    described.state = devices.state;
    described.devices = devices.count;
    mtl::copy_text(devices.reason, described.reason);
    mtl::copy_text(file.path, described.path);
    mtl::copy_text(file.plugin != nullptr ? file.plugin->build_info : "", described.build);
    mtl::write_info(described, info);
  });
}

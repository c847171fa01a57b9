// Devices and contexts. The one place that knows which backends there are.
#include <cstdio>

#include "api/handles.h"
#include "api/options.h"
#include "cpu/cpu_backend.h"
#include "cpu/gemm.h"
#include "cpu/processor.h"

namespace {

// Far more than any machine has; a number above is a mistake.
constexpr int32_t kMostThreads = 1024;

}  // namespace

mtl_status mtl_device_count(int32_t* out_count) {
  return mtl::guard("mtl_device_count", [&] {
    mtl::require_pointer(out_count, "out_count");
    *out_count = 1;
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
    mtl::require(device == 0, "device must be in [0, 1), but is ", device);
    mtl_device_info described{};
    described.kind = MTL_DEVICE_CPU;
    described.index = 0;
    described.threads = mtl::usable_threads();
    described.memory_bytes = mtl::total_memory_bytes();
    std::snprintf(described.name, sizeof(described.name), "%s", mtl::processor_name().c_str());
    std::snprintf(described.detail, sizeof(described.detail), "%s kernels; %s", mtl::best_kernels().name,
                  mtl::blas_name().c_str());
    mtl::write_info(described, info);
  });
}

void mtl_context_options_init(mtl_context_options* options) {
  if (options == nullptr) return;
  *options = {};
  options->struct_size = sizeof(*options);
  options->device_kind = MTL_DEVICE_CPU;
  options->deterministic = 1;
}

mtl_status mtl_context_create(const mtl_context_options* options, mtl_context** out_context) {
  return mtl::guard("mtl_context_create", [&] {
    mtl::require_pointer(out_context, "out_context");
    mtl_context_options read;
    mtl_context_options_init(&read);
    if (options != nullptr) read = mtl::read_options(options, mtl_context_options_init, "options");
    mtl::require(read.device_kind == MTL_DEVICE_CPU || read.device_kind == MTL_DEVICE_CUDA,
                 "options.device_kind must be a mtl_device_kind, but is ", read.device_kind);
    if (read.device_kind != MTL_DEVICE_CPU) {
      mtl::fail(MTL_DEVICE_ERROR, "options.device_kind is CUDA, which this library was built without");
    }
    mtl::require(read.device_index == 0, "options.device_index must be in [0, 1), but is ",
                 read.device_index);
    mtl::require(read.threads >= 0 && read.threads <= kMostThreads, "options.threads must be in [0, ",
                 kMostThreads, "], but is ", read.threads);
    mtl::require(read.deterministic == 0 || read.deterministic == 1,
                 "options.deterministic must be 0 or 1, but is ", read.deterministic);
    const int32_t threads = read.threads > 0 ? read.threads : mtl::usable_threads();
    auto context = std::make_shared<mtl::Context>(std::make_unique<mtl::CpuBackend>(threads));
    *out_context = new mtl_context{std::move(context)};
  });
}

void mtl_context_destroy(mtl_context* context) {
  delete context;
}

mtl_status mtl_context_threads(const mtl_context* context, int32_t* out_threads) {
  return mtl::guard("mtl_context_threads", [&] {
    mtl::require_pointer(context, "context");
    mtl::require_pointer(out_threads, "out_threads");
    const mtl::Context::Use use(*context->context);
    *out_threads = context->context->backend().parallel_parts();
  });
}

mtl_status mtl_context_request_cancel(mtl_context* context) {
  return mtl::guard("mtl_context_request_cancel", [&] {
    mtl::require_pointer(context, "context");
    context->context->request_cancel();
  });
}

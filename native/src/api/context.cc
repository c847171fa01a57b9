// Contexts. The one place that makes backends.
#include "api/cuda_plugin.h"
#include "api/handles.h"
#include "api/options.h"
#include "cpu/cpu_backend.h"
#include "cpu/processor.h"

namespace mtl {
namespace {

// Far more than any machine has; a number above is a mistake.
constexpr int32_t kMostThreads = 1024;

BackendPointer make_processor(const mtl_context_options& options) {
  require(options.device_index == 0, "options.device_index must be in [0, 1), but is ", options.device_index);
  require(options.precision == MTL_PRECISION_FLOAT32,
          "options.precision must be MTL_PRECISION_FLOAT32 (0) on the processor, but is ", options.precision);
  return BackendPointer(new CpuBackend(options.threads > 0 ? options.threads : usable_threads()));
}

BackendPointer make_cuda(const mtl_context_options& options) {
  const CudaPluginFile& file = cuda_plugin();
  const CudaDevices devices = cuda_devices(file);
  if (devices.count == 0) fail(MTL_DEVICE_ERROR, "options.device_kind is CUDA, but ", devices.reason);
  if (options.device_index >= devices.count) {
    fail(MTL_DEVICE_ERROR, "there is no CUDA device ", options.device_index, ": the driver shows ",
         devices.count, devices.count == 1 ? ", with index 0" : text(", 0 to ", devices.count - 1));
  }
  return {file.plugin->create(options.device_index, options.precision), BackendDeleter{file.plugin->destroy}};
}

}  // namespace
}  // namespace mtl

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
    mtl::require(read.device_index >= 0, "options.device_index must be at least 0, but is ",
                 read.device_index);
    mtl::require(read.threads >= 0 && read.threads <= mtl::kMostThreads, "options.threads must be in [0, ",
                 mtl::kMostThreads, "], but is ", read.threads);
    mtl::require(read.deterministic == 0 || read.deterministic == 1,
                 "options.deterministic must be 0 or 1, but is ", read.deterministic);
    mtl::require(read.precision >= MTL_PRECISION_FLOAT32 && read.precision <= MTL_PRECISION_BFLOAT16,
                 "options.precision must be a mtl_precision, but is ", read.precision);
    auto context = std::make_shared<mtl::Context>(
        read.device_kind == MTL_DEVICE_CPU ? mtl::make_processor(read) : mtl::make_cuda(read));
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
    context->context->use([&] { *out_threads = context->context->backend().parallel_parts(); });
  });
}

mtl_status mtl_context_request_cancel(mtl_context* context) {
  return mtl::guard("mtl_context_request_cancel", [&] {
    mtl::require_pointer(context, "context");
    context->context->request_cancel();
  });
}

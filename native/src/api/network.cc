// Compiled networks: what they are made of, their state and their settings.
#include "api/handles.h"
#include "api/options.h"
#include "graph/defaults.h"

void mtl_compile_options_init(mtl_compile_options* options) {
  if (options == nullptr) return;
  *options = {};
  options->struct_size = sizeof(*options);
  options->max_batch = 256;
}

mtl_status mtl_network_compile(mtl_context* context, const mtl_graph* graph,
                               const mtl_compile_options* options, mtl_network** out_network) {
  return mtl::guard("mtl_network_compile", [&] {
    mtl::require_pointer(context, "context");
    mtl::require_pointer(graph, "graph");
    mtl::require_pointer(out_network, "out_network");
    const mtl_compile_options read = mtl::read_options(options, mtl_compile_options_init, "options");
    context->context->use([&] {
      *out_network = new mtl_network{std::make_shared<mtl::Network>(context->context, graph->graph, read)};
    });
  });
}

void mtl_network_destroy(mtl_network* network) {
  delete network;
}

void mtl_network_info_init(mtl_network_info* info) {
  if (info == nullptr) return;
  *info = {};
  info->struct_size = sizeof(*info);
}

mtl_status mtl_network_describe(const mtl_network* network, mtl_network_info* info) {
  return mtl::with_network("mtl_network_describe", network, [&](const mtl::Network& target) {
    mtl::require_pointer(info, "info");
    mtl::check_struct_size(info->struct_size, "info");
    mtl_network_info described{};
    target.describe(described);
    mtl::write_info(described, info);
  });
}

void mtl_parameter_info_init(mtl_parameter_info* info) {
  if (info == nullptr) return;
  *info = {};
  info->struct_size = sizeof(*info);
}

mtl_status mtl_network_parameter(const mtl_network* network, int32_t tensor, mtl_parameter_info* info) {
  return mtl::with_network("mtl_network_parameter", network, [&](const mtl::Network& target) {
    mtl::require_pointer(info, "info");
    mtl::check_struct_size(info->struct_size, "info");
    const std::vector<mtl::Tensor>& tensors = target.layout().tensors;
    mtl::require(tensor >= 0 && static_cast<size_t>(tensor) < tensors.size(), "tensor must be in [0, ",
                 tensors.size(), "), but is ", tensor);
    const mtl::Tensor& found = tensors[static_cast<size_t>(tensor)];
    mtl_parameter_info described{};
    described.node = found.node;
    described.role = found.shape.role;
    described.owner = found.owner;
    described.rows = found.shape.rows;
    described.columns = found.shape.columns;
    described.offset = found.offset;
    mtl::write_info(described, info);
  });
}

mtl_status mtl_network_slice(const mtl_network* network, int32_t owner, int64_t* out_offset,
                             int64_t* out_count) {
  return mtl::with_network("mtl_network_slice", network, [&](const mtl::Network& target) {
    mtl::require_pointer(out_offset, "out_offset");
    mtl::require_pointer(out_count, "out_count");
    mtl::require(owner >= MTL_SHARED && owner < target.tasks(), "owner must be in [-1, ", target.tasks(),
                 "), but is ", owner);
    const mtl::Slice slice = target.layout().slices[static_cast<size_t>(owner + 1)];
    *out_offset = slice.offset;
    *out_count = slice.count;
  });
}

mtl_status mtl_network_initialize(mtl_network* network, uint64_t seed) {
  return mtl::with_network("mtl_network_initialize", network,
                           [&](mtl::Network& target) { target.initialize(seed); });
}

mtl_status mtl_network_read(mtl_network* network, mtl_buffer buffer, int64_t offset, int64_t count,
                            float* out_values) {
  return mtl::with_network("mtl_network_read", network, [&](mtl::Network& target) {
    target.read(mtl::read_enum(buffer, "buffer"), offset, count, out_values);
  });
}

mtl_status mtl_network_write(mtl_network* network, mtl_buffer buffer, int64_t offset, int64_t count,
                             const float* values) {
  return mtl::with_network("mtl_network_write", network, [&](mtl::Network& target) {
    target.write(mtl::read_enum(buffer, "buffer"), offset, count, values);
  });
}

mtl_status mtl_network_read_step_counts(mtl_network* network, int64_t* out_counts) {
  return mtl::with_network("mtl_network_read_step_counts", network, [&](mtl::Network& target) {
    mtl::require_pointer(out_counts, "out_counts");
    target.read_step_counts(out_counts);
  });
}

mtl_status mtl_network_write_step_counts(mtl_network* network, const int64_t* counts) {
  return mtl::with_network("mtl_network_write_step_counts", network, [&](mtl::Network& target) {
    mtl::require_pointer(counts, "counts");
    target.write_step_counts(counts);
  });
}

void mtl_optimizer_options_init(mtl_optimizer_options* options) {
  if (options != nullptr) *options = mtl::default_optimizer_options();
}

mtl_status mtl_network_configure_optimizer(mtl_network* network, const mtl_optimizer_options* options) {
  return mtl::with_network("mtl_network_configure_optimizer", network, [&](mtl::Network& target) {
    target.configure_optimizer(mtl::read_options(options, mtl_optimizer_options_init, "options"));
  });
}

void mtl_affinity_options_init(mtl_affinity_options* options) {
  if (options != nullptr) *options = mtl::default_affinity_options();
}

mtl_status mtl_network_configure_affinity(mtl_network* network, const mtl_affinity_options* options) {
  return mtl::with_network("mtl_network_configure_affinity", network, [&](mtl::Network& target) {
    target.configure_affinity(mtl::read_options(options, mtl_affinity_options_init, "options"));
  });
}

// One batch: gathering, group updates, and what is kept beside the network.
#include "api/handles.h"
#include "api/options.h"

mtl_status mtl_network_begin_batch(mtl_network* network, const mtl_dataset* dataset, const int32_t* rows,
                                   int32_t count, uint64_t batch_index) {
  return mtl::with_network("mtl_network_begin_batch", network, [&](mtl::Network& target) {
    mtl::require_pointer(dataset, "dataset");
    target.begin_batch(dataset->dataset, rows, count, batch_index);
  });
}

void mtl_update_options_init(mtl_update_options* options) {
  if (options == nullptr) return;
  *options = {};
  options->struct_size = sizeof(*options);
  options->reduction = MTL_REDUCTION_SUM;
  options->all_losses = 1;
}

mtl_status mtl_network_update_group(mtl_network* network, const int32_t* tasks, int32_t count,
                                    const mtl_update_options* options) {
  return mtl::with_network("mtl_network_update_group", network, [&](mtl::Network& target) {
    target.update_group(tasks, count, mtl::read_options(options, mtl_update_options_init, "options"));
  });
}

mtl_status mtl_network_step_weighted(mtl_network* network, const int32_t* tasks, int32_t count,
                                     const double* shared_weights, const double* head_weights,
                                     const mtl_update_options* options) {
  return mtl::with_network("mtl_network_step_weighted", network, [&](mtl::Network& target) {
    target.step_weighted(tasks, count, shared_weights, head_weights,
                         mtl::read_options(options, mtl_update_options_init, "options"));
  });
}

void mtl_gradient_options_init(mtl_gradient_options* options) {
  if (options == nullptr) return;
  *options = {};
  options->struct_size = sizeof(*options);
  options->max_parts = 1;
  options->memory_share = 0.5;
}

mtl_status mtl_network_configure_gradients(mtl_network* network, const mtl_gradient_options* options) {
  return mtl::with_network("mtl_network_configure_gradients", network, [&](mtl::Network& target) {
    target.configure_gradients(mtl::read_options(options, mtl_gradient_options_init, "options"));
  });
}

void mtl_gradient_request_init(mtl_gradient_request* request) {
  if (request == nullptr) return;
  *request = {};
  request->struct_size = sizeof(*request);
  request->scope = MTL_GRADIENTS_SHARED;
  request->parts = 1;
  request->all_losses = 1;
}

mtl_status mtl_network_task_gradients(mtl_network* network, const int32_t* tasks, int32_t count,
                                      const mtl_gradient_request* request, double* out_products) {
  return mtl::with_network("mtl_network_task_gradients", network, [&](mtl::Network& target) {
    mtl::require_pointer(out_products, "out_products");
    target.task_gradients(tasks, count, mtl::read_options(request, mtl_gradient_request_init, "request"),
                          out_products);
  });
}

mtl_status mtl_network_project_gradients(mtl_network* network, const int32_t* tasks, int32_t count,
                                         int32_t directions, uint64_t seed, double* out_products) {
  return mtl::with_network("mtl_network_project_gradients", network, [&](mtl::Network& target) {
    mtl::require_pointer(out_products, "out_products");
    target.project_gradients(tasks, count, directions, seed, out_products);
  });
}

mtl_status mtl_network_average_gradients(mtl_network* network, const int32_t* tasks, int32_t count,
                                         const double* keep, const double* take, double* out_products) {
  return mtl::with_network("mtl_network_average_gradients", network, [&](mtl::Network& target) {
    mtl::require_pointer(keep, "keep");
    mtl::require_pointer(take, "take");
    mtl::require_pointer(out_products, "out_products");
    target.average_gradients(tasks, count, keep, take, out_products);
  });
}

mtl_status mtl_network_accumulate_squares(mtl_network* network, const int32_t* tasks, int32_t count,
                                          double* out_sums) {
  return mtl::with_network("mtl_network_accumulate_squares", network, [&](mtl::Network& target) {
    mtl::require_pointer(out_sums, "out_sums");
    target.accumulate_squares(tasks, count, out_sums);
  });
}

void mtl_combination_init(mtl_combination* combination) {
  if (combination == nullptr) return;
  *combination = {};
  combination->struct_size = sizeof(*combination);
  combination->kind = MTL_COMBINE_GRADIENTS;
}

mtl_status mtl_network_step_combined(mtl_network* network, const int32_t* tasks, int32_t count,
                                     const double* weights, const double* head_weights,
                                     const mtl_combination* combination, const mtl_update_options* options) {
  return mtl::with_network("mtl_network_step_combined", network, [&](mtl::Network& target) {
    target.step_combined(tasks, count, weights, head_weights,
                         mtl::read_options(combination, mtl_combination_init, "combination"),
                         mtl::read_options(options, mtl_update_options_init, "options"));
  });
}

mtl_status mtl_network_measure(mtl_network* network) {
  return mtl::with_network("mtl_network_measure", network, [](mtl::Network& target) { target.measure(); });
}

mtl_status mtl_network_gradients(mtl_network* network, const int32_t* tasks, int32_t count,
                                 mtl_group_reduction reduction) {
  return mtl::with_network("mtl_network_gradients", network, [&](mtl::Network& target) {
    target.gradients(tasks, count, mtl::read_enum(reduction, "reduction"));
  });
}

mtl_status mtl_network_read_losses(mtl_network* network, double* out_losses) {
  return mtl::with_network("mtl_network_read_losses", network, [&](mtl::Network& target) {
    mtl::require_pointer(out_losses, "out_losses");
    target.read_losses(out_losses);
  });
}

mtl_status mtl_network_take_loss_totals(mtl_network* network, double* out_sums, int64_t* out_batches) {
  return mtl::with_network("mtl_network_take_loss_totals", network, [&](mtl::Network& target) {
    mtl::require_pointer(out_sums, "out_sums");
    mtl::require_pointer(out_batches, "out_batches");
    target.take_loss_totals(out_sums, out_batches);
  });
}

mtl_status mtl_network_read_affinity(mtl_network* network, double* out_affinity, int64_t* out_observations) {
  return mtl::with_network("mtl_network_read_affinity", network, [&](mtl::Network& target) {
    mtl::require_pointer(out_affinity, "out_affinity");
    target.read_affinity(out_affinity, out_observations);
  });
}

mtl_status mtl_network_request_affinity(mtl_network* network) {
  return mtl::with_network("mtl_network_request_affinity", network,
                           [](mtl::Network& target) { target.request_affinity(); });
}

mtl_status mtl_network_take_affinity(mtl_network* network, double* out_affinity, int64_t* out_observations) {
  return mtl::with_network("mtl_network_take_affinity", network, [&](mtl::Network& target) {
    mtl::require_pointer(out_affinity, "out_affinity");
    target.take_affinity(out_affinity, out_observations);
  });
}

mtl_status mtl_network_write_affinity(mtl_network* network, const double* affinity,
                                      const int64_t* observations) {
  return mtl::with_network("mtl_network_write_affinity", network, [&](mtl::Network& target) {
    mtl::require_pointer(affinity, "affinity");
    target.write_affinity(affinity, observations);
  });
}

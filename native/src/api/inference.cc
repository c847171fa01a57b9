// Outputs and losses outside training.
#include "api/handles.h"

mtl_status mtl_network_predict(mtl_network* network, const float* features, const int32_t* categories,
                               int64_t rows, float* out_outputs) {
  return mtl::with_network("mtl_network_predict", network, [&](mtl::Network& target) {
    target.predict(features, categories, rows, out_outputs);
  });
}

mtl_status mtl_network_predict_rows(mtl_network* network, const mtl_dataset* dataset, const int32_t* rows,
                                    int64_t count, float* out_outputs) {
  return mtl::with_network("mtl_network_predict_rows", network, [&](mtl::Network& target) {
    mtl::require_pointer(dataset, "dataset");
    target.predict_rows(dataset->dataset, rows, count, out_outputs);
  });
}

mtl_status mtl_network_evaluate(mtl_network* network, const mtl_dataset* dataset, const int32_t* rows,
                                int64_t count, double* out_loss_sums, double* out_weight_sums) {
  return mtl::with_network("mtl_network_evaluate", network, [&](mtl::Network& target) {
    mtl::require_pointer(dataset, "dataset");
    mtl::require_pointer(out_loss_sums, "out_loss_sums");
    mtl::require_pointer(out_weight_sums, "out_weight_sums");
    target.evaluate(dataset->dataset, rows, count, out_loss_sums, out_weight_sums);
  });
}

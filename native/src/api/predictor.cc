// Predictors: no context is taken into use, each is its own.
#include "api/handles.h"
#include "api/options.h"

void mtl_predictor_options_init(mtl_predictor_options* options) {
  if (options == nullptr) return;
  *options = {};
  options->struct_size = sizeof(*options);
  options->max_batch = 256;
}

mtl_status mtl_predictor_create(mtl_network* network, const mtl_predictor_options* options,
                                mtl_predictor** out_predictor) {
  return mtl::guard("mtl_predictor_create", [&] {
    mtl::require_pointer(network, "network");
    mtl::require_pointer(out_predictor, "out_predictor");
    mtl_predictor_options read;
    mtl_predictor_options_init(&read);
    if (options != nullptr) read = mtl::read_options(options, mtl_predictor_options_init, "options");
    network->network->context()->watch(
        [&] { *out_predictor = new mtl_predictor{mtl::Predictor(network->network, read)}; });
  });
}

void mtl_predictor_destroy(mtl_predictor* predictor) {
  delete predictor;
}

mtl_status mtl_predictor_memory(const mtl_predictor* predictor, int64_t* out_bytes) {
  return mtl::guard("mtl_predictor_memory", [&] {
    mtl::require_pointer(predictor, "predictor");
    mtl::require_pointer(out_bytes, "out_bytes");
    *out_bytes = predictor->predictor.memory_bytes();
  });
}

mtl_status mtl_predictor_predict(mtl_predictor* predictor, const float* features, const int32_t* categories,
                                 int64_t rows, float* out_outputs) {
  return mtl::guard("mtl_predictor_predict", [&] {
    mtl::require_pointer(predictor, "predictor");
    mtl::Predictor& target = predictor->predictor;
    target.context().watch([&] { target.predict(features, categories, rows, out_outputs); });
  });
}

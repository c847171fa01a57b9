// Data sets on the device.
#include <limits>

#include "api/handles.h"
#include "api/options.h"

void mtl_dataset_options_init(mtl_dataset_options* options) {
  if (options == nullptr) return;
  *options = {};
  options->struct_size = sizeof(*options);
}

mtl_status mtl_dataset_create(mtl_context* context, const mtl_dataset_options* options,
                              mtl_dataset** out_dataset) {
  return mtl::guard("mtl_dataset_create", [&] {
    mtl::require_pointer(context, "context");
    mtl::require_pointer(out_dataset, "out_dataset");
    const mtl_dataset_options read = mtl::read_options(options, mtl_dataset_options_init, "options");
    mtl::require(read.features >= 0, "options.features must be at least 0, but is ", read.features);
    mtl::require(read.categorical_columns >= 0, "options.categorical_columns must be at least 0, but is ",
                 read.categorical_columns);
    mtl::require(read.tasks >= 0, "options.tasks must be at least 0, but is ", read.tasks);
    mtl::require(read.rows >= 1 && read.rows <= std::numeric_limits<int32_t>::max(),
                 "options.rows must be in [1, 2147483647], but is ", read.rows);
    context->context->use([&] { *out_dataset = new mtl_dataset{mtl::Dataset(context->context, read)}; });
  });
}

void mtl_dataset_destroy(mtl_dataset* dataset) {
  delete dataset;
}

mtl_status mtl_dataset_set_features(mtl_dataset* dataset, int64_t first_row, int64_t rows,
                                    const float* values) {
  return mtl::with_dataset("mtl_dataset_set_features", dataset,
                           [&](mtl::Dataset& set) { set.set_features(first_row, rows, values); });
}

mtl_status mtl_dataset_set_categories(mtl_dataset* dataset, int64_t first_row, int64_t rows,
                                      const int32_t* codes) {
  return mtl::with_dataset("mtl_dataset_set_categories", dataset,
                           [&](mtl::Dataset& set) { set.set_codes(first_row, rows, codes); });
}

mtl_status mtl_dataset_set_labels(mtl_dataset* dataset, int64_t first_row, int64_t rows,
                                  const float* labels) {
  return mtl::with_dataset("mtl_dataset_set_labels", dataset,
                           [&](mtl::Dataset& set) { set.set_labels(first_row, rows, labels); });
}

#include "graph/dataset.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace mtl {

Dataset::Dataset(std::shared_ptr<Context> context, const mtl_dataset_options& options)
    : context_(std::move(context)),
      rows_(options.rows),
      features_(options.features),
      columns_(options.categorical_columns),
      tasks_(options.tasks) {
  Backend& backend = context_->backend();
  feature_values_ = Memory<float>(backend, checked_product(rows_, features_, "features"), "features");
  codes_ = Memory<int32_t>(backend, checked_product(rows_, columns_, "categories"), "categories");
  labels_ = Memory<float>(backend, checked_product(rows_, tasks_, "labels"), "labels");
  const int64_t chunk = std::min<int64_t>(labels_.count(), 1 << 16);
  const std::vector<float> missing(static_cast<size_t>(chunk), std::numeric_limits<float>::quiet_NaN());
  for (int64_t begin = 0; begin < labels_.count(); begin += chunk) {
    const int64_t count = std::min(chunk, labels_.count() - begin);
    backend.upload(labels_.data() + begin, missing.data(), count * static_cast<int64_t>(sizeof(float)));
  }
}

void Dataset::set(void* target, int32_t width, int64_t first_row, int64_t rows, const void* source,
                  const char* argument) {
  require(first_row >= 0 && first_row <= rows_, "first_row must be in [0, ", rows_, "], but is ", first_row);
  require(rows >= 0 && rows <= rows_ - first_row, "rows must be in [0, ", rows_ - first_row, "] from row ",
          first_row, " on, but is ", rows);
  if (rows == 0 || width == 0) return;
  require(source != nullptr, argument, " is NULL");
  const int64_t row_bytes = int64_t{width} * 4;
  context_->backend().upload(static_cast<char*>(target) + first_row * row_bytes, source, rows * row_bytes);
}

void Dataset::set_features(int64_t first_row, int64_t rows, const float* values) {
  set(feature_values_.data(), features_, first_row, rows, values, "values");
}

void Dataset::set_codes(int64_t first_row, int64_t rows, const int32_t* codes) {
  set(codes_.data(), columns_, first_row, rows, codes, "codes");
}

void Dataset::set_labels(int64_t first_row, int64_t rows, const float* labels) {
  set(labels_.data(), tasks_, first_row, rows, labels, "labels");
}

}  // namespace mtl

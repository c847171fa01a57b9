#include "graph/dataset.h"

#include <algorithm>
#include <limits>

#include "graph/input_values.h"

namespace mtl {
namespace {

template <typename T>
void upload_rows(Backend& backend, const Memory<T>& memory, int32_t width, int64_t first_row, int64_t rows,
                 const T* source) {
  backend.upload(memory.data() + first_row * width, source, rows * width * static_cast<int64_t>(sizeof(T)));
}

}  // namespace

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
  if (features_ > 0) finite_.assign(static_cast<size_t>(rows_), 1);
  if (backend.host_memory()) return;
  host_codes_.assign(static_cast<size_t>(codes_.count()), 0);
  host_labels_.assign(static_cast<size_t>(labels_.count()), std::numeric_limits<float>::quiet_NaN());
}

bool Dataset::check(int32_t width, int64_t first_row, int64_t rows, const void* source,
                    const char* argument) const {
  require(first_row >= 0 && first_row <= rows_, "first_row must be in [0, ", rows_, "], but is ", first_row);
  require(rows >= 0 && rows <= rows_ - first_row, "rows must be in [0, ", rows_ - first_row, "] from row ",
          first_row, " on, but is ", rows);
  if (rows == 0 || width == 0) return false;
  require(source != nullptr, argument, " is NULL");
  return true;
}

void Dataset::set_features(int64_t first_row, int64_t rows, const float* values) {
  if (!check(features_, first_row, rows, values, "values")) return;
  upload_rows(context_->backend(), feature_values_, features_, first_row, rows, values);
  for (int64_t i = 0; i < rows; ++i) {
    finite_[static_cast<size_t>(first_row + i)] = all_finite(values + i * features_, features_) ? 1 : 0;
  }
}

void Dataset::set_codes(int64_t first_row, int64_t rows, const int32_t* codes) {
  if (!check(columns_, first_row, rows, codes, "codes")) return;
  upload_rows(context_->backend(), codes_, columns_, first_row, rows, codes);
  if (host_codes_.empty()) return;
  std::copy(codes, codes + rows * columns_, host_codes_.begin() + first_row * columns_);
}

void Dataset::set_labels(int64_t first_row, int64_t rows, const float* labels) {
  if (!check(tasks_, first_row, rows, labels, "labels")) return;
  upload_rows(context_->backend(), labels_, tasks_, first_row, rows, labels);
  if (host_labels_.empty()) return;
  std::copy(labels, labels + rows * tasks_, host_labels_.begin() + first_row * tasks_);
}

}  // namespace mtl

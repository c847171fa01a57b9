// Forming a batch on the device, and checking that its values can be used.
#include <algorithm>
#include <limits>

#include "graph/network.h"

namespace mtl {

void Network::require_batch() const {
  if (!has_batch_) {
    fail(MTL_INVALID_STATE,
         "there is no current batch: mtl_network_begin_batch comes first, and predict, evaluate and "
         "initialize end a batch");
  }
}

void Network::check_inputs(const Dataset& dataset) const {
  require(dataset.context() == context_, "dataset belongs to another context than the network");
  require(dataset.features() == features_, "dataset must have ", features_,
          " features as the network, but has ", dataset.features());
  require(dataset.columns() == columns_, "dataset must have ", columns_,
          " categorical columns as the network, but has ", dataset.columns());
}

void Network::check_rows(const Dataset& dataset, const int32_t* rows, int64_t count) const {
  for (int64_t i = 0; i < count; ++i) {
    require(rows[i] >= 0 && rows[i] < dataset.rows(), "rows[", i, "] must be in [0, ", dataset.rows(),
            "), but is ", rows[i]);
  }
}

void Network::gather_inputs(const Dataset& dataset, const int32_t* rows, int32_t count) {
  if (features_ > 0) {
    backend_.gather_rows(dataset.feature_values(), features_, rows, count, node_[dense_input_].memory.value);
  }
  if (columns_ > 0) backend_.gather_rows(dataset.codes(), columns_, rows, count, codes_.data());
}

InputValues Network::inputs() const {
  return {features_ > 0 ? node_[dense_input_].memory.value : nullptr, features_, codes_.data(), columns_};
}

void Network::gather_labels(const Dataset& dataset, const int32_t* rows, int32_t count) {
  backend_.gather_columns(dataset.labels(), tasks_, rows, count, labels_.data(), max_batch_);
  if (!host_labels_.empty()) {
    for (int32_t i = 0; i < count; ++i) {
      const float* const row = dataset.host_labels() + int64_t{rows[i]} * tasks_;
      for (int32_t k = 0; k < tasks_; ++k) {
        host_labels_[static_cast<size_t>(k) * static_cast<size_t>(max_batch_) + static_cast<size_t>(i)] =
            row[k];
      }
    }
  }
  for (int32_t k = 0; k < tasks_; ++k) {
    Task& task = task_[k];
    task.labels = summarize_labels(task.loss, host_labels(k), count);
    if (task.labels.first_invalid >= 0) {
      fail(MTL_INVALID_ARGUMENT, "labels of row ", rows[task.labels.first_invalid], ", task ", k, " must be ",
           expected_label(task.loss.spec), ", but are ", task.labels.invalid_value);
    }
    // Samples whose classes all weigh nothing define no mean.
    labelled_[k] = task.labels.weight > 0 ? 1 : 0;
  }
}

void Network::begin_batch(const Dataset& dataset, const int32_t* rows, int32_t count, uint64_t batch_index) {
  has_batch_ = false;
  fresh_ = false;
  check_inputs(dataset);
  require(dataset.tasks() == tasks_, "dataset must have ", tasks_, " tasks as the network, but has ",
          dataset.tasks());
  require(count >= 1 && count <= max_batch_, "count must be in [1, ", max_batch_, "] (max_batch), but is ",
          count);
  require(rows != nullptr, "rows is NULL");
  check_rows(dataset, rows, count);
  const Range range = call("begin_batch", static_cast<int64_t>(batch_index));
  check_row_values(dataset, code_ranges_, rows, count);
  backend_.in_step([&] {
    gather_inputs(dataset, rows, count);
    gather_labels(dataset, rows, count);
    backend_.fill(losses_.data(), tasks_, std::numeric_limits<double>::quiet_NaN());
  });

  batch_ = count;
  batch_index_ = batch_index;
  std::fill(seen_.begin(), seen_.end(), uint8_t{0});
  reference_known_ = false;
  stepped_count_ = 0;
  has_batch_ = true;
}

}  // namespace mtl

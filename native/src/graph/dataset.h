// Rows of features, categories and labels in the memory of a device.
//
// What decides whether a batch can be used, and which tasks it has labels for, is on the host as well, so
// that a batch never waits for the device: which rows have features that are not finite, codes, and labels.
#ifndef MTL_GRAPH_DATASET_H
#define MTL_GRAPH_DATASET_H

#include <memory>
#include <vector>

#include "backend/memory.h"
#include "graph/context.h"

namespace mtl {

class Dataset {
 public:
  // Features and categories 0, all labels missing. The options have been checked.
  Dataset(std::shared_ptr<Context> context, const mtl_dataset_options& options);

  const std::shared_ptr<Context>& context() const { return context_; }
  int64_t rows() const { return rows_; }
  int32_t features() const { return features_; }
  int32_t columns() const { return columns_; }
  int32_t tasks() const { return tasks_; }

  const float* feature_values() const { return feature_values_.data(); }
  const int32_t* codes() const { return codes_.data(); }
  const float* labels() const { return labels_.data(); }

  // Where host code reads codes and labels.
  const int32_t* host_codes() const { return host_codes_.empty() ? codes_.data() : host_codes_.data(); }
  const float* host_labels() const { return host_labels_.empty() ? labels_.data() : host_labels_.data(); }
  // Whether all features of a row are finite.
  bool is_finite(int64_t row) const { return finite_.empty() || finite_[static_cast<size_t>(row)] != 0; }

  void set_features(int64_t first_row, int64_t rows, const float* values);
  void set_codes(int64_t first_row, int64_t rows, const int32_t* codes);
  void set_labels(int64_t first_row, int64_t rows, const float* labels);

 private:
  // Whether there is anything to set; throws MTL_INVALID_ARGUMENT for rows that the data set does not have.
  bool check(int32_t width, int64_t first_row, int64_t rows, const void* source, const char* argument) const;

  std::shared_ptr<Context> context_;
  int64_t rows_;
  int32_t features_;
  int32_t columns_;
  int32_t tasks_;
  Memory<float> feature_values_;  // [rows, features]
  Memory<int32_t> codes_;         // [rows, columns]
  Memory<float> labels_;          // [rows, tasks]
  std::vector<uint8_t> finite_;   // [rows]; empty without features
  // The same as on the device; empty where that memory is the host's.
  std::vector<int32_t> host_codes_;
  std::vector<float> host_labels_;
};

}  // namespace mtl

#endif

// Rows of features, categories and labels in the memory of a device.
#ifndef MTL_GRAPH_DATASET_H
#define MTL_GRAPH_DATASET_H

#include <memory>

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

  void set_features(int64_t first_row, int64_t rows, const float* values);
  void set_codes(int64_t first_row, int64_t rows, const int32_t* codes);
  void set_labels(int64_t first_row, int64_t rows, const float* labels);

 private:
  void set(void* target, int32_t width, int64_t first_row, int64_t rows, const void* source,
           const char* argument);

  std::shared_ptr<Context> context_;
  int64_t rows_;
  int32_t features_;
  int32_t columns_;
  int32_t tasks_;
  Memory<float> feature_values_;  // [rows, features]
  Memory<int32_t> codes_;         // [rows, columns]
  Memory<float> labels_;          // [rows, tasks]
};

}  // namespace mtl

#endif

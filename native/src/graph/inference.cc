// Outputs and losses without dropout over any number of rows, one chunk of at most max_batch after the other.
#include <algorithm>
#include <memory>

#include "graph/network.h"

namespace mtl {

void Network::collect_outputs(int32_t count, float* host_outputs) {
  batch_ = count;
  plan_pass(every_, nullptr);
  run_pass(false, false, 1);
  for (const Task& task : task_) {
    const int32_t width = task.loss.spec.width;
    backend_.copy_columns(node_[task.loss.prediction].memory.value, width, 0, staged_outputs_.data(),
                          outputs_, task.output, count, width, Write::kOverwrite);
  }
  backend_.download(host_outputs, staged_outputs_.data(),
                    int64_t{count} * outputs_ * static_cast<int64_t>(sizeof(float)));
}

namespace {

// Results of many chunks are kept apart until all are there: a call that fails writes nothing.
class Staging {
 public:
  Staging(int64_t rows, int32_t width, int32_t chunk, float* target)
      : count_(checked_product(rows, width, "the outputs")), target_(target) {
    if (rows > chunk) own_.reset(new float[static_cast<size_t>(count_)]);
  }
  float* data() const { return own_ ? own_.get() : target_; }
  void finish() const {
    if (own_) std::copy(own_.get(), own_.get() + count_, target_);
  }

 private:
  int64_t count_;
  float* target_;
  std::unique_ptr<float[]> own_;
};

}  // namespace

void Network::predict(const float* features, const int32_t* codes, int64_t rows, float* outputs) {
  has_batch_ = false;
  require(rows >= 0, "rows must be at least 0, but is ", rows);
  context_->poll_cancel();
  if (rows == 0) return;
  require(features != nullptr || features_ == 0, "features is NULL, but the network has ", features_,
          " features");
  require(codes != nullptr || columns_ == 0, "categories is NULL, but the network has ", columns_,
          " categorical columns");
  require(outputs != nullptr, "out_outputs is NULL");
  const Staging staging(rows, outputs_, max_batch_, outputs);
  for (int64_t begin = 0; begin < rows; begin += max_batch_) {
    context_->poll_cancel();
    const int32_t count = static_cast<int32_t>(std::min<int64_t>(max_batch_, rows - begin));
    if (features_ > 0) {
      backend_.upload(node_[dense_input_].memory.value, features + begin * features_,
                      int64_t{count} * features_ * static_cast<int64_t>(sizeof(float)));
    }
    if (columns_ > 0) {
      backend_.upload(codes_.data(), codes + begin * columns_,
                      int64_t{count} * columns_ * static_cast<int64_t>(sizeof(int32_t)));
    }
    check_values(count, nullptr, begin);
    collect_outputs(count, staging.data() + begin * outputs_);
  }
  staging.finish();
}

void Network::predict_rows(const Dataset& dataset, const int32_t* rows, int64_t count, float* outputs) {
  has_batch_ = false;
  check_inputs(dataset);
  require(count >= 0, "count must be at least 0, but is ", count);
  context_->poll_cancel();
  if (count == 0) return;
  require(rows != nullptr, "rows is NULL");
  require(outputs != nullptr, "out_outputs is NULL");
  check_rows(dataset, rows, count);
  const Staging staging(count, outputs_, max_batch_, outputs);
  for (int64_t begin = 0; begin < count; begin += max_batch_) {
    context_->poll_cancel();
    const int32_t chunk = static_cast<int32_t>(std::min<int64_t>(max_batch_, count - begin));
    gather_inputs(dataset, rows + begin, chunk);
    collect_outputs(chunk, staging.data() + begin * outputs_);
  }
  staging.finish();
}

void Network::evaluate(const Dataset& dataset, const int32_t* rows, int64_t count, double* loss_sums,
                       double* weight_sums) {
  has_batch_ = false;
  check_inputs(dataset);
  require(dataset.tasks() == tasks_, "dataset must have ", tasks_, " tasks as the network, but has ",
          dataset.tasks());
  require(count >= 0, "count must be at least 0, but is ", count);
  require(rows != nullptr || count == 0, "rows is NULL");
  check_rows(dataset, rows, count);
  context_->poll_cancel();

  std::fill(evaluated_weights_.begin(), evaluated_weights_.end(), 0.0);
  backend_.zero(evaluation_.data(), evaluation_.bytes());
  for (int64_t begin = 0; begin < count; begin += max_batch_) {
    context_->poll_cancel();
    const int32_t chunk = static_cast<int32_t>(std::min<int64_t>(max_batch_, count - begin));
    gather_inputs(dataset, rows + begin, chunk);
    gather_labels(dataset, rows + begin, chunk);
    batch_ = chunk;
    plan_pass(labelled_, nullptr);
    run_pass(false, true, 1);
    std::fill(divisors_.begin(), divisors_.end(), 1.0);
    finish_losses();
    for (int32_t k = 0; k < tasks_; ++k) {
      if (labelled_[k] != 0) evaluated_weights_[static_cast<size_t>(k)] += task_[k].labels.weight;
    }
    backend_.add_losses(losses_.data(), labelled_.data(), tasks_, evaluation_.data());
  }
  backend_.download(loss_sums, evaluation_.data(), int64_t{tasks_} * static_cast<int64_t>(sizeof(double)));
  std::copy(evaluated_weights_.begin(), evaluated_weights_.end(), weight_sums);
}

}  // namespace mtl

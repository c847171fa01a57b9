// Outputs and losses without dropout over any number of rows, one chunk of at most max_batch after the other.
#include <algorithm>

#include "graph/network.h"

namespace mtl {

void Network::collect_outputs(int32_t count, float* host_outputs) {
  batch_ = count;
  plan_pass(every_, nullptr);
  run_pass(false, false);
  for (const Task& task : task_) {
    const int32_t width = task.loss.spec.width;
    backend_.copy_columns(node_[task.loss.prediction].memory.value, width, 0, staged_outputs_.data(),
                          outputs_, task.output, count, width, Write::kOverwrite);
  }
  backend_.download(host_outputs, staged_outputs_.data(),
                    int64_t{count} * outputs_ * static_cast<int64_t>(sizeof(float)));
}

void Network::predict(const float* features, const int32_t* codes, int64_t rows, float* outputs) {
  has_batch_ = false;
  require(rows >= 0, "rows must be at least 0, but is ", rows);
  context_->poll_cancel();
  if (rows == 0) return;
  const GivenInputs given{features, codes};
  require_inputs(inputs(), given);
  require(outputs != nullptr, "out_outputs is NULL");
  const Range range = call("predict");
  // Outputs are written once no value can be refused any more.
  in_chunks(rows, max_batch_, [&](int64_t first, int32_t count) {
    context_->poll_cancel();
    check_given_values(inputs(), code_ranges_, given, first, count);
  });
  in_chunks(rows, max_batch_, [&](int64_t first, int32_t count) {
    context_->poll_cancel();
    upload_input_values(backend_, inputs(), given, first, count);
    collect_outputs(count, outputs + first * outputs_);
  });
}

void Network::predict_rows(const Dataset& dataset, const int32_t* rows, int64_t count, float* outputs) {
  has_batch_ = false;
  check_inputs(dataset);
  require(count >= 0, "count must be at least 0, but is ", count);
  context_->poll_cancel();
  if (count == 0) return;
  require(rows != nullptr, "rows is NULL");
  require(outputs != nullptr, "out_outputs is NULL");
  const Range range = call("predict");
  check_rows(dataset, rows, count);
  in_chunks(count, max_batch_, [&](int64_t first, int32_t chunk) {
    context_->poll_cancel();
    check_row_values(dataset, code_ranges_, rows + first, chunk);
  });
  in_chunks(count, max_batch_, [&](int64_t first, int32_t chunk) {
    context_->poll_cancel();
    backend_.in_step([&] {
      gather_inputs(dataset, rows + first, chunk);
      collect_outputs(chunk, outputs + first * outputs_);
    });
  });
}

void Network::add_evaluated_losses(const Dataset& dataset, const int32_t* rows, int32_t count) {
  gather_inputs(dataset, rows, count);
  gather_labels(dataset, rows, count);
  batch_ = count;
  plan_pass(labelled_, nullptr);
  run_pass(false, true);
  std::fill(divisors_.begin(), divisors_.end(), 1.0);
  finish_losses();
  for (int32_t k = 0; k < tasks_; ++k) {
    if (labelled_[k] != 0) evaluated_weights_[static_cast<size_t>(k)] += task_[k].labels.weight;
  }
  backend_.add_losses(losses_.data(), labelled_.data(), tasks_, evaluation_.data());
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

  const Range range = call("evaluate");
  std::fill(evaluated_weights_.begin(), evaluated_weights_.end(), 0.0);
  backend_.zero(evaluation_.data(), evaluation_.bytes());
  in_chunks(count, max_batch_, [&](int64_t begin, int32_t chunk) {
    context_->poll_cancel();
    check_row_values(dataset, code_ranges_, rows + begin, chunk);
    backend_.in_step([&] { add_evaluated_losses(dataset, rows + begin, chunk); });
  });
  backend_.download(loss_sums, evaluation_.data(), int64_t{tasks_} * static_cast<int64_t>(sizeof(double)));
  std::copy(evaluated_weights_.begin(), evaluated_weights_.end(), weight_sums);
}

}  // namespace mtl

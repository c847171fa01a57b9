#include "graph/predictor.h"

#include <algorithm>

#include "graph/delta_plan.h"

namespace mtl {

Predictor::Predictor(std::shared_ptr<Network> network, const mtl_predictor_options& options)
    : network_(std::move(network)),
      backend_(network_->backend_.serial()),
      reader_(network_->access_),
      max_batch_(options.max_batch) {
  require(max_batch_ >= 1, "options.max_batch must be at least 1, but is ", max_batch_);
  plan();
}

// Values of nodes share memory: a value is alive from its own node to the last that reads it, predictions to
// the end. That is the plan of gradients with the order of the nodes turned round.
void Predictor::plan() {
  const std::vector<Network::Node>& nodes = network_->node_;
  const int32_t end = static_cast<int32_t>(nodes.size());
  std::vector<DeltaLife> lives(nodes.size());
  for (int32_t n = 0; n < end; ++n) {
    const Network::Node& node = nodes[n];
    const bool valued = (node.live || node.inputs.empty()) && n != network_->categorical_input_;
    lives[n] = {end - n, end - n,
                valued ? checked_product(node.width, max_batch_, "activations of a predictor") : 0};
    for (const int32_t input : node.inputs) {
      if (node.live) lives[input].last = end - n;
    }
  }
  for (const Network::Task& task : network_->task_) lives[task.loss.prediction].last = 0;
  const DeltaPlan values = plan_deltas(lives);

  std::vector<int64_t> saved_at(nodes.size());
  int64_t floats = values.floats;
  const auto take = [&](int32_t width, const char* what) {
    const int64_t at = floats;
    floats = checked_sum(floats, align_floats(checked_product(width, max_batch_, what)), what);
    return at;
  };
  for (int32_t n = 0; n < end; ++n) {
    if (nodes[n].live) saved_at[n] = take(nodes[n].op->saved_per_row(), "saved values of a predictor");
  }
  const int64_t outputs_at = take(network_->outputs_, "outputs of a predictor");
  values_ = Memory<float>(backend_, floats, "the activations of a predictor");
  codes_ = Memory<int32_t>(backend_, checked_product(network_->columns_, max_batch_, "codes"),
                           "the codes of a predictor");
  outputs_ = values_.data() + outputs_at;

  const auto value_of = [&](int32_t n) {
    return values.offsets[n] < 0 ? nullptr : values_.data() + values.offsets[n];
  };
  inputs_ = {network_->dense_input_ >= 0 ? value_of(network_->dense_input_) : nullptr, network_->features_,
             codes_.data(), network_->columns_};
  for (int32_t n = 0; n < end; ++n) {
    const Network::Node& node = nodes[n];
    if (!node.live || node.inputs.empty()) continue;
    NodeMemory memory;
    for (const int32_t input : node.inputs) {
      memory.inputs.push_back(value_of(input));
      if (input == network_->categorical_input_) memory.codes = codes_.data();
    }
    memory.value = value_of(n);
    memory.saved = values_.data() + saved_at[n];
    memory.parameters = node.memory.parameters;
    steps_.push_back({node.op, std::move(memory)});
  }
  for (const Network::Task& task : network_->task_) {
    predictions_.push_back({value_of(task.loss.prediction), task.loss.spec.width, task.output});
  }
}

void Predictor::predict(const float* features, const int32_t* codes, int64_t rows, float* outputs) {
  const ParameterAccess::Read reading(reader_);
  require(rows >= 0, "rows must be at least 0, but is ", rows);
  if (rows == 0) return;
  const GivenInputs given{features, codes};
  require_inputs(inputs_, given);
  require(outputs != nullptr, "out_outputs is NULL");
  // Outputs are written once no value can be refused any more.
  in_chunks(rows, max_batch_, [&](int64_t first, int32_t count) {
    check_given_values(inputs_, network_->code_ranges_, given, first, count);
  });
  in_chunks(rows, max_batch_, [&](int64_t first, int32_t count) {
    upload_input_values(backend_, inputs_, given, first, count);
    compute(count, outputs + first * network_->outputs_);
  });
}

void Predictor::compute(int32_t count, float* outputs) {
  const Pass pass{backend_, 0, count, count, false, {}, 0};
  for (const Step& step : steps_) step.op->forward(pass, step.memory);
  for (const Prediction& prediction : predictions_) {
    backend_.copy_columns(prediction.value, prediction.width, 0, outputs_, network_->outputs_,
                          prediction.output, count, prediction.width, Write::kOverwrite);
  }
  backend_.download(outputs, outputs_,
                    int64_t{count} * network_->outputs_ * static_cast<int64_t>(sizeof(float)));
}

}  // namespace mtl

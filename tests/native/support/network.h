// The network under test, with every output received between sentinels.
#pragma once

#include <utility>

#include "guarded.h"
#include "handles.h"
#include "reference/trainer.h"

namespace support {

struct GradientRequest {
  mtl_gradient_scope scope = MTL_GRADIENTS_SHARED;
  int parts = 1;
  int rows = 0;
};

class Network {
 public:
  Network(mtl_context* context, reference::Graph graph, int max_batch, uint64_t seed = 1)
      : graph_(std::move(graph)) {
    const GraphHandle handle = MakeGraph(graph_);
    mtl_compile_options options;
    mtl_compile_options_init(&options);
    options.max_batch = max_batch;
    options.seed = seed;
    mtl_network* raw = nullptr;
    EXPECT_OK(mtl_network_compile(context, handle.get(), &options, &raw));
    network_.reset(raw);
    if (raw == nullptr) throw std::runtime_error("the network does not compile");
    mtl_network_info_init(&info_);
    EXPECT_OK(mtl_network_describe(raw, &info_));
    ReadLayout();
  }

  mtl_network* get() const { return network_.get(); }
  const reference::Graph& graph() const { return graph_; }
  const reference::Layout& layout() const { return layout_; }
  const mtl_network_info& info() const { return info_; }
  int tasks() const { return graph_.tasks(); }

  std::vector<float> Read(mtl_buffer buffer) const {
    return ReadRange(buffer, 0, static_cast<size_t>(layout_.parameters));
  }
  std::vector<float> ReadRange(mtl_buffer buffer, int64_t offset, size_t count) const {
    Guarded<float> out(count);
    EXPECT_OK(mtl_network_read(get(), buffer, offset, static_cast<int64_t>(count), out.data()));
    return out.values();
  }
  std::vector<float> Slice(mtl_buffer buffer, int owner) const {
    const reference::Slice& slice = layout_.Of(owner);
    if (slice.count == 0) return {};
    return ReadRange(buffer, slice.offset, static_cast<size_t>(slice.count));
  }
  void Write(mtl_buffer buffer, const std::vector<float>& values, int64_t offset = 0) {
    EXPECT_OK(mtl_network_write(get(), buffer, offset, static_cast<int64_t>(values.size()), values.data()));
  }
  std::vector<int64_t> Steps() const {
    Guarded<int64_t> out(tasks() + 1);
    EXPECT_OK(mtl_network_read_step_counts(get(), out.data()));
    return out.values();
  }

  void Configure(const reference::Optimizer& optimizer) {
    mtl_optimizer_options options;
    mtl_optimizer_options_init(&options);
    options.kind = optimizer.kind;
    options.momentum = optimizer.momentum;
    options.nesterov = optimizer.nesterov;
    options.beta1 = optimizer.beta1;
    options.beta2 = optimizer.beta2;
    options.epsilon = optimizer.epsilon;
    options.weight_decay = optimizer.weight_decay;
    options.clip_norm = optimizer.clip_norm;
    EXPECT_OK(mtl_network_configure_optimizer(get(), &options));
  }
  void ConfigureAffinity(mtl_affinity_credit credit, float decay) {
    mtl_affinity_options options;
    mtl_affinity_options_init(&options);
    options.enabled = 1;
    options.credit = credit;
    options.decay = decay;
    EXPECT_OK(mtl_network_configure_affinity(get(), &options));
  }

  void Begin(const Dataset& dataset, const std::vector<int32_t>& rows, uint64_t batch_index = 0) {
    EXPECT_OK(mtl_network_begin_batch(get(), dataset.get(), rows.data(), static_cast<int32_t>(rows.size()),
                                      batch_index));
  }
  void Update(const reference::GroupUpdate& update) {
    mtl_update_options options;
    mtl_update_options_init(&options);
    options.shared_learning_rate = update.shared_rate;
    options.head_learning_rate = update.head_rate;
    options.reduction = update.reduction;
    options.all_losses = update.all_losses;
    EXPECT_OK(mtl_network_update_group(get(), update.tasks.data(), static_cast<int32_t>(update.tasks.size()),
                                       &options));
  }
  // head_weights empty: as the shared ones.
  void StepWeighted(const std::vector<int32_t>& tasks, const std::vector<double>& shared_weights,
                    const std::vector<double>& head_weights, float shared_rate, float head_rate,
                    bool all_losses = true) {
    mtl_update_options options;
    mtl_update_options_init(&options);
    options.shared_learning_rate = shared_rate;
    options.head_learning_rate = head_rate;
    options.all_losses = all_losses;
    EXPECT_OK(mtl_network_step_weighted(get(), tasks.data(), static_cast<int32_t>(tasks.size()),
                                        shared_weights.data(),
                                        head_weights.empty() ? nullptr : head_weights.data(), &options));
  }
  void ConfigureGradients(int max_parts = 1, double memory_share = 0.5) {
    mtl_gradient_options options;
    mtl_gradient_options_init(&options);
    options.max_parts = max_parts;
    options.memory_share = memory_share;
    EXPECT_OK(mtl_network_configure_gradients(get(), &options));
  }
  // [parts * tasks, parts * tasks]
  std::vector<double> TaskGradients(const std::vector<int32_t>& tasks, const GradientRequest& wanted = {}) {
    mtl_gradient_request request;
    mtl_gradient_request_init(&request);
    request.scope = wanted.scope;
    request.parts = wanted.parts;
    request.rows = wanted.rows;
    const size_t size = tasks.size() * static_cast<size_t>(wanted.parts);
    Guarded<double> out(size * size);
    EXPECT_OK(mtl_network_task_gradients(get(), tasks.data(), static_cast<int32_t>(tasks.size()), &request,
                                         out.data()));
    return out.values();
  }
  void Measure() { EXPECT_OK(mtl_network_measure(get())); }
  // The whole flat array; defined for the shared slice and the group's heads.
  std::vector<float> Gradients(const std::vector<int32_t>& tasks,
                               mtl_group_reduction reduction = MTL_REDUCTION_SUM) {
    EXPECT_OK(mtl_network_gradients(get(), tasks.data(), static_cast<int32_t>(tasks.size()), reduction));
    return Read(MTL_BUFFER_GRADIENTS);
  }

  std::vector<double> Losses() const {
    Guarded<double> out(tasks());
    EXPECT_OK(mtl_network_read_losses(get(), out.data()));
    return out.values();
  }
  std::pair<std::vector<double>, std::vector<int64_t>> TakeLossTotals() {
    Guarded<double> sums(tasks());
    Guarded<int64_t> batches(tasks());
    EXPECT_OK(mtl_network_take_loss_totals(get(), sums.data(), batches.data()));
    return {sums.values(), batches.values()};
  }
  std::pair<std::vector<double>, std::vector<int64_t>> Affinity() const {
    Guarded<double> values(static_cast<size_t>(tasks()) * tasks());
    Guarded<int64_t> observations(static_cast<size_t>(tasks()) * tasks());
    EXPECT_OK(mtl_network_read_affinity(get(), values.data(), observations.data()));
    return {values.values(), observations.values()};
  }

  std::vector<float> Predict(const reference::Rows& rows) {
    Guarded<float> out(static_cast<size_t>(rows.count) * info_.outputs);
    EXPECT_OK(mtl_network_predict(get(), rows.features ? rows.dense.data() : nullptr,
                                  rows.columns ? rows.categories.data() : nullptr, rows.count, out.data()));
    return out.values();
  }
  std::vector<float> PredictRows(const Dataset& dataset, const std::vector<int32_t>& rows) {
    Guarded<float> out(rows.size() * info_.outputs);
    EXPECT_OK(mtl_network_predict_rows(get(), dataset.get(), rows.data(), static_cast<int64_t>(rows.size()),
                                       out.data()));
    return out.values();
  }
  std::pair<std::vector<double>, std::vector<double>> Evaluate(const Dataset& dataset,
                                                               const std::vector<int32_t>& rows) {
    Guarded<double> sums(tasks());
    Guarded<double> weights(tasks());
    EXPECT_OK(mtl_network_evaluate(get(), dataset.get(), rows.data(), static_cast<int64_t>(rows.size()),
                                   sums.data(), weights.data()));
    return {sums.values(), weights.values()};
  }

 private:
  void ReadLayout() {
    layout_.parameters = info_.parameters;
    for (int t = 0; t < info_.parameter_tensors; ++t) {
      mtl_parameter_info tensor;
      mtl_parameter_info_init(&tensor);
      EXPECT_OK(mtl_network_parameter(get(), t, &tensor));
      layout_.tensors.push_back(
          {tensor.node, tensor.role, tensor.owner, tensor.rows, tensor.columns, tensor.offset});
    }
    for (int owner = MTL_SHARED; owner < tasks(); ++owner) {
      reference::Slice slice;
      EXPECT_OK(mtl_network_slice(get(), owner, &slice.offset, &slice.count));
      layout_.slices.push_back(slice);
    }
  }

  reference::Graph graph_;
  NetworkHandle network_;
  mtl_network_info info_;
  reference::Layout layout_;
};

}  // namespace support

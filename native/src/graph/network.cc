// The state of a network that callers read and write.
#include "graph/network.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "graph/task_gradients.h"

namespace mtl {

Network::~Network() = default;

void Network::describe(mtl_network_info& info) const {
  info.tasks = tasks_;
  info.outputs = outputs_;
  info.max_batch = max_batch_;
  info.parameter_tensors = static_cast<int32_t>(layout_.tensors.size());
  info.reserved = 0;
  info.parameters = layout_.elements;
  info.memory_bytes = 0;
  for (const Memory<float>* memory :
       {&parameters_, &gradients_, &first_moment_, &second_moment_, &values_, &deltas_, &saved_, &labels_,
        &staged_outputs_, &class_weights_, &clip_, &joined_}) {
    info.memory_bytes += memory->bytes();
  }
  for (const Memory<double>* memory :
       {&losses_, &reference_, &loss_sums_, &affinity_, &evaluation_, &partial_losses_}) {
    info.memory_bytes += memory->bytes();
  }
  info.memory_bytes += codes_.bytes() + observations_.bytes();
  info.memory_bytes += affinity_.bytes() + observations_.bytes();  // the snapshot
  if (task_gradients_ != nullptr) info.memory_bytes += task_gradients_->bytes();
}

void Network::initialize(uint64_t seed) {
  const ParameterAccess::Write writing(access_);
  seed_ = seed;
  uint32_t stream = 0;
  for (const Tensor& tensor : layout_.tensors) {
    backend_.initialize(parameters_.data() + tensor.offset, tensor.count, tensor.shape.initial,
                        tensor.shape.scale, seed, stream++);
  }
  backend_.zero(gradients_.data(), gradients_.bytes());
  backend_.zero(first_moment_.data(), first_moment_.bytes());
  backend_.zero(second_moment_.data(), second_moment_.bytes());
  backend_.zero(loss_sums_.data(), loss_sums_.bytes());
  backend_.zero(affinity_.data(), affinity_.bytes());
  backend_.zero(observations_.data(), observations_.bytes());
  std::fill(steps_.begin(), steps_.end(), 0);
  std::fill(loss_batches_.begin(), loss_batches_.end(), 0);
  // What was measured with the parameters before says nothing about the new ones.
  has_batch_ = false;
}

namespace {

void check_range(const Layout& layout, int64_t offset, int64_t count) {
  require(offset >= 0 && offset <= layout.elements, "offset must be in [0, ", layout.elements, "], but is ",
          offset);
  require(count >= 0 && count <= layout.elements - offset, "count must be in [0, ", layout.elements - offset,
          "] from offset ", offset, " on, but is ", count);
}

float* flat_array(mtl_buffer buffer, float* parameters, float* gradients, float* first, float* second) {
  switch (buffer) {
    case MTL_BUFFER_PARAMETERS:
      return parameters;
    case MTL_BUFFER_GRADIENTS:
      return gradients;
    case MTL_BUFFER_FIRST_MOMENT:
      return first;
    case MTL_BUFFER_SECOND_MOMENT:
      return second;
    default:
      fail(MTL_INVALID_ARGUMENT, "buffer must be a mtl_buffer, but is ", static_cast<int>(buffer));
  }
}

}  // namespace

void Network::read(mtl_buffer buffer, int64_t offset, int64_t count, float* values) {
  const float* array =
      flat_array(buffer, parameters_.data(), gradients_.data(), first_moment_.data(), second_moment_.data());
  check_range(layout_, offset, count);
  if (count == 0) return;
  require(values != nullptr, "out_values is NULL");
  const Range range = call("read");
  backend_.download(values, array + offset, count * static_cast<int64_t>(sizeof(float)));
}

void Network::write(mtl_buffer buffer, int64_t offset, int64_t count, const float* values) {
  float* array =
      flat_array(buffer, parameters_.data(), gradients_.data(), first_moment_.data(), second_moment_.data());
  check_range(layout_, offset, count);
  if (count == 0) return;
  require(values != nullptr, "values is NULL");
  const Range range = call("write");
  const ParameterAccess::Write writing(access_);
  if (buffer == MTL_BUFFER_PARAMETERS) fresh_ = false;
  if (buffer == MTL_BUFFER_GRADIENTS) forget_head_gradients();
  // Only what lies in slices: the padding between them stays zero.
  for (const Slice& slice : layout_.slices) {
    const int64_t begin = std::max(offset, slice.offset);
    const int64_t end = std::min(offset + count, slice.offset + slice.count);
    if (begin >= end) continue;
    backend_.upload(array + begin, values + (begin - offset),
                    (end - begin) * static_cast<int64_t>(sizeof(float)));
  }
}

void Network::read_step_counts(int64_t* counts) const {
  std::copy(steps_.begin(), steps_.end(), counts);
}

void Network::write_step_counts(const int64_t* counts) {
  for (size_t s = 0; s < steps_.size(); ++s) {
    require(counts[s] >= 0, "counts[", s, "] must be at least 0, but is ", counts[s]);
  }
  std::copy(counts, counts + steps_.size(), steps_.begin());
}

void Network::configure_optimizer(const mtl_optimizer_options& options) {
  require(options.kind >= MTL_SGD && options.kind <= MTL_ADAMW,
          "options.kind must be a mtl_optimizer_kind, but is ", options.kind);
  require(options.momentum >= 0 && options.momentum < 1, "options.momentum must be in [0, 1), but is ",
          options.momentum);
  require(options.nesterov == 0 || options.nesterov == 1, "options.nesterov must be 0 or 1, but is ",
          options.nesterov);
  require(options.nesterov == 0 || options.momentum > 0 || options.kind != MTL_SGD,
          "options.nesterov needs a momentum above 0");
  require(options.beta1 >= 0 && options.beta1 < 1, "options.beta1 must be in [0, 1), but is ", options.beta1);
  require(options.beta2 >= 0 && options.beta2 < 1, "options.beta2 must be in [0, 1), but is ", options.beta2);
  require(std::isfinite(options.epsilon) && options.epsilon > 0,
          "options.epsilon must be finite and above 0, but is ", options.epsilon);
  require(std::isfinite(options.weight_decay) && options.weight_decay >= 0,
          "options.weight_decay must be finite and at least 0, but is ", options.weight_decay);
  require(std::isfinite(options.clip_norm) && options.clip_norm >= 0,
          "options.clip_norm must be finite and at least 0, but is ", options.clip_norm);
  optimizer_ = options;
}

void Network::configure_affinity(const mtl_affinity_options& options) {
  require(options.enabled == 0 || options.enabled == 1, "options.enabled must be 0 or 1, but is ",
          options.enabled);
  require(options.credit == MTL_CREDIT_STEPPED_GROUP || options.credit == MTL_CREDIT_OFFICIAL_CODE,
          "options.credit must be a mtl_affinity_credit, but is ", options.credit);
  require(options.decay > 0 && options.decay <= 1, "options.decay must be in (0, 1], but is ", options.decay);
  require(std::isfinite(options.limit) && options.limit >= 0,
          "options.limit must be finite and at least 0, but is ", options.limit);
  affinity_options_ = options;
}

void Network::read_losses(double* losses) {
  require_batch();
  const Range range = call("read_losses");
  backend_.download(losses, losses_.data(), losses_.bytes());
}

void Network::take_loss_totals(double* sums, int64_t* batches) {
  const Range range = call("take_loss_totals");
  backend_.download(sums, loss_sums_.data(), loss_sums_.bytes());
  std::copy(loss_batches_.begin(), loss_batches_.end(), batches);
  backend_.zero(loss_sums_.data(), loss_sums_.bytes());
  std::fill(loss_batches_.begin(), loss_batches_.end(), 0);
}

void Network::read_affinity(double* affinity, int64_t* observations) {
  const Range range = call("read_affinity");
  backend_.download(affinity, affinity_.data(), affinity_.bytes());
  if (observations != nullptr) backend_.download(observations, observations_.data(), observations_.bytes());
}

void Network::request_affinity() {
  const Range range = call("request_affinity");
  affinity_snapshot_->request(0, affinity_.data(), affinity_.bytes());
  affinity_snapshot_->request(affinity_.bytes(), observations_.data(), observations_.bytes());
  affinity_requested_ = true;
}

void Network::take_affinity(double* affinity, int64_t* observations) {
  if (!affinity_requested_) {
    fail(MTL_INVALID_STATE, "no affinity was asked for: mtl_network_request_affinity comes first");
  }
  const Range range = call("take_affinity");
  const char* const snapshot = affinity_snapshot_->take();
  std::memcpy(affinity, snapshot, static_cast<size_t>(affinity_.bytes()));
  if (observations == nullptr) return;
  std::memcpy(observations, snapshot + affinity_.bytes(), static_cast<size_t>(observations_.bytes()));
}

void Network::write_affinity(const double* affinity, const int64_t* observations) {
  for (int64_t i = 0; i < affinity_.count(); ++i) {
    require(std::isfinite(affinity[i]), "affinity[", i, "] must be finite, but is ", affinity[i]);
    require(observations == nullptr || observations[i] >= 0, "observations[", i,
            "] must be at least 0, but is ", observations == nullptr ? 0 : observations[i]);
  }
  backend_.upload(affinity_.data(), affinity, affinity_.bytes());
  if (observations != nullptr) {
    backend_.upload(observations_.data(), observations, observations_.bytes());
  } else {
    backend_.zero(observations_.data(), observations_.bytes());
  }
}

}  // namespace mtl

#include "graph/task_gradients.h"

#include <algorithm>
#include <cmath>

#include "graph/delta_plan.h"

namespace mtl {
namespace {

constexpr int64_t kFloat = sizeof(float);
// Rows of a linear layer's input gradient that are computed beside before they take the place of the
// output's.
constexpr int64_t kInPlaceRows = 64;

}  // namespace

TaskGradients::TaskGradients(Network& network, const mtl_gradient_options& options)
    : network_(network), backend_(network.backend_), max_parts_(options.max_parts) {
  require(options.max_parts == 1 || options.max_parts == 2, "options.max_parts must be 1 or 2, but is ",
          options.max_parts);
  require(std::isfinite(options.memory_share) && options.memory_share > 0,
          "options.memory_share must be finite and above 0, but is ", options.memory_share);
  plan_trunk();
  plan_last_layer();
  plan_representation();
  find_pools();
  require(options.matrices >= 0 && options.matrices <= 2, "options.matrices must be in [0, 2], but is ",
          options.matrices);
  require(options.directions == 0 || options.directions == 1, "options.directions must be 0 or 1, but is ",
          options.directions);
  matrices_ = options.matrices;
  reserve(options.memory_share, options.directions == 1);
}

void TaskGradients::plan_trunk() {
  const std::vector<Network::Node>& nodes = network_.node_;
  const int32_t end = static_cast<int32_t>(nodes.size());
  trunk_of_node_.assign(nodes.size(), -1);
  size_t most_inputs = 0;
  for (int32_t n = end; n-- > 0;) {
    most_inputs = std::max(most_inputs, nodes[n].inputs.size());
    if (!nodes[n].needs_gradient || nodes[n].owner != MTL_SHARED) continue;
    trunk_of_node_[n] = static_cast<int32_t>(trunk_.size());
    trunk_.push_back({n});
    trunk_.back().boundary = nodes[n].prediction;
  }
  // A gradient is alive from the first that adds to it, heads all coming first, to its own visit.
  std::vector<DeltaLife> lives(trunk_.size());
  for (size_t i = 0; i < trunk_.size(); ++i) {
    const int32_t n = trunk_[i].node;
    lives[i] = {nodes[n].prediction ? end : n, n, nodes[n].width};
  }
  for (int32_t n = 0; n < end; ++n) {
    if (!nodes[n].live) continue;
    for (const int32_t input : nodes[n].inputs) {
      const int32_t i = trunk_of_node_[input];
      if (i < 0) continue;
      const bool head = nodes[n].owner != MTL_SHARED;
      trunk_[i].boundary = trunk_[i].boundary || head;
      lives[i].first = std::max(lives[i].first, head ? end : n);
    }
  }
  // Where nobody else reads a linear layer's input and the widths agree, both gradients share one place.
  std::vector<size_t> root(trunk_.size());
  for (size_t i = 0; i < trunk_.size(); ++i) {
    root[i] = i;
    const Network::Node& node = nodes[trunk_[i].node];
    const int32_t input = node.inputs.size() == 1 ? trunk_of_node_[node.inputs[0]] : -1;
    trunk_[i].in_place = input >= 0 && !node.op->inputs_read_values() &&
                         nodes[node.inputs[0]].width == node.width && lives[input].first == trunk_[i].node;
  }
  for (size_t i = 0; i < trunk_.size(); ++i) {
    if (!trunk_[i].in_place) continue;
    const size_t input = static_cast<size_t>(trunk_of_node_[nodes[trunk_[i].node].inputs[0]]);
    root[input] = root[i];
    lives[root[i]].last = lives[input].last;
    lives[input].floats = 0;
  }
  const DeltaPlan plan = plan_deltas(lives);
  for (size_t i = 0; i < trunk_.size(); ++i) trunk_[i].offset = plan.offsets[root[i]];
  floats_per_row_ = plan.floats;
  entry_.reserve(most_inputs);
}

// The last layer with weights, and what lies behind it: their gradients are complete without any other's.
void TaskGradients::plan_last_layer() {
  for (TrunkNode& node : trunk_) {
    node.last_layer = true;
    const std::vector<ParameterShape> shapes = network_.node_[node.node].op->parameters();
    if (std::any_of(shapes.begin(), shapes.end(),
                    [](const ParameterShape& shape) { return shape.rows > 1; })) {
      return;
    }
  }
}

// Whether all that heads read of the trunk is one node, and all that read it are layers computed together.
void TaskGradients::plan_representation() {
  int32_t node = -1, group = -1;
  for (const TrunkNode& trunk : trunk_) {
    if (!trunk.boundary) continue;
    if (node >= 0 || network_.node_[trunk.node].prediction) return;
    node = trunk.node;
  }
  for (const Network::Node& reader : network_.node_) {
    if (!reader.live || reader.owner == MTL_SHARED) continue;
    if (std::find(reader.inputs.begin(), reader.inputs.end(), node) == reader.inputs.end()) continue;
    if (reader.siblings < 0 || (group >= 0 && group != reader.siblings)) return;
    group = reader.siblings;
  }
  heads_together_ = group;
}

// The gradients of the trunk's activations, and of its parameters, are not in use meanwhile.
void TaskGradients::find_pools() {
  std::vector<std::pair<int64_t, int64_t>> taken;
  const float* const deltas = network_.deltas_.data();
  for (const Network::Node& node : network_.node_) {
    if (!node.needs_gradient || node.owner == MTL_SHARED) continue;
    const int64_t begin = node.delta - deltas;
    taken.push_back({begin, begin + align_floats(int64_t{node.width} * network_.max_batch_)});
  }
  std::sort(taken.begin(), taken.end());
  int64_t at = 0;
  const auto add = [&](int64_t until) {
    if (until > at) pools_.push_back({network_.deltas_.data() + at, until - at});
  };
  for (const auto& [begin, end] : taken) {
    add(begin);
    at = std::max(at, end);
  }
  add(network_.deltas_.count());
  const Slice shared = network_.slice_of(MTL_SHARED);
  pools_.push_back(
      {network_.gradients_.data() + shared.offset, shared.count / kAlignedFloats * kAlignedFloats});
}

void TaskGradients::reserve(double memory_share, bool directions) {
  const int32_t parts = max_parts_;
  const int64_t tasks = network_.tasks_, batch = network_.max_batch_;
  const int64_t segments = checked_product(tasks, parts, "task gradients");
  for (const TrunkNode& node : trunk_) {
    const Network::Node& memory = network_.node_[node.node];
    if (!memory.memory.parameters.empty()) {
      scratch_floats_ =
          std::max(scratch_floats_, memory.op->least_scratch(segments, (batch + parts - 1) / parts));
    }
    if (node.in_place) scratch_floats_ = std::max(scratch_floats_, kInPlaceRows * memory.width);
  }
  scratch_floats_ = align_floats(std::max(scratch_floats_, tasks));  // at least one number of every task
  const int32_t threads = backend_.parallel_parts();
  mtl_network_info info;
  network_.describe(info);
  const int64_t budget =
      static_cast<int64_t>(memory_share * static_cast<double>(info.memory_bytes) / kFloat) -
      threads * (scratch_floats_ + 2 * segments * segments);
  int64_t found = 0;
  const int64_t size = segment_floats(batch);
  for (const Pool& pool : pools_) found += size > 0 ? pool.count / size : 0;
  const int64_t wanted = std::max<int64_t>(tasks - found, 0);
  // Halves of the batch need all tasks at once, products of values two, and one must fit in any case.
  int64_t granted = size == 0 || parts == 2 ? wanted : std::min(wanted, std::max<int64_t>(budget, 0) / size);
  granted = std::max(granted, std::min<int64_t>(wanted, 2 - found));
  // What is left makes products wider, up to what stays in a cache.
  const int64_t left = std::max<int64_t>(budget - granted * size, 0) / threads;
  scratch_floats_ += std::min(left, 7 * scratch_floats_) / kAlignedFloats * kAlignedFloats;
  const Slice shared = network_.slice_of(MTL_SHARED);
  row_floats_ = align_floats(shared.count);
  if (matrices_ > 0) {
    const int64_t all = checked_product(tasks, row_floats_, "task gradients");
    gradients_ = Memory<float>(backend_, all, "the gradients of the tasks");
    if (matrices_ > 1) averages_ = Memory<float>(backend_, all, "averages of task gradients");
  }
  if (directions) direction_ = Memory<float>(backend_, row_floats_, "a direction");
  if (granted < wanted || directions) tangents_ = std::make_unique<Tangents>(network_);
  // A segment per half is rounded up on its own. Derivatives along a direction take the same memory later on.
  int64_t floats =
      checked_product(granted, size, "task gradients") + (parts == 2 ? kAlignedFloats * tasks : 0);
  if (tangents_ != nullptr) floats = std::max(floats, tangents_->floats());
  expanded_ = Memory<float>(backend_, floats, "the gradients of the tasks");
  int64_t scratch = checked_product(scratch_floats_, threads, "task gradients");
  if (heads_together_ >= 0) {
    scratch = std::max(scratch, network_.siblings_[heads_together_].layers.product_scratch());
  }
  scratch_ = Memory<float>(backend_, scratch, "scratch memory of task gradients");
  part_products_ = Memory<double>(
      backend_, checked_product(threads, checked_product(segments, segments, "products"), "products"),
      "the inner products of task gradients");
  pools_.insert(pools_.begin(), {expanded_.data(), expanded_.count()});
  const size_t most = static_cast<size_t>(segments);
  along_.resize(static_cast<size_t>(tasks));
  members_.resize(static_cast<size_t>(tasks));
  segments_.reserve(most);
  written_.resize(most * trunk_.size());
  products_.resize(most * most);
  active_.reserve(most);
  adding_.reserve(most);
  active_rows_.reserve(most);
  inputs_.reserve(most * entry_.capacity());
  host_products_.resize(static_cast<size_t>(part_products_.count()));
}

int64_t TaskGradients::bytes() const {
  return expanded_.bytes() + scratch_.bytes() + part_products_.bytes() + gradients_.bytes() +
         averages_.bytes() + direction_.bytes() + (tangents_ != nullptr ? tangents_->bytes() : 0);
}

void TaskGradients::compute(const std::vector<uint8_t>& wanted, const mtl_gradient_request& request,
                            const std::vector<int32_t>& place, int32_t count, double* products) {
  kept_ = false;
  make_segments(request, place, count);
  std::fill(products_.begin(), products_.end(), 0.0);
  const auto scope = static_cast<mtl_gradient_scope>(request.scope);
  const bool whole = request.parts == 1 && request.rows == 0;
  if (scope == MTL_GRADIENTS_REPRESENTATION) {
    at_representation(wanted, whole);
    write_products(request, count, products);
    return;
  }
  forget_places();
  together_ = place_segments(0, segments_.size());
  backward_heads(wanted);
  kept_ = matrices_ > 0 && scope == MTL_GRADIENTS_SHARED && whole;
  if (kept_) backend_.zero(gradients_.data(), gradients_.bytes());
  backward_trunk(scope);
  if (together_ < segments_.size()) add_rest(scope);
  if (kept_) {
    matrix_products(gradients_, place, count, products);
  } else {
    write_products(request, count, products);
  }
}

// The rows of the batch that a task has labels for, from the first to the last, in each part of the batch.
void TaskGradients::make_segments(const mtl_gradient_request& request, const std::vector<int32_t>& place,
                                  int32_t count) {
  segments_.clear();
  const int32_t step = network_.row_step_;
  const int32_t rows = request.rows > 0 ? std::min(request.rows, network_.batch_) : network_.batch_;
  const int32_t parts = request.parts;
  for (int32_t part = 0; part < parts; ++part) {
    const auto cut = [&](int32_t p) { return p == parts ? rows : rows * p / parts / step * step; };
    const int32_t from = cut(part), to = cut(part + 1);
    for (int32_t i = 0; i < network_.active_count_ && from < to; ++i) {
      const int32_t task = network_.active_[i];
      const Network::Task& entry = network_.task_[task];
      LabelSummary labels = entry.labels;
      const bool whole = from == 0 && to == network_.batch_;
      if (!whole) {
        labels = summarize_labels(entry.loss, network_.host_labels(task) + from, to - from);
      }
      if (!(labels.weight > 0)) continue;
      const int32_t first = from + labels.first_labelled / step * step;
      segments_.push_back({task, first, from + labels.last_labelled + 1 - first,
                           entry.labels.weight / labels.weight, nullptr, part * count + place[task]});
    }
  }
}

void TaskGradients::forget_places() {
  for (Segment& segment : segments_) segment.place = nullptr;
  std::fill(written_.begin(), written_.end(), uint8_t{0});
  pool_ = 0;
  used_ = 0;
}

// Gives the segments first ... end - 1 their places, as far as there is room; how many got one.
size_t TaskGradients::place_segments(size_t first, size_t end) {
  for (size_t s = first; s < end; ++s) {
    const int64_t size = segment_floats(segments_[s].rows);
    while (pool_ < pools_.size() && used_ + size > pools_[pool_].count) {
      ++pool_;
      used_ = 0;
    }
    if (pool_ == pools_.size()) return s - first;
    segments_[s].place = pools_[pool_].floats + used_;
    used_ += size;
  }
  return end - first;
}

void TaskGradients::backward_heads(const std::vector<uint8_t>& wanted) {
  Network& network = network_;
  const bool forward = !network.fresh_ || !network.all_members(network.measured_);
  network.plan_pass(forward ? wanted : network.measured_, &network.member_);
  network.plan_backward(network.member_, Network::Owners::kTasks);
  network.scale_losses(1);
  network.run_pass(true, true, forward, this);
  if (forward) network.observe_losses();
  network.clear_unreached_gradients();
  network.head_known_ = network.member_;
  enter_from_losses();
}

// From a head's node into the trunk: the gradients of the inputs that belong to it.
void TaskGradients::leave_head(int32_t n) {
  const Network::Node& node = network_.node_[n];
  if (std::none_of(node.inputs.begin(), node.inputs.end(),
                   [&](int32_t input) { return trunk_of_node_[input] >= 0; })) {
    return;
  }
  for (size_t s = 0; s < segments_.size(); ++s) {
    const Segment& segment = segments_[s];
    if (segment.task != node.owner || segment.place == nullptr) continue;
    entry_.clear();
    for (const int32_t input : node.inputs) {
      const int32_t trunk = trunk_of_node_[input];
      if (trunk < 0) {
        entry_.push_back({nullptr, Write::kOverwrite});
        continue;
      }
      uint8_t& known = written(static_cast<size_t>(trunk), s);
      entry_.push_back({gradient_of(segment, trunk_[static_cast<size_t>(trunk)]),
                        known != 0 ? Write::kAccumulate : Write::kOverwrite});
      known = 1;
    }
    Pass pass = network_.pass_over(backend_, segment.first, segment.rows, true);
    pass.gradient_row = 0;
    pass.key.node = static_cast<uint32_t>(n);
    node.op->backward_inputs(pass, node.memory, node.delta + int64_t{segment.first} * node.width, entry_);
  }
}

// Losses of predictions that the trunk makes itself.
void TaskGradients::enter_from_losses() {
  for (size_t s = 0; s < segments_.size(); ++s) {
    const Segment& segment = segments_[s];
    if (segment.place == nullptr) continue;
    const Network::Task& task = network_.task_[segment.task];
    const int32_t trunk = trunk_of_node_[task.loss.prediction];
    if (trunk < 0) continue;
    const Network::Node& node = network_.node_[task.loss.prediction];
    uint8_t& known = written(static_cast<size_t>(trunk), s);
    double* const unread = part_products_.data();  // cleared before products are added up
    backend_.loss(
        task.loss.spec, node.memory.value + int64_t{segment.first} * node.width,
        network_.batch_labels(segment.task) + segment.first, segment.rows, unread,
        {gradient_of(segment, trunk_[static_cast<size_t>(trunk)]), task.loss.weight / task.labels.weight,
         known != 0 ? Write::kAccumulate : Write::kOverwrite});
    known = 1;
  }
}

// Of the tasks that did not fit, one after the other: its own gradient, and the products of all with it.
void TaskGradients::add_rest(mtl_gradient_scope scope) {
  if (tangents_ == nullptr && !kept_) {
    fail(MTL_OUT_OF_MEMORY, "the gradients of ", segments_.size(), " tasks do not fit at once, ", together_,
         " do; options.memory_share of mtl_network_configure_gradients must be larger");
  }
  members_ = network_.member_;
  for (size_t s = together_; s < segments_.size(); ++s) {
    own_gradient(segments_[s].task);
    for (size_t i = 0; scope == MTL_GRADIENTS_LAST_LAYER && i < trunk_.size(); ++i) {
      if (trunk_[i].last_layer) continue;
      for (const Tensor& tensor : network_.layout_.tensors) {
        if (network_.node_[tensor.node].computed_by != trunk_[i].node) continue;
        backend_.zero(network_.gradients_.data() + tensor.offset, tensor.count * kFloat);
      }
    }
    network_.member_ = members_;
    if (kept_) {
      const Slice shared = network_.slice_of(MTL_SHARED);
      backend_.copy(row_of(gradients_, segments_[s].task), network_.gradients_.data() + shared.offset,
                    shared.count * kFloat);
      continue;
    }
    tangents_->project(network_.gradients_.data() + network_.slice_of(MTL_SHARED).offset, expanded_.data(),
                       along_.data());
    for (size_t t = 0; t < segments_.size(); ++t) {
      products_[std::min(s, t) * segments_.size() + std::max(s, t)] = along_[segments_[t].task];
    }
  }
}

void TaskGradients::own_gradient(int32_t task) {
  std::fill(network_.member_.begin(), network_.member_.end(), uint8_t{0});
  network_.member_[task] = 1;
  network_.plan_backward(network_.member_, Network::Owners::kAll);
  network_.run_pass(true, true, false);
  network_.clear_unreached_gradients();
}

void TaskGradients::write_products(const mtl_gradient_request& request, int32_t count, double* products) {
  const int64_t size = int64_t{request.parts} * count;
  for (size_t i = 0; i < segments_.size(); ++i) {
    for (size_t j = i; j < segments_.size(); ++j) {
      const double value = products_[i * segments_.size() + j] * segments_[i].scale * segments_[j].scale;
      products[segments_[i].out * size + segments_[j].out] = value;
      products[segments_[j].out * size + segments_[i].out] = value;
    }
  }
}

void TaskGradients::project(const std::vector<uint8_t>& wanted, const std::vector<int32_t>& place,
                            int32_t directions, uint64_t seed, double* products) {
  if (!network_.fresh_ || !network_.all_members(network_.measured_)) {
    network_.plan_pass(wanted, nullptr);
    network_.run_pass(true, true);
    network_.observe_losses();
  }
  const Slice shared = network_.slice_of(MTL_SHARED);
  for (int32_t r = 0; r < directions; ++r) {
    backend_.initialize(direction_.data(), shared.count, Initial::kNormal, 1.0f, seed,
                        static_cast<uint32_t>(r));
    tangents_->project(direction_.data(), expanded_.data(), along_.data());
    for (int32_t i = 0; i < network_.active_count_; ++i) {
      const int32_t task = network_.active_[i];
      products[int64_t{place[task]} * directions + r] = along_[task];
    }
  }
}

}  // namespace mtl

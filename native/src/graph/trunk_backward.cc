// Backward through the trunk with the rows of all tasks below each other.
#include <algorithm>

#include "graph/task_gradients.h"

namespace mtl {
namespace {

// Below this a second thread costs more than it saves.
constexpr int64_t kCostPerPart = 150'000;

}  // namespace

void TaskGradients::backward_trunk(mtl_gradient_scope scope) {
  const Range range = network_.phase("backward");
  for (size_t i = 0; i < trunk_.size(); ++i) {
    const TrunkNode& node = trunk_[i];
    if (scope == MTL_GRADIENTS_LAST_LAYER && !node.last_layer) break;
    active_.clear();
    active_rows_.clear();
    for (size_t s = 0; s < together_; ++s) {
      if (written(i, s) == 0) continue;
      active_.push_back(s);
      active_rows_.push_back({segments_[s].first, segments_[s].rows, gradient_of(segments_[s], node)});
    }
    if (active_.empty()) continue;
    const Network::Node& memory = network_.node_[node.node];
    const Range op = network_.op_range(node.node);
    prepare(node);
    if (!memory.memory.parameters.empty()) {
      if (kept_) {
        keep_gradients(node);
      } else {
        take_products(node);
      }
    }
    backward_inputs(node);
  }
  collect_products();
}

// body(place among the active, row of the segment, rows) for one of several parts of all active rows.
// Segments are cut where a batch may be cut.
template <typename Body>
void TaskGradients::for_active_rows(int32_t part, int32_t parts, const Body& body) const {
  int64_t total = 0;
  for (const TaskRows& rows : active_rows_) total += rows.rows;
  const int64_t step = network_.row_step_;
  int64_t before = 0;
  for (size_t a = 0; a < active_rows_.size(); ++a) {
    const int64_t rows = active_rows_[a].rows;
    const auto cut = [&](int64_t at) {
      return at >= before + rows ? rows : std::max<int64_t>(at - before, 0) / step * step;
    };
    const int64_t begin = cut(total * part / parts), end = cut(total * (part + 1) / parts);
    if (begin < end) body(a, begin, end - begin);
    before += rows;
  }
}

int32_t TaskGradients::row_parts(int64_t cost_per_row) const {
  int64_t total = 0;
  for (const TaskRows& rows : active_rows_) total += rows.rows;
  return static_cast<int32_t>(
      std::clamp<int64_t>(total * cost_per_row / kCostPerPart, 1, backend_.parallel_parts()));
}

Pass TaskGradients::pass_over(Backend& backend, const TrunkNode& node, const Segment& segment, int64_t offset,
                              int64_t rows) const {
  Pass pass = network_.pass_over(backend, segment.first + static_cast<int32_t>(offset),
                                 static_cast<int32_t>(rows), true);
  pass.key.node = static_cast<uint32_t>(node.node);
  pass.gradient_row = offset;
  return pass;
}

void TaskGradients::prepare(const TrunkNode& node) {
  const Network::Node& memory = network_.node_[node.node];
  const int32_t parts = row_parts(int64_t{16} * memory.width);
  backend_.run_parts(parts, [&](int32_t part, Backend& backend) {
    for_active_rows(part, parts, [&](size_t a, int64_t offset, int64_t rows) {
      const Segment& segment = segments_[active_[a]];
      memory.op->prepare_gradient(pass_over(backend, node, segment, offset, rows), memory.memory,
                                  gradient_of(segment, node));
    });
  });
}

void TaskGradients::take_products(const TrunkNode& node) {
  const Network::Node& memory = network_.node_[node.node];
  const size_t count = active_.size();
  if (active_ != adding_) {
    collect_products();
    add_up_for(active_);
  }
  const int32_t parts =
      std::min(backend_.parallel_parts(), memory.op->most_product_parts(active_rows_, network_.batch_));
  backend_.run_parts(parts, [&](int32_t part, Backend& backend) {
    const Pass pass = network_.pass_over(backend, 0, network_.batch_, true);
    memory.op->add_task_products(pass, memory.memory, active_rows_, {part, parts},
                                 {scratch_.data() + part * scratch_floats_, scratch_floats_},
                                 part_products_.data() + static_cast<size_t>(part) * count * count);
  });
}

void TaskGradients::add_up_for(const std::vector<size_t>& segments) {
  adding_ = segments;
  backend_.zero(part_products_.data(), part_products_.bytes());
}

void TaskGradients::add_up_for_all() {
  adding_.clear();
  for (size_t s = 0; s < segments_.size(); ++s) adding_.push_back(s);
  backend_.zero(part_products_.data(), part_products_.bytes());
}

// What has been added up on the device, in the order of the parts. The only place that waits for it: usually
// once, at the end.
void TaskGradients::collect_products() {
  const size_t count = adding_.size(), size = count * count;
  if (count == 0) return;
  const int32_t parts = backend_.parallel_parts();
  backend_.download(host_products_.data(), part_products_.data(),
                    static_cast<int64_t>(size) * parts * int64_t{sizeof(double)});
  for (int32_t part = 0; part < parts; ++part) {
    const double* products = host_products_.data() + static_cast<size_t>(part) * size;
    for (size_t i = 0; i < count; ++i) {
      for (size_t j = i; j < count; ++j) {
        products_[adding_[i] * segments_.size() + adding_[j]] += products[i * count + j];
      }
    }
  }
  adding_.clear();
}

void TaskGradients::backward_inputs(const TrunkNode& node) {
  const Network::Node& memory = network_.node_[node.node];
  const size_t inputs = memory.inputs.size();
  bool any = false;
  inputs_.clear();
  for (const size_t s : active_) {
    for (const int32_t input : memory.inputs) {
      const int32_t trunk = trunk_of_node_[input];
      if (trunk < 0) {
        inputs_.push_back({nullptr, Write::kOverwrite});
        continue;
      }
      any = true;
      uint8_t& known = written(static_cast<size_t>(trunk), s);
      inputs_.push_back({gradient_of(segments_[s], trunk_[static_cast<size_t>(trunk)]),
                         known != 0 ? Write::kAccumulate : Write::kOverwrite});
      known = 1;
    }
  }
  if (!any) return;
  const int32_t parts = row_parts(memory.op->cost_per_row());
  backend_.run_parts(parts, [&](int32_t part, Backend& backend) {
    Run run;
    const auto flush = [&] {
      if (run.rows == 0) return;
      Pass pass = network_.pass_over(backend, run.first, static_cast<int32_t>(run.rows), true);
      pass.key.node = static_cast<uint32_t>(node.node);
      pass.gradient_row = 0;
      if (node.in_place) {
        float* const beside = scratch_.data() + part * scratch_floats_;
        const int64_t most = scratch_floats_ / memory.width;
        for (int64_t row = 0; row < run.rows; row += most) {
          pass.rows = static_cast<int32_t>(std::min(most, run.rows - row));
          float* const place = run.delta + row * memory.width;
          const InputGradient input{beside, Write::kOverwrite};
          memory.op->backward_inputs(pass, memory.memory, place, {&input, 1});
          backend.copy(place, beside, int64_t{pass.rows} * memory.width * int64_t{sizeof(float)});
        }
      } else {
        memory.op->backward_inputs(pass, memory.memory, run.delta, {&run.input, 1});
      }
      run.rows = 0;
    };
    for_active_rows(part, parts, [&](size_t a, int64_t offset, int64_t rows) {
      const Segment& segment = segments_[active_[a]];
      const InputGradient* gradients = inputs_.data() + a * inputs;
      float* const delta = gradient_of(segment, node);
      if (inputs > 1 || memory.op->inputs_read_values()) {
        memory.op->backward_inputs(pass_over(backend, node, segment, offset, rows), memory.memory, delta,
                                   {gradients, inputs});
        return;
      }
      // Rows that lie one behind the other are taken together.
      const int32_t input_width = network_.node_[memory.inputs[0]].width;
      const InputGradient input{gradients[0].delta + offset * input_width, gradients[0].write};
      float* const first = delta + offset * memory.width;
      if (run.rows == 0 || first != run.delta + run.rows * memory.width ||
          input.delta != run.input.delta + run.rows * input_width || input.write != run.input.write) {
        flush();
        run = {segment.first + static_cast<int32_t>(offset), 0, first, input};
      }
      run.rows += rows;
    });
    flush();
  });
}

// At the values of the trunk that heads read, there being no parameters between. Where not all tasks fit at
// once, two blocks of them at a time: backward through the heads is cheap.
void TaskGradients::at_representation(const std::vector<uint8_t>& wanted, bool whole) {
  const size_t count = segments_.size();
  forget_places();
  if (whole && heads_together_ >= 0) {
    backward_heads(wanted);
    products_of_heads();
    return;
  }
  const size_t fits = place_segments(0, count);
  if (fits == count) {
    backward_heads(wanted);
    representation_products(0, count, 0, count);
    return;
  }
  const size_t block = std::max<size_t>(fits / 2, 1);
  for (size_t a = 0; a < count; a += block) {
    const size_t a_end = std::min(a + block, count);
    for (size_t b = a_end; b < count || b == a_end; b += block) {
      const size_t b_end = std::min(b + block, count);
      forget_places();
      if (place_segments(a, a_end) < a_end - a || place_segments(b, b_end) < b_end - b) {
        fail(MTL_OUT_OF_MEMORY, "the gradients of two tasks do not fit at once");
      }
      backward_heads(wanted);
      if (b == a_end) representation_products(a, a_end, a, a_end);
      representation_products(a, a_end, b, b_end);
    }
  }
}

void TaskGradients::representation_products(size_t first, size_t end, size_t other, size_t other_end) {
  add_up_for_all();
  for (size_t i = 0; i < trunk_.size(); ++i) {
    const TrunkNode& node = trunk_[i];
    if (!node.boundary) continue;
    const int64_t width = network_.node_[node.node].width;
    for (size_t s = first; s < end; ++s) {
      if (written(i, s) == 0) continue;
      for (size_t t = std::max(s, other); t < other_end; ++t) {
        if (written(i, t) == 0) continue;
        const Segment& left = segments_[s];
        const Segment& right = segments_[t];
        const int32_t begin = std::max(left.first, right.first);
        const int32_t stop = std::min(left.first + left.rows, right.first + right.rows);
        if (begin >= stop) continue;
        backend_.add_matched_product(gradient_of(left, node) + (begin - left.first) * width, width,
                                     gradient_of(right, node) + (begin - right.first) * width, width, 0.0f,
                                     stop - begin, static_cast<int32_t>(width),
                                     part_products_.data() + s * segments_.size() + t);
      }
    }
  }
  collect_products();
}

// The gradients themselves are not needed where the heads are linear layers computed together.
void TaskGradients::products_of_heads() {
  std::vector<size_t>& segment_of_layer = active_;
  segment_of_layer.clear();
  const Network::Siblings& group = network_.siblings_[heads_together_];
  for (const int32_t node : group.nodes) {
    if (network_.reached_[node] == 0) continue;
    const int32_t task = network_.node_[node].owner;
    size_t s = 0;
    while (segments_[s].task != task) ++s;
    segment_of_layer.push_back(s);
  }
  add_up_for_all();
  const auto add_for = [&](size_t i, size_t j) -> double* {
    const size_t s = segment_of_layer[i], t = segment_of_layer[j];
    return s > t ? nullptr : part_products_.data() + s * segments_.size() + t;
  };
  group.layers.add_input_products(backend_, network_.batch_, scratch_.data(), add_for);
  collect_products();
}

}  // namespace mtl

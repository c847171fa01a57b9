// The gradients of the tasks themselves, [tasks, shared parameters], where inner products do not suffice.
#include <algorithm>

#include "graph/task_gradients.h"

namespace mtl {
namespace {

constexpr int64_t kFloat = sizeof(float);

}  // namespace

void TaskGradients::keep_gradients(const TrunkNode& node) {
  const Network::Node& memory = network_.node_[node.node];
  const int32_t shares = std::min(memory.op->most_parts(), backend_.parallel_parts());
  const float* const all = network_.gradients_.data() + network_.slice_of(MTL_SHARED).offset;
  backend_.run_parts(static_cast<int32_t>(active_.size()) * shares, [&](int32_t index, Backend& backend) {
    const Segment& segment = segments_[active_[static_cast<size_t>(index / shares)]];
    const Part part{index % shares, shares};
    Pass pass = network_.pass_over(backend, segment.first, segment.rows, true);
    pass.gradient_row = 0;
    ParameterGradients gradients{};
    for (size_t i = 0; i < memory.memory.gradients.size(); ++i) {
      gradients[i] = row_of(gradients_, segment.task) + (memory.memory.gradients[i] - all) +
                     memory.op->share_begin(i, part);
    }
    memory.op->backward_parameters(pass, memory.memory, gradient_of(segment, node), gradients, part);
  });
}

// Inner products of the rows of the members.
void TaskGradients::matrix_products(const Memory<float>& matrix, const std::vector<int32_t>& place,
                                    int32_t count, double* products) {
  const int32_t tasks = network_.tasks_;
  const int64_t size = int64_t{tasks} * tasks;
  const int32_t parts = backend_.parallel_parts();
  backend_.zero(part_products_.data(), size * parts * int64_t{sizeof(double)});
  backend_.run_parts(parts, [&](int32_t part, Backend& backend) {
    const int64_t steps = row_floats_ / kAlignedFloats;
    const int64_t begin = steps * part / parts * kAlignedFloats,
                  end = steps * (part + 1) / parts * kAlignedFloats;
    if (begin == end) return;
    backend.add_inner_products(matrix.data() + begin, tasks, end - begin, row_floats_,
                               part_products_.data() + size * part);
  });
  backend_.download(host_products_.data(), part_products_.data(), size * parts * int64_t{sizeof(double)});
  for (int32_t a = 0; a < network_.active_count_; ++a) {
    for (int32_t b = a; b < network_.active_count_; ++b) {
      const int32_t i = network_.active_[a], j = network_.active_[b];  // ascending
      double sum = 0;
      for (int32_t part = 0; part < parts; ++part) {
        sum += host_products_[static_cast<size_t>(size * part + int64_t{i} * tasks + j)];
      }
      products[int64_t{place[i]} * count + place[j]] = sum;
      products[int64_t{place[j]} * count + place[i]] = sum;
    }
  }
}

void TaskGradients::average(const double* keep, const double* take, const std::vector<int32_t>& place,
                            int32_t count, double* products) {
  backend_.run_parts(network_.active_count_, [&](int32_t a, Backend& backend) {
    const int32_t task = network_.active_[a];
    backend.blend(row_of(averages_, task), row_of(gradients_, task), row_floats_, keep[place[task]],
                  take[place[task]]);
  });
  matrix_products(averages_, place, count, products);
}

void TaskGradients::accumulate_squares(const std::vector<int32_t>& place, double* sums) {
  backend_.run_parts(network_.active_count_, [&](int32_t a, Backend& backend) {
    const int32_t task = network_.active_[a];
    backend.accumulate_squares(row_of(averages_, task), row_of(gradients_, task), row_floats_,
                               part_products_.data() + a);
  });
  backend_.download(host_products_.data(), part_products_.data(),
                    network_.active_count_ * int64_t{sizeof(double)});
  for (int32_t a = 0; a < network_.active_count_; ++a) {
    sums[place[network_.active_[a]]] = host_products_[static_cast<size_t>(a)];
  }
}

// Into the gradient of the shared parameters; weights [tasks], 0 for those that take no part.
void TaskGradients::combine(const mtl_combination& combination, const std::vector<double>& weights) {
  const Slice shared = network_.slice_of(MTL_SHARED);
  float* const out = network_.gradients_.data() + shared.offset;
  if (combination.kind == MTL_COMBINE_GRADIENTS || combination.kind == MTL_COMBINE_AVERAGES) {
    const Memory<float>& matrix = combination.kind == MTL_COMBINE_GRADIENTS ? gradients_ : averages_;
    backend_.weighted_sum(matrix.data(), network_.tasks_, shared.count, row_floats_, weights.data(), out);
    return;
  }
  const int32_t parts = backend_.parallel_parts();
  backend_.run_parts(parts, [&](int32_t part, Backend& backend) {
    const int64_t begin = shared.count * part / parts, width = shared.count * (part + 1) / parts - begin;
    if (combination.kind == MTL_COMBINE_SIGN_VOTE) {
      backend.sign_vote(gradients_.data() + begin, row_floats_, network_.active_.data(),
                        network_.active_count_, begin, width, combination.leak, combination.seed,
                        static_cast<uint32_t>(combination.batch), out + begin);
    } else {
      backend.trimmed_mean(gradients_.data() + begin, row_floats_, network_.active_.data(),
                           network_.active_count_, width, combination.trim,
                           scratch_.data() + part * scratch_floats_, out + begin);
    }
  });
}

}  // namespace mtl

// y = x W^T + b, alone or followed by an activation: y = f(x W^T + b)
#include <algorithm>
#include <cmath>

#include "backend/size.h"
#include "ops/op.h"

namespace mtl {
namespace {

// The gradients of the weights are cut into parts of a multiple of this many outputs.
constexpr int32_t kOutputsPerStep = 16;

// Outputs of all tasks that are taken together at least.
constexpr int32_t kLeastOutputs = 8;

// So many rows are paired with so many others at a time.
constexpr int64_t kPairRows = 32, kPairColumns = 256;

// Activations whose derivative follows from their value: what goes into them need not be kept.
bool slope_from_value(mtl_activation kind) {
  return kind == MTL_RELU || kind == MTL_TANH || kind == MTL_SIGMOID;
}

class Linear final : public Op {
 public:
  Linear(int32_t in, int32_t out, bool bias, std::optional<mtl_activation> next)
      : in_(in), out_(out), bias_(bias), next_(next) {}
  const char* name() const override { return "linear"; }
  int32_t width() const override { return out_; }

  std::vector<ParameterShape> parameters() const override {
    const float bound = 1.0f / std::sqrt(static_cast<float>(in_));
    std::vector<ParameterShape> shapes{{MTL_ROLE_WEIGHT, out_, in_, Initial::kUniform, bound}};
    if (bias_) shapes.push_back({MTL_ROLE_BIAS, 1, out_, Initial::kUniform, bound});
    return shapes;
  }

  int32_t saved_per_row() const override { return next_ && !slope_from_value(*next_) ? out_ : 0; }
  int64_t cost_per_row() const override { return int64_t{2} * in_ * out_; }

  void forward(const Pass& pass, const NodeMemory& node) const override {
    const float* x = node.inputs[0] + pass.value_at(in_);
    const float* bias = bias_ ? node.parameters[1] : nullptr;
    float* y = node.value + pass.value_at(out_);
    if (next_) {
      pass.backend.linear_activation_forward(x, node.parameters[0], bias, *next_, kept(pass, node), y,
                                             pass.rows, in_, out_);
    } else {
      pass.backend.linear_forward(x, node.parameters[0], bias, y, pass.rows, in_, out_);
    }
  }

  void prepare_gradient(const Pass& pass, const NodeMemory& node, float* delta) const override {
    if (!next_) return;
    const int64_t at = pass.value_at(out_);
    pass.backend.activation_slope(*next_, kept(pass, node), node.value + at, delta + pass.gradient_at(out_),
                                  int64_t{pass.rows} * out_);
  }

  void backward_inputs(const Pass& pass, const NodeMemory& node, const float* delta,
                       std::span<const InputGradient> inputs) const override {
    if (inputs[0].delta == nullptr) return;
    pass.backend.linear_backward_input(delta + pass.gradient_at(out_), node.parameters[0],
                                       inputs[0].delta + pass.gradient_at(in_), pass.rows, in_, out_,
                                       inputs[0].write);
  }

  int32_t most_parts() const override { return (out_ + kOutputsPerStep - 1) / kOutputsPerStep; }

  int64_t share_begin(size_t tensor, Part part) const override {
    return tensor == 0 ? int64_t{first_output(part)} * in_ : first_output(part);
  }

  void backward_parameters(const Pass& pass, const NodeMemory& node, const float* delta,
                           const ParameterGradients& gradients, Part part) const override {
    const int32_t first = first_output(part), end = first_output({part.index + 1, part.count});
    pass.backend.linear_backward_parameters(
        delta + pass.gradient_at(out_), node.inputs[0] + pass.value_at(in_), gradients[0],
        bias_ ? gradients[1] : nullptr, pass.rows, in_, out_, first, end - first);
  }

  void tangent(const Pass& pass, const NodeMemory& node, std::span<const float* const> inputs,
               const ParameterTangents& parameters, float* out) const override {
    const int64_t at = pass.value_at(out_);
    Write write = Write::kOverwrite;
    if (parameters[0] != nullptr) {
      pass.backend.linear_forward(node.inputs[0] + pass.value_at(in_), parameters[0], parameters[1], out + at,
                                  pass.rows, in_, out_);
      write = Write::kAccumulate;
    }
    if (inputs[0] != nullptr) {
      pass.backend.linear_product(inputs[0] + pass.value_at(in_), node.parameters[0], out + at, pass.rows,
                                  in_, out_, write);
    }
    if (!next_) return;
    pass.backend.activation_slope(*next_, kept(pass, node), node.value + at, out + at,
                                  int64_t{pass.rows} * out_);
  }

  bool inputs_read_values() const override { return false; }

  int64_t least_scratch(int64_t tasks, int64_t rows) const override {
    return std::max(blocked_scratch(tasks, tasks * rows, kLeastOutputs), paired_scratch(rows));
  }

  int32_t most_product_parts(std::span<const TaskRows> tasks, int32_t batch) const override {
    if (pairs_are_cheaper(tasks, batch))
      return static_cast<int32_t>((rows_of(tasks) + kPairRows - 1) / kPairRows);
    return most_parts();
  }

  void add_task_products(const Pass& pass, const NodeMemory& node, std::span<const TaskRows> tasks, Part part,
                         Scratch scratch, double* products) const override {
    if (pairs_are_cheaper(tasks, pass.batch)) {
      add_paired(pass, node, tasks, part, scratch, products);
    } else {
      add_blocked(pass, node, tasks, part, scratch, products);
    }
  }

  OpPointer followed_by(mtl_activation kind) const override {
    return next_ ? nullptr : std::make_shared<Linear>(in_, out_, bias_, kind);
  }
  int32_t linear_outputs() const override { return next_ ? 0 : out_; }

 private:
  static int64_t rows_of(std::span<const TaskRows> tasks) {
    int64_t rows = 0;
    for (const TaskRows& task : tasks) rows += task.rows;
    return rows;
  }

  // The inner product of two tasks' weight gradients D_i^T X_i and D_j^T X_j is also the sum over pairs of
  // rows of (D_i D_j^T) o (X_i X_j^T): fewer operations where rows are few and tasks many.
  bool pairs_are_cheaper(std::span<const TaskRows> tasks, int32_t batch) const {
    const double rows = static_cast<double>(rows_of(tasks)), count = static_cast<double>(tasks.size());
    const double size = double{1} * in_ * out_;
    const double paired = 2 * rows * rows * out_ + 2 * rows * batch * in_ + 8 * rows * rows;
    const double explicitly = 2 * rows * size + 2 * count * count * size;
    return paired < explicitly;
  }

  // Columns of the gradients of all tasks side by side, and the weight and bias gradients they give.
  int64_t blocked_scratch(int64_t tasks, int64_t rows, int64_t outputs) const {
    return align_floats(rows * outputs) + align_floats(tasks * outputs * in_) + align_floats(tasks * outputs);
  }
  static int64_t paired_scratch(int64_t batch) { return kPairRows * (kPairColumns + batch); }

  // body(task, place among the rows, its row, rows) for the pieces that `some` rows from `row` on, counted
  // over all tasks, consist of; `before` rows belong to tasks before `task`.
  template <typename Body>
  static void for_pieces(std::span<const TaskRows> tasks, size_t task, int64_t before, int64_t row,
                         int64_t some, const Body& body) {
    for (int64_t at = 0; at < some; ++task) {
      const int64_t from = row + at - before;
      const int64_t count = std::min(tasks[task].rows - from, some - at);
      body(task, at, from, static_cast<int32_t>(count));
      before += tasks[task].rows;
      at += count;
    }
  }

  void add_blocked(const Pass& pass, const NodeMemory& node, std::span<const TaskRows> tasks, Part part,
                   Scratch scratch, double* products) const;
  void add_paired(const Pass& pass, const NodeMemory& node, std::span<const TaskRows> tasks, Part part,
                  Scratch scratch, double* products) const;

  // The first output of a part; of the part behind the last: the number of outputs.
  int32_t first_output(Part part) const {
    return std::min(out_,
                    static_cast<int32_t>(int64_t{most_parts()} * part.index / part.count) * kOutputsPerStep);
  }

  // Where what goes into the activation is kept; nullptr: it is not.
  float* kept(const Pass& pass, const NodeMemory& node) const {
    return saved_per_row() == 0 ? nullptr : node.saved + pass.value_at(out_);
  }

  int32_t in_;
  int32_t out_;
  bool bias_;
  std::optional<mtl_activation> next_;
};

// Some outputs of all tasks at a time. Tasks that have the same rows share one product: their columns lie
// side by side in it, so that it is as wide as a whole layer though the outputs are few.
void Linear::add_blocked(const Pass& pass, const NodeMemory& node, std::span<const TaskRows> tasks, Part part,
                         Scratch scratch, double* products) const {
  const int64_t count = static_cast<int64_t>(tasks.size()), rows = rows_of(tasks);
  const int64_t per_block = blocked_scratch(count, rows, kLeastOutputs);
  const int32_t most = std::max<int32_t>(1, static_cast<int32_t>(scratch.count / per_block)) * kLeastOutputs;
  const int32_t end = first_output({part.index + 1, part.count});
  for (int32_t first = first_output(part); first < end; first += most) {
    const int32_t outputs = std::min(most, end - first);
    float* const columns = scratch.floats;
    float* const weights = columns + align_floats(rows * outputs);
    float* const biases = weights + align_floats(count * outputs * in_);
    for (size_t t = 0; t < tasks.size();) {
      size_t next = t + 1;
      while (next < tasks.size() && tasks[next].first == tasks[t].first &&
             tasks[next].rows == tasks[t].rows) {
        ++next;
      }
      const int32_t width = static_cast<int32_t>(next - t) * outputs;
      for (size_t i = t; i < next; ++i) {
        pass.backend.copy_columns(tasks[i].delta, out_, first, columns, width,
                                  static_cast<int32_t>(i - t) * outputs, tasks[t].rows, outputs,
                                  Write::kOverwrite);
      }
      pass.backend.linear_backward_parameters(columns, node.inputs[0] + int64_t{tasks[t].first} * in_,
                                              weights + static_cast<int64_t>(t) * outputs * in_,
                                              bias_ ? biases + static_cast<int64_t>(t) * outputs : nullptr,
                                              tasks[t].rows, in_, width, 0, width);
      t = next;
    }
    const int64_t size = int64_t{outputs} * in_;
    pass.backend.add_inner_products(weights, static_cast<int32_t>(count), size, size, products);
    if (bias_) {
      pass.backend.add_inner_products(biases, static_cast<int32_t>(count), outputs, outputs, products);
    }
  }
}

// Rows of all tasks, one below the other, each with the rows of its task and of those behind.
void Linear::add_paired(const Pass& pass, const NodeMemory& node, std::span<const TaskRows> tasks, Part part,
                        Scratch scratch, double* products) const {
  float* const deltas = scratch.floats;                     // [some rows, kPairColumns]
  float* const values = deltas + kPairRows * kPairColumns;  // [some rows, batch]
  const int64_t rows = rows_of(tasks);
  const int64_t end = rows * (part.index + 1) / part.count;
  // Finds the end of a run of tasks whose rows lie one behind the other, with at most so many rows; a task
  // that has more makes a run alone.
  const auto run_end = [&](size_t t, int64_t most) {
    int64_t taken = tasks[t].rows;
    size_t next = t + 1;
    while (next < tasks.size() && taken + tasks[next].rows <= most &&
           tasks[next].delta == tasks[t].delta + taken * out_) {
      taken += tasks[next++].rows;
    }
    return next;
  };
  size_t first = 0;
  int64_t before = 0;  // rows of the tasks before the first
  for (int64_t row = rows * part.index / part.count; row < end;) {
    while (before + tasks[first].rows <= row) before += tasks[first++].rows;
    // The rows of this turn: up to the end of a run, of the part, or kPairRows.
    const size_t stop = run_end(first, rows);
    int64_t run = 0;
    for (size_t t = first; t < stop; ++t) run += tasks[t].rows;
    const int64_t some = std::min({kPairRows, end - row, before + run - row});
    const float* const left = tasks[first].delta + (row - before) * out_;
    for_pieces(tasks, first, before, row, some, [&](size_t t, int64_t at, int64_t from, int32_t count) {
      pass.backend.linear_forward(node.inputs[0] + (tasks[t].first + from) * in_, node.inputs[0], nullptr,
                                  values + at * pass.batch, count, in_, pass.batch);
    });
    for (size_t j = first; j < tasks.size();) {
      const size_t next = run_end(j, kPairColumns);
      int64_t columns = 0;
      for (size_t t = j; t < next; ++t) columns += tasks[t].rows;
      for (int64_t from = 0; from < columns; from += kPairColumns) {
        const int64_t width = std::min(kPairColumns, columns - from);
        pass.backend.linear_forward(left, tasks[j].delta + from * out_, nullptr, deltas,
                                    static_cast<int32_t>(some), out_, static_cast<int32_t>(width));
        int64_t column = -from;  // of task t in this product
        for (size_t t = j; t < next; column += tasks[t].rows, ++t) {
          const int64_t low = std::max(column, int64_t{0});
          const int64_t high = std::min(column + tasks[t].rows, width);
          if (low >= high) continue;
          for_pieces(tasks, first, before, row, some, [&](size_t i, int64_t at, int64_t, int32_t count) {
            if (i > t) return;
            pass.backend.add_matched_product(
                deltas + at * width + low, width, values + at * pass.batch + tasks[t].first + (low - column),
                pass.batch, bias_ ? 1.0f : 0.0f, count, static_cast<int32_t>(high - low),
                &products[i * tasks.size() + t]);
          });
        }
      }
      j = next;
    }
    row += some;
  }
}

}  // namespace

OpPointer make_linear(int32_t in, int32_t out, bool bias) {
  return std::make_shared<Linear>(in, out, bias, std::nullopt);
}

}  // namespace mtl

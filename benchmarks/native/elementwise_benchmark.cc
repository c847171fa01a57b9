// What touches every number of a layer a few times: slopes, layer norm, dropout, the optimizer.
#include "fixture.h"

namespace mtl::benchmarks {
namespace {

constexpr double kFloat = sizeof(float);

// The outputs of one hidden layer.
struct Activations {
  explicit Activations(const benchmark::State& state)
      : batch(static_cast<int32_t>(state.range(0))),
        width(static_cast<int32_t>(state.range(1))),
        count(int64_t{batch} * width),
        backend(backend_with(state.range(2))),
        x(backend, count),
        y(backend, count),
        dy(backend, count) {}

  double bytes(int32_t matrices) const { return kFloat * matrices * static_cast<double>(count); }

  int32_t batch, width;
  int64_t count;
  Backend& backend;
  Values x, y, dy;
};

void relu_slope(benchmark::State& state) {
  const Activations a(state);
  run_stream(state, a.bytes(3), [&] { a.backend.activation_slope(MTL_RELU, nullptr, a.y, a.dy, a.count); });
}

// Gains, shifts and what the forward pass keeps.
struct Norm {
  explicit Norm(const Activations& a)
      : gain(a.backend, a.width, 1, 2),
        shift(a.backend, a.width),
        mean(a.backend, a.batch),
        inverse(a.backend, a.batch, 1, 2) {}

  Values gain, shift, mean, inverse;
};

void layer_norm_forward(benchmark::State& state) {
  const Activations a(state);
  const Norm n(a);
  run_stream(state, a.bytes(2), [&] {
    a.backend.layer_norm_forward(a.x, n.gain, n.shift, 1e-5f, a.y, n.mean, n.inverse, a.batch, a.width);
  });
}

void layer_norm_backward_input(benchmark::State& state) {
  const Activations a(state);
  const Norm n(a);
  run_stream(state, a.bytes(3), [&] {
    a.backend.layer_norm_backward_input(a.x, n.gain, n.mean, n.inverse, a.dy, a.y, a.batch, a.width,
                                        Write::kOverwrite);
  });
}

void layer_norm_backward_parameters(benchmark::State& state) {
  const Activations a(state);
  const Norm n(a);
  run_stream(state, a.bytes(2), [&] {
    a.backend.layer_norm_backward_parameters(a.x, n.mean, n.inverse, a.dy, n.gain, n.shift, a.batch, a.width);
  });
}

void dropout(benchmark::State& state) {
  const Activations a(state);
  MaskKey key{1, 0, 0};
  run_stream(state, a.bytes(2), [&] {
    a.backend.dropout(a.x, a.y, 0, a.count, 0.1f, key, Write::kOverwrite);
    ++key.batch_index;
  });
}

// All parameters of the network, in one slice.
void adam_step(benchmark::State& state) {
  const int64_t hidden = state.range(0);
  const int64_t count = (kFeatures + 1) * hidden + 2 * (hidden + 1) * hidden + kTasks * (hidden + 1);
  Backend& backend = backend_with(state.range(1));
  const Values parameters(backend, count), gradients(backend, count), first(backend, count);
  const Values second(backend, count, 0, 1);
  OptimizerStep step;
  step.kind = MTL_ADAM;
  step.learning_rate = 1e-3f;
  step.beta1 = 0.9f;
  step.beta2 = 0.999f;
  step.epsilon = 1e-8f;
  // Four arrays are read, three of them are written.
  run_stream(state, 7 * kFloat * static_cast<double>(count),
             [&] { backend.optimizer_step(step, parameters, gradients, first, second, count, nullptr); });
}

void layer_sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"batch", "width", "threads"})->UseRealTime()->Unit(benchmark::kMicrosecond);
  for (const Shape& shape : kShapes) {
    for (const int64_t threads : thread_counts()) benchmark->Args({shape.batch, shape.hidden, threads});
  }
}

void network_sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"hidden", "threads"})->UseRealTime()->Unit(benchmark::kMicrosecond);
  for (const int64_t hidden : {128, 256, 512}) {
    for (const int64_t threads : thread_counts()) benchmark->Args({hidden, threads});
  }
}

BENCHMARK(relu_slope)->Apply(layer_sizes);
BENCHMARK(layer_norm_forward)->Apply(layer_sizes);
BENCHMARK(layer_norm_backward_input)->Apply(layer_sizes);
BENCHMARK(layer_norm_backward_parameters)->Apply(layer_sizes);
BENCHMARK(dropout)->Apply(layer_sizes);
BENCHMARK(adam_step)->Apply(network_sizes);

}  // namespace
}  // namespace mtl::benchmarks

// Products of linear layers: 21 to H, H to H, H to seven heads at once, H to one head.
#include "fixture.h"

namespace mtl::benchmarks {
namespace {

struct Layer {
  explicit Layer(const benchmark::State& state)
      : batch(static_cast<int32_t>(state.range(0))),
        in(static_cast<int32_t>(state.range(1))),
        out(static_cast<int32_t>(state.range(2))),
        threads(state.range(3)),
        backend(backend_with(threads)),
        x(backend, int64_t{batch} * in),
        w(backend, int64_t{out} * in),
        bias(backend, out),
        y(backend, int64_t{batch} * out) {}

  double flops() const { return 2.0 * batch * in * out; }

  int32_t batch, in, out;
  int64_t threads;
  Backend& backend;
  Values x, w, bias, y;
};

void linear_forward(benchmark::State& state) {
  const Layer l(state);
  run_product(state, l.threads, l.flops(),
              [&] { l.backend.linear_forward(l.x, l.w, l.bias, l.y, l.batch, l.in, l.out); });
}

void linear_relu_forward(benchmark::State& state) {
  const Layer l(state);
  run_product(state, l.threads, l.flops(), [&] {
    l.backend.linear_activation_forward(l.x, l.w, l.bias, MTL_RELU, nullptr, l.y, l.batch, l.in, l.out);
  });
}

void linear_backward_input(benchmark::State& state) {
  const Layer l(state);
  run_product(state, l.threads, l.flops(), [&] {
    l.backend.linear_backward_input(l.y, l.w, l.x, l.batch, l.in, l.out, Write::kOverwrite);
  });
}

void linear_backward_parameters(benchmark::State& state) {
  const Layer l(state);
  run_product(state, l.threads, l.flops(), [&] {
    l.backend.linear_backward_parameters(l.y, l.x, l.w, l.bias, l.batch, l.in, l.out, 0, l.out);
  });
}

enum Layers : unsigned { kFirst = 1, kHidden = 2, kHeads = 4 };

template <unsigned kLayers>
void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"batch", "in", "out", "threads"})->UseRealTime()->Unit(benchmark::kMicrosecond);
  for (const Shape& shape : kShapes) {
    for (const int64_t threads : thread_counts()) {
      if (kLayers & kFirst) benchmark->Args({shape.batch, kFeatures, shape.hidden, threads});
      if (kLayers & kHidden) benchmark->Args({shape.batch, shape.hidden, shape.hidden, threads});
      if (kLayers & kHeads) {
        benchmark->Args({shape.batch, shape.hidden, kTasks, threads});
        benchmark->Args({shape.batch, shape.hidden, 1, threads});
      }
    }
  }
}

BENCHMARK(linear_forward)->Apply(sizes<kFirst | kHidden | kHeads>);
BENCHMARK(linear_relu_forward)->Apply(sizes<kFirst | kHidden>);
BENCHMARK(linear_backward_input)->Apply(sizes<kHidden | kHeads>);
BENCHMARK(linear_backward_parameters)->Apply(sizes<kFirst | kHidden | kHeads>);

}  // namespace
}  // namespace mtl::benchmarks

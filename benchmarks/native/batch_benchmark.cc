// What happens around the layers of a step: rows of the batch, losses with their gradients, the affinity.
#include <numeric>

#include "fixture.h"

namespace mtl::benchmarks {
namespace {

void gather_rows(benchmark::State& state) {
  constexpr int32_t kRows = 8192, kStep = 4099;  // prime: rows in no order a processor would foresee
  const auto batch = static_cast<int32_t>(state.range(0));
  Backend& backend = backend_with(state.range(1));
  const Values table(backend, int64_t{kRows} * kFeatures), out(backend, int64_t{batch} * kFeatures);
  std::vector<int32_t> rows(static_cast<size_t>(batch));
  for (int32_t i = 0; i < batch; ++i) rows[static_cast<size_t>(i)] = i * kStep % kRows;
  run_stream(state, 2.0 * sizeof(float) * batch * kFeatures,
             [&] { backend.gather_rows(table, kFeatures, rows.data(), batch, out); });
}

// The loss of one task and its gradient: always on one thread.
void loss(benchmark::State& state, mtl_loss_kind kind, int32_t width, float low, float high) {
  const auto batch = static_cast<int32_t>(state.range(0));
  Backend& backend = backend_with(1);
  const int64_t count = int64_t{batch} * width;
  const Values prediction(backend, count), gradient(backend, count), labels(backend, batch, low, high);
  if (width > 1) {
    // Labels of a softmax are whole numbers.
    std::vector<float> classes(static_cast<size_t>(batch));
    for (int32_t i = 0; i < batch; ++i) classes[static_cast<size_t>(i)] = static_cast<float>(i % width);
    backend.upload(labels, classes.data(), batch * static_cast<int64_t>(sizeof(float)));
  }
  LossSpec spec;
  spec.kind = kind;
  spec.width = width;
  double sum = 0;
  const double seconds = run(state, [&] {
    backend.loss(spec, prediction, labels, batch, &sum, {gradient, 1.0 / batch, Write::kOverwrite});
  });
  state.counters["ns/sample"] = seconds * 1e9 / batch;
}

void update_affinity(benchmark::State& state) {
  const auto tasks = static_cast<int32_t>(state.range(0));
  const auto size = static_cast<size_t>(tasks);
  Backend& backend = backend_with(1);
  std::vector<uint8_t> member(size);
  for (size_t k = 0; k < size; k += 3) member[k] = 1;  // a third of the tasks
  std::vector<double> before(size, 1.0), now(size), affinity(size * size);
  std::vector<int64_t> observations(size * size);
  for (size_t k = 0; k < size; ++k) now[k] = k % 2 == 0 ? 0.99 : 1.01;
  AffinityUpdate update;
  update.tasks = tasks;
  update.member = member.data();
  update.members = std::accumulate(member.begin(), member.end(), 0);
  update.loss = now.data();
  update.previous = before.data();
  update.decay = 0.001;
  update.affinity = affinity.data();
  update.observations = observations.data();
  const double pairs = static_cast<double>(update.members) * tasks;
  const double seconds = run(state, [&] { backend.update_affinity(update); });
  state.counters["ns/pair"] = seconds * 1e9 / pairs;
}

void batch_sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"batch", "threads"})->UseRealTime()->Unit(benchmark::kMicrosecond);
  for (const int64_t batch : {64, 256, 1024}) {
    for (const int64_t threads : thread_counts()) benchmark->Args({batch, threads});
  }
}

void loss_sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("batch")->Arg(64)->Arg(256)->Arg(1024)->Unit(benchmark::kMicrosecond);
}

BENCHMARK(gather_rows)->Apply(batch_sizes);
BENCHMARK_CAPTURE(loss, mean_square, MTL_MEAN_SQUARE, 1, -1.0f, 1.0f)->Apply(loss_sizes);
BENCHMARK_CAPTURE(loss, binary_cross_entropy, MTL_BINARY_CROSS_ENTROPY, 1, 0.0f, 1.0f)->Apply(loss_sizes);
BENCHMARK_CAPTURE(loss, softmax_10, MTL_SOFTMAX_CROSS_ENTROPY, 10, 0.0f, 1.0f)->Apply(loss_sizes);
BENCHMARK(update_affinity)->ArgName("tasks")->Arg(kTasks)->Arg(32)->Arg(128)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace mtl::benchmarks

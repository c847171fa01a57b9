// What the benchmarks share: shapes, a backend with a given number of threads, memory with numbers in it.
#ifndef MTL_BENCHMARKS_FIXTURE_H
#define MTL_BENCHMARKS_FIXTURE_H

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "backend/backend.h"

namespace mtl::benchmarks {

// A batch through a network 21-H-H-H with seven heads, as in benchmarks/MtlHybrid.Benchmarks.
struct Shape {
  int32_t batch;
  int32_t hidden;
};
inline constexpr Shape kShapes[] = {{64, 128}, {256, 256}, {256, 512}, {1024, 512}};
inline constexpr int32_t kFeatures = 21;
inline constexpr int32_t kTasks = 7;

// 1 and all that this process may use.
std::vector<int64_t> thread_counts();

// The backend with this number of threads; made once.
Backend& backend_with(int64_t threads);

// GFLOP/s of one large matrix product whose rows are split over the threads of that backend: the best of
// several, measured once. What a product of a layer can at most reach.
double product_rate(int64_t threads);

// Memory of the backend; numbers even in [low, high), the same in every run.
class Values {
 public:
  Values(Backend& backend, int64_t count, float low = -1, float high = 1);
  ~Values() { backend_.release(data_); }
  Values(const Values&) = delete;
  Values& operator=(const Values&) = delete;

  operator float*() const { return data_; }

 private:
  Backend& backend_;
  float* data_;
};

// Runs body() as often as the benchmark wants; returns the seconds of one call.
template <typename Body>
double run(benchmark::State& state, const Body& body) {
  body();  // the memory is touched and the threads are awake
  const auto start = std::chrono::steady_clock::now();
  for (auto _ : state) {
    body();
    benchmark::ClobberMemory();
  }
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  return elapsed.count() / static_cast<double>(state.iterations());
}

// Counters of a matrix product: GFLOP/s, and the share of product_rate for the same number of threads.
template <typename Body>
void run_product(benchmark::State& state, int64_t threads, double flops, const Body& body) {
  const double rate = flops / run(state, body) * 1e-9;
  state.counters["GFLOP/s"] = rate;
  state.counters["sgemm"] = rate / product_rate(threads);
}

// Counter of a kernel that is limited by memory: GB/s of what it must read and write at least.
template <typename Body>
void run_stream(benchmark::State& state, double bytes, const Body& body) {
  state.counters["GB/s"] = bytes / run(state, body) * 1e-9;
}

}  // namespace mtl::benchmarks

#endif

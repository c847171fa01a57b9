#include "fixture.h"

#include <algorithm>
#include <limits>
#include <map>

#include "backend/philox.h"
#include "cpu/cpu_backend.h"
#include "cpu/gemm.h"
#include "cpu/processor.h"

namespace mtl::benchmarks {

std::vector<int64_t> thread_counts() {
  const int64_t all = usable_threads();
  return all > 1 ? std::vector<int64_t>{1, all} : std::vector<int64_t>{1};
}

Backend& backend_with(int64_t threads) {
  static std::map<int64_t, std::unique_ptr<Backend>> backends;
  std::unique_ptr<Backend>& backend = backends[threads];
  if (backend == nullptr) backend = std::make_unique<CpuBackend>(static_cast<int32_t>(threads));
  return *backend;
}

double product_rate(int64_t threads) {
  static std::map<int64_t, double> rates;
  if (const auto known = rates.find(threads); known != rates.end()) return known->second;
  constexpr int64_t kRowsPerPart = 1024, kWidth = 1024, kRepeats = 20;
  Backend& backend = backend_with(threads);
  const int64_t rows = kRowsPerPart * threads;
  const Values a(backend, rows * kWidth), b(backend, kWidth * kWidth), c(backend, rows * kWidth);
  double best = std::numeric_limits<double>::infinity();
  for (int64_t repeat = 0; repeat < kRepeats; ++repeat) {
    const auto start = std::chrono::steady_clock::now();
    backend.run_parts(static_cast<int32_t>(threads), [&](int32_t part, Backend&) {
      const int64_t first = part * kRowsPerPart * kWidth;
      gemm(Transpose::kNo, Transpose::kNo, kRowsPerPart, kWidth, kWidth, a + first, kWidth, b, kWidth, 0.0f,
           c + first, kWidth);
    });
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    best = std::min(best, elapsed.count());
  }
  return rates[threads] = 2.0 * static_cast<double>(rows * kWidth * kWidth) / best * 1e-9;
}

Values::Values(Backend& backend, int64_t count, float low, float high)
    : backend_(backend),
      data_(static_cast<float*>(
          backend.allocate(count * static_cast<int64_t>(sizeof(float)), "the numbers of a benchmark"))) {
  std::vector<float> values;
  values.reserve(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) {
    const PhiloxWords words = philox({{static_cast<uint32_t>(i), 0, 0, 0}}, 1);
    values.push_back(low + (high - low) * static_cast<float>(words.word[0] >> 8) * 0x1p-24f);
  }
  backend.upload(data_, values.data(), count * static_cast<int64_t>(sizeof(float)));
}

}  // namespace mtl::benchmarks

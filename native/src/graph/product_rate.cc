#include "graph/product_rate.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "backend/memory.h"

namespace mtl {
namespace {

constexpr size_t kFewest = 5;
constexpr size_t kMost = 100'000;

Memory<float> random_matrix(Backend& backend, int64_t rows, int64_t columns, uint32_t stream) {
  Memory<float> matrix(backend, rows * columns, "a matrix to multiply");
  backend.initialize(matrix.data(), matrix.count(), Initial::kUniform, 1.0f, 0, stream);
  return matrix;
}

}  // namespace

double matrix_product_rate(Context& context, int32_t m, int32_t n, int32_t k, double seconds) {
  using Clock = std::chrono::steady_clock;
  Backend& backend = context.backend();
  const Memory<float> a = random_matrix(backend, m, k, 0), b = random_matrix(backend, k, n, 1);
  const Memory<float> c(backend, int64_t{m} * n, "the product of two matrices");
  std::vector<double> times;
  const auto multiply = [&] {
    context.poll_cancel();
    const Clock::time_point start = Clock::now();
    backend.matrix_product(a.data(), b.data(), c.data(), m, n, k);
    float first = 0;
    backend.download(&first, c.data(), sizeof(first));  // waits for the device
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  multiply();  // The first touches the memory and wakes the threads.
  for (double total = 0; times.size() < kFewest || (total < seconds && times.size() < kMost);) {
    times.push_back(multiply());
    total += times.back();
  }
  std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
  return 2.0 * m * n * k / std::max(times[times.size() / 2], 1e-9);
}

}  // namespace mtl

// Gathering batches.
#include "backend_test.h"

namespace {

using cuda_test::BackendTest;
using cuda_test::Buffer;
using mtl::Backend;

class CudaBatch : public BackendTest {
 protected:
  std::vector<int32_t> Rows(int32_t count, int32_t bound) {
    std::vector<int32_t> rows(static_cast<size_t>(count));
    for (int32_t& row : rows) row = random_.Below(bound);
    return rows;
  }
};

TEST_F(CudaBatch, GatherRows) {
  for (int32_t width : {1, 3, 32, 33, 257}) {
    for (int32_t count : {1, 31, 33, 257}) {
      const int32_t table_rows = 100;
      const std::vector<float> table = random_.Floats(static_cast<size_t>(table_rows) * width, -1, 1);
      const std::vector<int32_t> rows = Rows(count, table_rows);
      ExpectSame([&](Backend& backend) {
        const Buffer<float> from(backend, table), out(backend, int64_t{count} * width);
        backend.gather_rows(from.data(), width, rows.data(), count, out.data());
        return out.values();
      });
    }
  }
}

// More rows than are staged at once, whatever that is.
TEST_F(CudaBatch, GatherManyRows) {
  const int32_t count = 300007;
  const std::vector<float> table = random_.Floats(1000, -1, 1);
  const std::vector<int32_t> rows = Rows(count, 1000);
  ExpectSame([&](Backend& backend) {
    const Buffer<float> from(backend, table), out(backend, count);
    backend.gather_rows(from.data(), 1, rows.data(), count, out.data());
    return out.values();
  });
}

// The caller may write its rows again as soon as a call is back.
TEST_F(CudaBatch, RowsAreTakenAtOnce) {
  const std::vector<float> table = random_.Floats(50, -1, 1);
  const auto run = [&](Backend& backend) {
    const Buffer<float> from(backend, table), out(backend, 200 * 20);
    std::vector<int32_t> rows(20);
    for (int32_t i = 0; i < 200; ++i) {
      for (int32_t j = 0; j < 20; ++j) rows[j] = (i * 7 + j * 3) % 50;
      backend.gather_rows(from.data(), 1, rows.data(), 20, out.data() + i * 20);
    }
    std::fill(rows.begin(), rows.end(), 0);
    return out.values();
  };
  ExpectSame(run);
}

TEST_F(CudaBatch, GatherColumns) {
  for (int32_t width : {1, 3, 7, 33}) {
    for (int32_t count : {1, 31, 33, 257}) {
      const int64_t stride = count + 5;
      const std::vector<float> table = random_.Floats(static_cast<size_t>(60) * width, -1, 1);
      const std::vector<int32_t> rows = Rows(count, 60);
      ExpectSame([&](Backend& backend) {
        const Buffer<float> from(backend, table), out(backend, width * stride);
        backend.gather_columns(from.data(), width, rows.data(), count, out.data(), stride);
        return out.values();
      });
    }
  }
}

}  // namespace

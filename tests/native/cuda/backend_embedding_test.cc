// Rows of tables, and columns of matrices.
#include "backend_test.h"

namespace {

using cuda_test::BackendTest;
using cuda_test::Buffer;
using mtl::Backend;
using mtl::Write;

struct TableShape {
  int32_t batch, categories, width;
};
constexpr TableShape kShapes[] = {{1, 1, 1},      {5, 3, 2},       {33, 4, 31},    {257, 1, 7},
                                  {300, 500, 33}, {1000, 7, 3},    {64, 2000, 16}, {5000, 40, 5},
                                  {1, 257, 130},  {40000, 1000, 2}};

class CudaEmbedding : public BackendTest {
 protected:
  static constexpr int32_t kColumns = 3;
  static constexpr int32_t kColumn = 1;

  std::vector<int32_t> Codes(const TableShape& shape) {
    // Some categories are much more frequent, some never met.
    std::vector<int32_t> codes;
    for (int32_t i = 0; i < shape.batch * kColumns; ++i) {
      codes.push_back(random_.Below(3) ? random_.Below(shape.categories)
                                       : random_.Below((shape.categories + 9) / 10));
    }
    return codes;
  }
};

TEST_F(CudaEmbedding, Forward) {
  for (const TableShape& shape : kShapes) {
    const auto table = random_.Floats(static_cast<size_t>(shape.categories) * shape.width, -1, 1);
    const auto codes = Codes(shape);
    ExpectSame([&](Backend& backend) {
      const Buffer<float> from(backend, table), y(backend, int64_t{shape.batch} * shape.width);
      const Buffer<int32_t> c(backend, codes);
      backend.embedding_forward(from.data(), c.data(), kColumns, kColumn, y.data(), shape.batch, shape.width);
      return y.values();
    });
  }
}

// In the order of the rows, so the bits are those of the processor.
TEST_F(CudaEmbedding, Backward) {
  for (const TableShape& shape : kShapes) {
    const auto dy = random_.Floats(static_cast<size_t>(shape.batch) * shape.width, -1, 1);
    const auto codes = Codes(shape);
    SCOPED_TRACE(testing::Message() << shape.batch << " rows, " << shape.categories << " x " << shape.width);
    ExpectClose(
        [&](Backend& backend) {
          const Buffer<float> from(backend, dy), dtable(backend, int64_t{shape.categories} * shape.width);
          const Buffer<int32_t> c(backend, codes);
          backend.embedding_backward(from.data(), c.data(), kColumns, kColumn, dtable.data(),
                                     shape.categories, shape.batch, shape.width);
          return dtable.values();
        },
        1e-6, 0.0004);
  }
}

TEST_F(CudaEmbedding, CopyColumns) {
  for (int32_t batch : {1, 31, 33, 257}) {
    for (int32_t width : {1, 5, 32, 100}) {
      const int32_t from_stride = width + 7, to_stride = width + 4;
      const auto source = random_.Floats(static_cast<size_t>(batch) * from_stride, -1, 1);
      const auto target = random_.Floats(static_cast<size_t>(batch) * to_stride, -1, 1);
      for (const Write write : {Write::kOverwrite, Write::kAccumulate}) {
        ExpectSame([&](Backend& backend) {
          const Buffer<float> from(backend, source), to(backend, target);
          backend.copy_columns(from.data(), from_stride, 3, to.data(), to_stride, 2, batch, width, write);
          return to.values();
        });
      }
    }
  }
}

}  // namespace

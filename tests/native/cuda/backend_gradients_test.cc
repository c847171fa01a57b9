// What is made of the gradients of several tasks.
#include <array>

#include "backend_test.h"

namespace {

using cuda_test::BackendTest;
using cuda_test::Buffer;
using mtl::Backend;

struct RowsShape {
  int32_t count;
  int64_t width;
};
constexpr RowsShape kShapes[] = {{1, 1},   {2, 31},    {3, 32},   {4, 33},     {7, 257}, {8, 5000},
                                 {9, 130}, {17, 1000}, {33, 300}, {2, 200003}, {130, 65}};

class CudaGradients : public BackendTest {
 protected:
  static int64_t Stride(const RowsShape& shape) { return (shape.width + 15) / 16 * 16 + 16; }
  std::vector<float> Rows(const RowsShape& shape) {
    return random_.Floats(static_cast<size_t>(shape.count * Stride(shape)), -1, 1);
  }
  // Some of the rows of a matrix, in another order.
  std::vector<int32_t> Picked(int32_t count) {
    std::vector<int32_t> rows(static_cast<size_t>(count));
    for (int32_t i = 0; i < count; ++i) rows[i] = i;
    random_.Shuffle(rows);
    rows.resize(static_cast<size_t>((count + 1) / 2 + (count > 4)));
    return rows;
  }
};

TEST_F(CudaGradients, InnerProducts) {
  for (const RowsShape& shape : kShapes) {
    const auto rows = Rows(shape);
    const size_t n = static_cast<size_t>(shape.count);
    std::vector<double> old(n * n);
    for (double& value : old) value = random_.Uniform(-1, 1);
    SCOPED_TRACE(testing::Message() << shape.count << " x " << shape.width);
    ExpectClose(
        [&](Backend& backend) {
          const Buffer<float> r(backend, rows);
          const Buffer<double> products(backend, old);
          backend.add_inner_products(r.data(), shape.count, shape.width, Stride(shape), products.data());
          std::vector<double> values = products.values();
          // Below the diagonal nothing is promised.
          for (size_t i = 0; i < n; ++i) {
            for (size_t j = 0; j < i; ++j) values[i * n + j] = 1;
          }
          return values;
        },
        2e-6);
  }
}

TEST_F(CudaGradients, MatchedProducts) {
  for (const auto& [rows, columns] :
       {std::array<int32_t, 2>{1, 1}, {3, 33}, {31, 257}, {257, 5}, {1000, 130}}) {
    const int64_t left_stride = columns + 3, right_stride = columns + 5;
    const auto left = random_.Floats(static_cast<size_t>(rows * left_stride), -1, 1);
    const auto right = random_.Floats(static_cast<size_t>(rows * right_stride), -1, 1);
    for (const float shift : {0.0f, 1.0f}) {
      ExpectClose(
          [&, r = rows, c = columns](Backend& backend) {
            const Buffer<float> l(backend, left), b(backend, right);
            const Buffer<double> sum(backend, std::vector<double>{0.5 * r});
            backend.add_matched_product(l.data(), left_stride, b.data(), right_stride, shift, r, c,
                                        sum.data());
            return sum.values();
          },
          2e-6);
    }
  }
}

TEST_F(CudaGradients, WeightedSums) {
  for (const RowsShape& shape : kShapes) {
    const auto rows = Rows(shape);
    std::vector<double> weights(static_cast<size_t>(shape.count));
    for (double& weight : weights) weight = random_.Uniform(-2, 2);
    ExpectClose(
        [&](Backend& backend) {
          const Buffer<float> r(backend, rows), out(backend, shape.width);
          auto given = weights;
          backend.weighted_sum(r.data(), shape.count, shape.width, Stride(shape), given.data(), out.data());
          std::fill(given.begin(), given.end(), 100.0);
          return out.values();
        },
        2e-6);
  }
}

TEST_F(CudaGradients, AWeightedSumInPlaceOfTheOnlyRow) {
  const auto row = random_.Floats(5000, -1, 1);
  const double weight = -0.3;
  ExpectClose(
      [&](Backend& backend) {
        const Buffer<float> r(backend, row);
        backend.weighted_sum(r.data(), 1, 5000, 5008, &weight, r.data());
        return r.values();
      },
      1e-6);
}

TEST_F(CudaGradients, SignVotes) {
  for (const RowsShape& shape : kShapes) {
    auto matrix = Rows(shape);
    for (size_t i = 0; i < matrix.size(); i += 7) matrix[i] = 0;
    const std::vector<int32_t> picked = Picked(shape.count);
    for (const double leak : {0.0, 0.4}) {
      for (const int64_t first : {int64_t{0}, int64_t{48}, int64_t{1} << 33}) {
        ExpectClose(
            [&](Backend& backend) {
              const Buffer<float> m(backend, matrix), out(backend, shape.width);
              backend.sign_vote(m.data(), Stride(shape), picked.data(), static_cast<int32_t>(picked.size()),
                                first, shape.width, leak, 0x0123456789abcdef, 5, out.data());
              return out.values();
            },
            1e-6, shape.width > 1 ? 0.02 : 0);
      }
    }
  }
}

TEST_F(CudaGradients, TrimmedMeans) {
  for (const RowsShape& shape : kShapes) {
    const auto matrix = Rows(shape);
    const std::vector<int32_t> picked = Picked(shape.count);
    const auto count = static_cast<int32_t>(picked.size());
    for (const int32_t trim : {0, 1, 2, 1000}) {
      ExpectClose(
          [&](Backend& backend) {
            const Buffer<float> m(backend, matrix), column(backend, count), out(backend, shape.width);
            backend.trimmed_mean(m.data(), Stride(shape), picked.data(), count, shape.width, trim,
                                 column.data(), out.data());
            return out.values();
          },
          2e-6);
    }
  }
}

}  // namespace

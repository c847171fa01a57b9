// Matrix products with what goes before and after them.
#include <array>

#include "backend_test.h"

namespace {

using cuda_test::BackendTest;
using cuda_test::Buffer;
using cuda_test::MakeBackend;
using mtl::Backend;
using mtl::Write;

constexpr std::array<int32_t, 3> kShapes[] = {{1, 1, 1},    {1, 5, 3},     {3, 1, 2},
                                              {31, 33, 32}, {33, 31, 1},   {1, 64, 64},
                                              {17, 8, 16},  {64, 130, 65}, {257, 3, 255}};
constexpr mtl_activation kActivations[] = {MTL_RELU, MTL_GELU, MTL_GELU_TANH,
                                           MTL_SILU, MTL_TANH, MTL_SIGMOID};
constexpr double kTolerance = 2e-6;

class CudaLinear : public BackendTest {
 protected:
  // body(x, w, bias, batch, in, out) for every shape; all random.
  template <typename Body>
  void ForShapes(const Body& body) {
    for (const auto& [batch, in, out] : kShapes) {
      const auto x = random_.Floats(static_cast<size_t>(batch) * in, -1, 1);
      const auto w = random_.Floats(static_cast<size_t>(out) * in, -1, 1);
      const auto bias = random_.Floats(static_cast<size_t>(out), -1, 1);
      SCOPED_TRACE(testing::Message() << "batch " << batch << ", in " << in << ", out " << out);
      body(x, w, bias, batch, in, out);
    }
  }
};

TEST_F(CudaLinear, Forward) {
  ForShapes([&](const auto& x, const auto& w, const auto& bias, int32_t batch, int32_t in, int32_t out) {
    for (const bool biased : {true, false}) {
      ExpectClose(
          [&](Backend& backend) {
            const Buffer<float> bx(backend, x), bw(backend, w), bb(backend, bias),
                y(backend, int64_t{batch} * out);
            backend.linear_forward(bx.data(), bw.data(), biased ? bb.data() : nullptr, y.data(), batch, in,
                                   out);
            return y.values();
          },
          kTolerance);
    }
  });
}

TEST_F(CudaLinear, Product) {
  ForShapes([&](const auto& x, const auto& w, const auto&, int32_t batch, int32_t in, int32_t out) {
    const auto old = random_.Floats(static_cast<size_t>(batch) * out, -1, 1);
    for (const Write write : {Write::kOverwrite, Write::kAccumulate}) {
      ExpectClose(
          [&](Backend& backend) {
            const Buffer<float> bx(backend, x), bw(backend, w);
            const Buffer<float> y(
                backend, write == Write::kAccumulate
                             ? old
                             : std::vector<float>(old.size(), std::numeric_limits<float>::quiet_NaN()));
            backend.linear_product(bx.data(), bw.data(), y.data(), batch, in, out, write);
            return y.values();
          },
          kTolerance);
    }
  });
}

TEST_F(CudaLinear, BackwardInput) {
  ForShapes([&](const auto& x, const auto& w, const auto&, int32_t batch, int32_t in, int32_t out) {
    const auto dy = random_.Floats(static_cast<size_t>(batch) * out, -1, 1);
    for (const Write write : {Write::kOverwrite, Write::kAccumulate}) {
      ExpectClose(
          [&](Backend& backend) {
            const Buffer<float> bdy(backend, dy), bw(backend, w);
            const Buffer<float> dx(
                backend, write == Write::kAccumulate
                             ? x
                             : std::vector<float>(x.size(), std::numeric_limits<float>::quiet_NaN()));
            backend.linear_backward_input(bdy.data(), bw.data(), dx.data(), batch, in, out, write);
            return dx.values();
          },
          kTolerance);
    }
  });
}

TEST_F(CudaLinear, WithAnActivation) {
  for (const mtl_activation kind : kActivations) {
    ForShapes([&](const auto& x, const auto& w, const auto& bias, int32_t batch, int32_t in, int32_t out) {
      for (const bool kept : {true, false}) {
        for (const bool biased : {true, false}) {
          for (const bool wanted_z : {true, false}) {
            // z is for those whose slope does not follow from y; for others nobody asks for it.
            const bool by_value = kind == MTL_RELU || kind == MTL_TANH || kind == MTL_SIGMOID;
            if (wanted_z && (!kept || by_value)) continue;
            ExpectClose(
                [&](Backend& backend) {
                  const Buffer<float> bx(backend, x), bw(backend, w), bb(backend, bias),
                      z(backend, int64_t{batch} * out), y(backend, int64_t{batch} * out);
                  backend.linear_activation_forward(bx.data(), bw.data(), biased ? bb.data() : nullptr, kind,
                                                    kept ? z.data() : nullptr, y.data(), batch, in, out);
                  return wanted_z ? z.values() : y.values();
                },
                kTolerance, 0);
          }
        }
      }
    });
  }
}

TEST_F(CudaLinear, BackwardParameters) {
  ForShapes([&](const auto& x, const auto&, const auto&, int32_t batch, int32_t in, int32_t out) {
    const auto dy = random_.Floats(static_cast<size_t>(batch) * out, -1, 1);
    for (const auto& [first, count] : {std::pair{0, out}, {out / 2, out - out / 2}, {out / 3, 1}}) {
      for (const bool biased : {true, false}) {
        for (const bool wanted_bias : {true, false}) {
          if (wanted_bias && !biased) continue;
          ExpectClose(
              [&, first = first, count = count](Backend& backend) {
                const Buffer<float> bx(backend, x), bdy(backend, dy), dw(backend, int64_t{count} * in),
                    db(backend, count);
                backend.linear_backward_parameters(bdy.data(), bx.data(), dw.data(),
                                                   biased ? db.data() : nullptr, batch, in, out, first,
                                                   count);
                return wanted_bias ? db.values() : dw.values();
              },
              kTolerance, 0.5, wanted_bias ? "dbias" : "dw");
        }
      }
    }
  });
}

// A new bias pointer for a shape that is known already.
TEST_F(CudaLinear, TheSameShapeWithOtherPointers) {
  const auto x = random_.Floats(20, -1, 1), w = random_.Floats(15, -1, 1);
  for (int round = 0; round < 3; ++round) {
    const auto bias = random_.Floats(3, -1, 1);
    ExpectClose(
        [&](Backend& backend) {
          const Buffer<float> bx(backend, x), bw(backend, w), bb(backend, bias), y(backend, 12);
          backend.linear_forward(bx.data(), bw.data(), bb.data(), y.data(), 4, 5, 3);
          return y.values();
        },
        kTolerance);
  }
}

// Slices of parameters do not begin where the widest loads could be used.
TEST_F(CudaLinear, PointersOfEveryAlignment) {
  const auto numbers = random_.Floats(4000, -1, 1);
  for (int shift = 0; shift < 4; ++shift) {
    for (int which = 0; which < 3; ++which) {
      ExpectClose(
          [&](Backend& backend) {
            const Buffer<float> in(backend, numbers), out(backend, std::vector<float>(4000, 0));
            const float* x = in.data() + (which == 0 ? shift : 0);
            const float* w = in.data() + 2000 + (which == 1 ? shift : 0);
            float* y = out.data() + (which == 2 ? shift : 0);
            backend.linear_forward(x, w, in.data() + 3000, y, 16, 32, 24);
            backend.linear_backward_input(x, w, y + 1000, 16, 32, 24, Write::kOverwrite);
            backend.linear_backward_parameters(x, w, y + 2000, y + 3000, 16, 32, 24, 8, 12);
            return out.values();
          },
          kTolerance, 0.2);
    }
  }
}

TEST_F(CudaLinear, MatrixProduct) {
  ForShapes([&](const auto& a, const auto&, const auto&, int32_t m, int32_t k, int32_t n) {
    const auto b = random_.Floats(static_cast<size_t>(k) * n, -1, 1);
    ExpectClose(
        [&](Backend& backend) {
          const Buffer<float> ba(backend, a), bb(backend, b), c(backend, int64_t{m} * n);
          backend.matrix_product(ba.data(), bb.data(), c.data(), m, n, k);
          return c.values();
        },
        kTolerance);
  });
}

TEST_F(CudaLinear, CoarserPrecisions) {
  const auto x = random_.Floats(33 * 64, -1, 1), w = random_.Floats(31 * 64, -1, 1);
  const auto run = [&](Backend& backend) {
    const Buffer<float> bx(backend, x), bw(backend, w), y(backend, 33 * 31);
    backend.linear_forward(bx.data(), bw.data(), nullptr, y.data(), 33, 64, 31);
    return y.values();
  };
  const std::vector<float> exact = run(cpu());
  const auto tensor = MakeBackend(mtl::Precision::kTensorFloat32),
             brain = MakeBackend(mtl::Precision::kBFloat16);
  EXPECT_TRUE(support::Close(run(*tensor), exact, 1e-3));
  EXPECT_TRUE(support::Close(run(*brain), exact, 1e-2));
  if (!cuda_test::IsEmulated()) return;  // a library may always be more exact than it was asked to be
  EXPECT_FALSE(support::Close(run(*tensor), exact, 1e-6)) << "not rounded";
  EXPECT_FALSE(support::Close(run(*brain), exact, 1e-4)) << "not rounded";
}

}  // namespace

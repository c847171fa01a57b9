// What is done element by element.
#include "backend_test.h"

namespace {

using cuda_test::BackendTest;
using cuda_test::Buffer;
using mtl::Backend;
using mtl::Write;

constexpr mtl_activation kActivations[] = {MTL_RELU, MTL_GELU, MTL_GELU_TANH,
                                           MTL_SILU, MTL_TANH, MTL_SIGMOID};
constexpr double kTolerance = 2e-6;

class CudaElementwise : public BackendTest {
 protected:
  std::vector<float> Values(int64_t count) { return random_.Floats(static_cast<size_t>(count), -4, 4); }
};

TEST_F(CudaElementwise, Add) {
  for (int64_t count : cuda_test::kCounts) {
    const auto left = Values(count), right = Values(count);
    ExpectSame([&](Backend& backend) {
      const Buffer<float> l(backend, left), r(backend, right), sum(backend, count);
      backend.add(l.data(), r.data(), sum.data(), count);
      return sum.values();
    });
  }
}

TEST_F(CudaElementwise, AddInPlace) {
  const auto left = Values(1000), right = Values(1000);
  ExpectSame([&](Backend& backend) {
    const Buffer<float> l(backend, left), r(backend, right);
    backend.add(l.data(), r.data(), l.data(), 1000);
    return l.values();
  });
}

TEST_F(CudaElementwise, PassGradient) {
  for (int64_t count : cuda_test::kCounts) {
    const auto dy = Values(count), dx = Values(count);
    for (const Write write : {Write::kOverwrite, Write::kAccumulate}) {
      ExpectSame([&](Backend& backend) {
        const Buffer<float> from(backend, dy), to(backend, dx);
        backend.pass_gradient(from.data(), to.data(), count, write);
        return to.values();
      });
    }
  }
}

// From an address that no vector load could be used at.
TEST_F(CudaElementwise, PointersOfEveryAlignment) {
  const auto left = Values(1100), right = Values(1100);
  for (int shift = 0; shift < 4; ++shift) {
    ExpectClose(
        [&](Backend& backend) {
          const Buffer<float> l(backend, left), r(backend, right), out(backend, std::vector<float>(4400, 0));
          backend.add(l.data() + shift, r.data() + 1, out.data() + shift, 1000);
          backend.activation_forward(MTL_TANH, l.data() + shift, out.data() + 1100 + shift, 1000);
          backend.dropout(l.data() + shift, out.data() + 2200 + shift, 0, 1000, 0.3f, {5, 6, 7},
                          Write::kOverwrite);
          backend.blend(out.data() + 3300 + shift, r.data() + shift, 1000, 0.5, 0.25);
          return out.values();
        },
        kTolerance);
  }
}

class CudaActivation : public CudaElementwise, public testing::WithParamInterface<mtl_activation> {};

TEST_P(CudaActivation, Forward) {
  for (int64_t count : cuda_test::kCounts) {
    const auto x = Values(count);
    ExpectClose(
        [&](Backend& backend) {
          const Buffer<float> from(backend, x), y(backend, count);
          backend.activation_forward(GetParam(), from.data(), y.data(), count);
          return y.values();
        },
        kTolerance, 0.3 * static_cast<double>(count > 30));
  }
}

// Far out, where an exponential is too large or too small for a float.
TEST_P(CudaActivation, ExtremeValues) {
  std::vector<float> x;
  for (float size : {0.0f, 1e-30f, 1e-4f, 9.0f, 20.0f, 88.0f, 89.0f, 104.0f, 1000.0f, 1e9f}) {
    x.push_back(size);
    x.push_back(-size);
  }
  const auto count = static_cast<int64_t>(x.size());
  for (const bool gradient : {false, true}) {
    ExpectClose(
        [&](Backend& backend) {
          const Buffer<float> from(backend, x), y(backend, count), dx(backend, count),
              dy(backend, std::vector<float>(x.size(), 1));
          backend.activation_forward(GetParam(), from.data(), y.data(), count);
          if (!gradient) {
            // Each on its own scale.
            std::vector<float> values = y.values();
            for (size_t i = 0; i < values.size(); ++i) values[i] /= std::max(1.0f, std::abs(x[i]));
            return values;
          }
          backend.activation_backward(GetParam(), from.data(), y.data(), dy.data(), dx.data(), count,
                                      Write::kOverwrite);
          return dx.values();
        },
        kTolerance, 0.2);
  }
}

TEST_P(CudaActivation, NanStaysNan) {
  const std::vector<float> x(40, std::numeric_limits<float>::quiet_NaN());
  const auto run = [&](Backend& backend) {
    const Buffer<float> from(backend, x), y(backend, 40);
    backend.activation_forward(GetParam(), from.data(), y.data(), 40);
    std::vector<int> nan;
    for (float value : y.values()) nan.push_back(std::isnan(value));
    return nan;
  };
  EXPECT_EQ(run(cuda()), run(cpu()));
}

TEST_P(CudaActivation, Backward) {
  for (int64_t count : cuda_test::kFewerCounts) {
    const auto x = Values(count), dy = Values(count), old = Values(count);
    for (const Write write : {Write::kOverwrite, Write::kAccumulate}) {
      ExpectClose(
          [&](Backend& backend) {
            const Buffer<float> bx(backend, x), y(backend, count), bdy(backend, dy), dx(backend, old);
            backend.activation_forward(GetParam(), bx.data(), y.data(), count);
            backend.activation_backward(GetParam(), bx.data(), y.data(), bdy.data(), dx.data(), count, write);
            return dx.values();
          },
          kTolerance, 0.3 * static_cast<double>(count > 30));
    }
  }
}

TEST_P(CudaActivation, Slope) {
  // Those whose slope follows from the value do without z.
  const bool by_value = GetParam() == MTL_RELU || GetParam() == MTL_TANH || GetParam() == MTL_SIGMOID;
  for (int64_t count : cuda_test::kFewerCounts) {
    const auto z = Values(count), d = Values(count);
    for (const bool kept : {true, false}) {
      if (!kept && !by_value) continue;
      ExpectClose(
          [&](Backend& backend) {
            const Buffer<float> bz(backend, z), y(backend, count), bd(backend, d);
            backend.activation_forward(GetParam(), bz.data(), y.data(), count);
            backend.activation_slope(GetParam(), kept ? bz.data() : nullptr, y.data(), bd.data(), count);
            return bd.values();
          },
          kTolerance, 0.3 * static_cast<double>(count > 30));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, CudaActivation, testing::ValuesIn(kActivations));

// The masks are the processor's, wherever a part of what is masked begins.
TEST_F(CudaElementwise, Dropout) {
  const int64_t step = mtl::kDropoutStep;
  for (int64_t count : cuda_test::kCounts) {
    const auto x = Values(count), old = Values(count);
    for (const float probability : {0.0f, 0.1f, 0.5f, 0.97f}) {
      for (const int64_t first : {int64_t{0}, step, 1000003 * step}) {
        if (count > 10000 && first == step) continue;
        for (const Write write : {Write::kOverwrite, Write::kAccumulate}) {
          const mtl::MaskKey key{0x1122334455667788, 9 + static_cast<uint64_t>(count), 3};
          ExpectClose(
              [&](Backend& backend) {
                const Buffer<float> from(backend, x), y(backend, old);
                backend.dropout(from.data(), y.data(), first, count, probability, key, write);
                return y.values();
              },
              1e-6, 0);
        }
      }
    }
  }
}

TEST_F(CudaElementwise, Blend) {
  for (int64_t count : cuda_test::kCounts) {
    const auto target = Values(count), source = Values(count);
    for (const auto& [keep, take] : {std::pair{0.0, 1.0}, {0.9, 0.1}, {1.0, -0.3}}) {
      ExpectClose(
          [&, keep = keep, take = take](Backend& backend) {
            const Buffer<float> t(backend, target), s(backend, source);
            backend.blend(t.data(), s.data(), count, keep, take);
            return t.values();
          },
          1e-6);
    }
  }
}

TEST_F(CudaElementwise, AccumulateSquares) {
  for (int64_t count : cuda_test::kCounts) {
    const auto x = Values(count), squares = random_.Floats(static_cast<size_t>(count), 0, 3);
    for (const bool sum_wanted : {false, true}) {
      ExpectClose(
          [&](Backend& backend) {
            const Buffer<float> s(backend, squares), bx(backend, x);
            const Buffer<double> sum(backend, 1);
            backend.accumulate_squares(s.data(), bx.data(), count, sum.data());
            if (sum_wanted) return sum.values();
            const std::vector<float> values = s.values();
            return std::vector<double>(values.begin(), values.end());
          },
          1e-6);
    }
  }
}

}  // namespace

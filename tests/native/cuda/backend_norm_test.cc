// Layer norm and its gradients.
#include <algorithm>

#include "backend_test.h"

namespace {

using cuda_test::BackendTest;
using cuda_test::Buffer;
using mtl::Backend;
using mtl::Write;

constexpr double kTolerance = 5e-6;

class CudaNorm : public BackendTest, public testing::WithParamInterface<std::tuple<int32_t, int32_t>> {
 protected:
  int32_t batch() const { return std::get<0>(GetParam()); }
  int32_t width() const { return std::get<1>(GetParam()); }
  std::vector<float> Matrix() { return random_.Floats(static_cast<size_t>(batch()) * width(), -1, 2); }
  std::vector<float> Row() { return random_.Floats(static_cast<size_t>(width()), 0.5, 1.5); }
  int64_t size() const { return int64_t{batch()} * width(); }

  // What forward keeps, by the processor, for both.
  void Statistics(const std::vector<float>& x, std::vector<float>& mean, std::vector<float>& inverse) {
    const Buffer<float> bx(cpu(), x), ones(cpu(), std::vector<float>(width(), 1)), y(cpu(), size()),
        m(cpu(), batch()), i(cpu(), batch());
    cpu().layer_norm_forward(bx.data(), ones.data(), ones.data(), 1e-3f, y.data(), m.data(), i.data(),
                             batch(), width());
    mean = m.values();
    inverse = i.values();
  }
};

TEST_P(CudaNorm, Forward) {
  const auto x = Matrix(), gain = Row(), shift = Row();
  for (int which = 0; which < 3; ++which) {
    ExpectClose(
        [&](Backend& backend) {
          const Buffer<float> bx(backend, x), bg(backend, gain), bs(backend, shift), y(backend, size()),
              mean(backend, batch()), inverse(backend, batch());
          backend.layer_norm_forward(bx.data(), bg.data(), bs.data(), 1e-3f, y.data(), mean.data(),
                                     inverse.data(), batch(), width());
          return which == 0 ? y.values() : which == 1 ? mean.values() : inverse.values();
        },
        kTolerance, 0.5,
        which == 0   ? "y"
        : which == 1 ? "mean"
                     : "inverse");
  }
}

// A mean that is large beside the deviation: a sum of squares less the square of the mean would be lost.
TEST_P(CudaNorm, ForwardFarFromZero) {
  std::vector<float> x = Matrix();
  for (float& value : x) value += 3000;
  const auto gain = Row(), shift = Row();
  ExpectClose(
      [&](Backend& backend) {
        const Buffer<float> bx(backend, x), bg(backend, gain), bs(backend, shift), y(backend, size()),
            mean(backend, batch()), inverse(backend, batch());
        backend.layer_norm_forward(bx.data(), bg.data(), bs.data(), 1e-3f, y.data(), mean.data(),
                                   inverse.data(), batch(), width());
        return y.values();
      },
      1e-3);
}

TEST_P(CudaNorm, BackwardInput) {
  const auto x = Matrix(), dy = Matrix(), old = Matrix(), gain = Row();
  std::vector<float> mean, inverse;
  Statistics(x, mean, inverse);
  for (const Write write : {Write::kOverwrite, Write::kAccumulate}) {
    ExpectClose(
        [&](Backend& backend) {
          const Buffer<float> bx(backend, x), bg(backend, gain), bm(backend, mean), bi(backend, inverse),
              bdy(backend, dy), dx(backend, old);
          backend.layer_norm_backward_input(bx.data(), bg.data(), bm.data(), bi.data(), bdy.data(), dx.data(),
                                            batch(), width(), write);
          // Few elements all but cancel: the largest of what is summed sets the scale.
          std::vector<float> values = dx.values();
          values.push_back(*std::max_element(inverse.begin(), inverse.end()));
          return values;
        },
        kTolerance, width() > 1 ? 0.5 : 0);
  }
}

TEST_P(CudaNorm, BackwardParameters) {
  const auto x = Matrix(), dy = Matrix();
  std::vector<float> mean, inverse;
  Statistics(x, mean, inverse);
  for (const bool of_gain : {true, false}) {
    ExpectClose(
        [&](Backend& backend) {
          const Buffer<float> bx(backend, x), bm(backend, mean), bi(backend, inverse), bdy(backend, dy),
              dgain(backend, width()), dshift(backend, width());
          backend.layer_norm_backward_parameters(bx.data(), bm.data(), bi.data(), bdy.data(), dgain.data(),
                                                 dshift.data(), batch(), width());
          return of_gain ? dgain.values() : dshift.values();
        },
        kTolerance, of_gain && width() == 1 ? 0 : 0.5);
  }
}

TEST_P(CudaNorm, Tangent) {
  const auto x = Matrix(), dx = Matrix(), gain = Row(), dgain = Row(), dshift = Row();
  std::vector<float> mean, inverse;
  Statistics(x, mean, inverse);
  for (int given = 0; given < 8; ++given) {
    ExpectClose(
        [&](Backend& backend) {
          const Buffer<float> bx(backend, x), bg(backend, gain), bm(backend, mean), bi(backend, inverse),
              bdx(backend, dx), bdg(backend, dgain), bds(backend, dshift), out(backend, size());
          backend.layer_norm_tangent(bx.data(), bg.data(), bm.data(), bi.data(),
                                     given & 1 ? bdx.data() : nullptr, given & 2 ? bdg.data() : nullptr,
                                     given & 4 ? bds.data() : nullptr, out.data(), batch(), width());
          std::vector<float> values = out.values();
          values.push_back(*std::max_element(inverse.begin(), inverse.end()));
          return values;
        },
        kTolerance, given == 0 || width() == 1 ? 0 : 0.5);
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, CudaNorm,
                         testing::Combine(testing::Values(1, 2, 33, 257),
                                          testing::Values(1, 2, 31, 32, 33, 130, 257, 1500)));

}  // namespace

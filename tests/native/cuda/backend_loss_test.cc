// Losses, their gradients and sums, and the affinity update.
#include "backend_test.h"
#include "support/data.h"
#include "support/loss_cases.h"

namespace {

using cuda_test::BackendTest;
using cuda_test::Buffer;
using mtl::Backend;
using mtl::Write;

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

class CudaLoss : public BackendTest, public testing::WithParamInterface<support::LossCase> {
 protected:
  static constexpr float kScale = 0.37f;

  mtl::LossSpec Spec() const {
    const reference::Loss& loss = GetParam().loss;
    mtl::LossSpec spec;
    spec.kind = loss.kind;
    spec.width = GetParam().width;
    spec.huber_delta = loss.huber_delta;
    spec.positive_weight = loss.positive_weight;
    spec.label_smoothing = loss.label_smoothing;
    spec.ignore_index = loss.ignore_index;
    return spec;
  }

  std::vector<float> Labels(int32_t batch, double missing) {
    const mtl::LossSpec spec = Spec();
    std::vector<float> labels(static_cast<size_t>(batch));
    for (float& label : labels) {
      label = spec.kind == MTL_SOFTMAX_CROSS_ENTROPY  ? static_cast<float>(random_.Below(spec.width))
              : spec.kind == MTL_BINARY_CROSS_ENTROPY ? static_cast<float>(random_.Uniform(0, 1))
                                                      : static_cast<float>(random_.Uniform(-2, 2));
      if (random_.Uniform(0, 1) < missing) label = support::kMissing;
    }
    return labels;
  }

  // The loss, and behind it the gradient.
  std::vector<double> Run(Backend& backend, const std::vector<float>& prediction,
                          const std::vector<float>& labels, const std::vector<float>& old, Write write,
                          bool gradient) {
    mtl::LossSpec spec = Spec();
    const Buffer<float> weights(backend, GetParam().loss.class_weights);
    if (!GetParam().loss.class_weights.empty()) spec.class_weights = weights.data();
    const Buffer<float> p(backend, prediction), l(backend, labels), g(backend, old);
    const Buffer<double> out(backend, 1);
    mtl::LossGradient wanted;
    if (gradient) wanted = {g.data(), kScale, write};
    backend.loss(spec, p.data(), l.data(), static_cast<int32_t>(labels.size()), out.data(), wanted);
    std::vector<double> values = gradient ? std::vector<double>{} : out.values();
    if (gradient) {
      for (float value : g.values()) values.push_back(value);
      EXPECT_EQ(out.values().size(), 1u);
    }
    return values;
  }
};

TEST_P(CudaLoss, ValuesAndGradients) {
  for (int32_t batch : {1, 2, 31, 32, 33, 255, 257, 2000}) {
    for (double missing : {0.0, 0.4, 1.0}) {
      const auto prediction = random_.Floats(static_cast<size_t>(batch) * GetParam().width, -3, 3);
      const auto old = random_.Floats(prediction.size(), -1, 1);
      const auto labels = Labels(batch, missing);
      SCOPED_TRACE(testing::Message() << batch << " rows, " << missing << " missing");
      for (const Write write : {Write::kOverwrite, Write::kAccumulate}) {
        for (const bool gradient : {false, true}) {
          ExpectClose(
              [&](Backend& backend) { return Run(backend, prediction, labels, old, write, gradient); }, 2e-6,
              0, gradient ? "gradient" : "loss");
        }
      }
    }
  }
}

// Predictions so far out that an exponential leaves the range of a float, and one that is not finite.
TEST_P(CudaLoss, ExtremePredictions) {
  const int32_t batch = 40;
  auto prediction = random_.Floats(static_cast<size_t>(batch) * GetParam().width, -300, 300);
  const auto labels = Labels(batch, 0);
  const std::vector<float> old(prediction.size(), 0);
  for (const bool gradient : {false, true}) {
    ExpectClose(
        [&](Backend& backend) { return Run(backend, prediction, labels, old, Write::kOverwrite, gradient); },
        2e-6, 0);
  }
  prediction[prediction.size() / 2] = support::kMissing;
  const double of_cuda = Run(cuda(), prediction, labels, old, Write::kOverwrite, false)[0];
  const double of_cpu = Run(cpu(), prediction, labels, old, Write::kOverwrite, false)[0];
  EXPECT_EQ(std::isnan(of_cuda), std::isnan(of_cpu));
}

INSTANTIATE_TEST_SUITE_P(All, CudaLoss, testing::ValuesIn(support::LossCases()),
                         [](const auto& info) { return info.param.name; });

class CudaLosses : public BackendTest {
 protected:
  std::vector<double> Doubles(size_t count, double low, double high) {
    std::vector<double> values(count);
    for (double& value : values) value = random_.Uniform(low, high);
    return values;
  }
  std::vector<uint8_t> Taken(int32_t tasks) {
    std::vector<uint8_t> take(static_cast<size_t>(tasks));
    for (uint8_t& taken : take) taken = random_.Below(3) != 0;
    take[0] = 1;
    return take;
  }
};

TEST_F(CudaLosses, AreCombined) {
  for (int32_t tasks : {1, 7, 33, 257}) {
    for (int32_t parts : {1, 2, 31, 100}) {
      const auto partial = Doubles(static_cast<size_t>(tasks) * parts, -1, 3);
      auto divisors = Doubles(static_cast<size_t>(tasks), 1, 50);
      const auto take = Taken(tasks);
      const auto run = [&](Backend& backend) {
        const Buffer<double> p(backend, partial), losses(backend, tasks);
        auto given = divisors;
        auto taken = take;
        backend.combine_losses(p.data(), parts, tasks, taken.data(), given.data(), losses.data());
        std::fill(given.begin(), given.end(), -1.0);
        std::fill(taken.begin(), taken.end(), uint8_t{1});
        return losses.values();
      };
      EXPECT_TRUE(support::CloseOrUndefined(run(cuda()), run(cpu()), 1e-12));
    }
  }
}

TEST_F(CudaLosses, AreAdded) {
  for (int32_t tasks : {1, 7, 33, 257}) {
    const auto losses = Doubles(static_cast<size_t>(tasks), -1, 3),
               old = Doubles(static_cast<size_t>(tasks), -1, 3);
    const auto take = Taken(tasks);
    ExpectSame([&](Backend& backend) {
      const Buffer<double> l(backend, losses), sums(backend, old);
      backend.add_losses(l.data(), take.data(), tasks, sums.data());
      return sums.values();
    });
  }
}

TEST_F(CudaLosses, UpdateTheAffinity) {
  for (int32_t tasks : {1, 2, 7, 33, 130}) {
    for (const double limit : {0.0, 0.05}) {
      const auto n = static_cast<size_t>(tasks);
      auto loss = Doubles(n, 0.1, 2), previous = Doubles(n, 0.1, 2);
      const auto affinity = Doubles(n * n, -1, 1);
      std::vector<int64_t> seen(n * n);
      for (size_t i = 0; i < seen.size(); ++i) seen[i] = random_.Below(100);
      for (size_t t = 0; t < n; ++t) {
        if (random_.Below(6) == 0) loss[t] = kUndefined;
        if (random_.Below(6) == 0) previous[t] = random_.Below(2) ? kUndefined : 0;
        if (random_.Below(9) == 0) loss[t] = std::numeric_limits<double>::infinity();
      }
      loss[0] = 0.5;
      previous[0] = 0.75;
      const auto member = Taken(tasks);
      mtl::AffinityUpdate update;
      update.tasks = tasks;
      update.member = member.data();
      for (uint8_t m : member) update.members += m;
      update.decay = 0.3;
      update.limit = limit;
      const auto run = [&](Backend& backend, bool counts) {
        const Buffer<double> l(backend, loss), p(backend, previous), a(backend, affinity);
        const Buffer<int64_t> o(backend, seen);
        mtl::AffinityUpdate there = update;
        there.loss = l.data();
        there.previous = p.data();
        there.affinity = a.data();
        there.observations = o.data();
        backend.update_affinity(there);
        if (!counts) return a.values();
        const std::vector<int64_t> observed = o.values();
        return std::vector<double>(observed.begin(), observed.end());
      };
      EXPECT_TRUE(support::Close(run(cuda(), false), run(cpu(), false), 1e-14)) << tasks;
      EXPECT_EQ(run(cuda(), true), run(cpu(), true)) << tasks;
    }
  }
}

}  // namespace

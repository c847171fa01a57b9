// Initial parameters, clipping and steps.
#include "backend_test.h"

namespace {

using cuda_test::BackendTest;
using cuda_test::Buffer;
using mtl::Backend;
using mtl::Initial;

class CudaOptimizer : public BackendTest {};

TEST_F(CudaOptimizer, InitialValues) {
  for (const Initial initial : {Initial::kZeros, Initial::kOnes, Initial::kUniform, Initial::kNormal}) {
    for (int64_t count : cuda_test::kFewerCounts) {
      for (const auto& [seed, stream] : {std::pair{uint64_t{1}, 0u}, {uint64_t{0x123456789abcdef0}, 77u}}) {
        ExpectClose(
            [&, seed = seed, stream = stream](Backend& backend) {
              const Buffer<float> values(backend, count);
              backend.initialize(values.data(), count, initial, 0.3f, seed, stream);
              return values.values();
            },
            1e-6, initial == Initial::kZeros ? 0 : 0.5);
      }
    }
  }
}

TEST_F(CudaOptimizer, Scale) {
  for (int64_t count : cuda_test::kCounts) {
    const std::vector<float> input = random_.Floats(static_cast<size_t>(count), -2, 2);
    ExpectSame([&](Backend& backend) {
      const Buffer<float> values(backend, input);
      backend.scale(values.data(), count, 0.1);
      return values.values();
    });
  }
}

TEST_F(CudaOptimizer, ClipScale) {
  const std::vector<float> gradients = random_.Floats(200000, -1, 1);
  const std::vector<std::vector<std::pair<int64_t, int64_t>>> cases = {
      {{0, 1}}, {{0, 33}, {64, 1}, {128, 257}}, {{16, 100003}}, {{0, 1000}, {1008, 0}, {100000, 100000}}};
  for (const auto& slices : cases) {
    std::vector<int64_t> offsets, counts;
    for (const auto& [offset, count] : slices) {
      offsets.push_back(offset);
      counts.push_back(count);
    }
    for (float norm : {0.01f, 0.7f, 1e6f}) {
      ExpectClose(
          [&](Backend& backend) {
            const Buffer<float> values(backend, gradients), scale(backend, 1);
            backend.clip_scale(values.data(), offsets.data(), counts.data(),
                               static_cast<int32_t>(slices.size()), norm, scale.data());
            return scale.values();
          },
          1e-6);
    }
  }
}

struct StepCase {
  const char* name;
  mtl::OptimizerStep step;

  friend void PrintTo(const StepCase& step, std::ostream* out) { *out << step.name; }
};

class CudaStep : public BackendTest, public testing::WithParamInterface<StepCase> {};

TEST_P(CudaStep, AgreesWithTheProcessor) {
  for (int64_t count : cuda_test::kFewerCounts) {
    const auto n = static_cast<size_t>(count);
    const std::vector<float> parameters = random_.Floats(n, -1, 1), gradients = random_.Floats(n, -1, 1),
                             first = random_.Floats(n, -0.1, 0.1), second = random_.Floats(n, 0.001, 0.2);
    for (const bool scaled : {false, true}) {
      for (int which = 0; which < 3; ++which) {
        ExpectClose(
            [&](Backend& backend) {
              const Buffer<float> p(backend, parameters), g(backend, gradients), m(backend, first),
                  v(backend, second), scale(backend, std::vector<float>{0.25f});
              backend.optimizer_step(GetParam().step, p.data(), g.data(), m.data(), v.data(), count,
                                     scaled ? scale.data() : nullptr);
              return which == 0 ? p.values() : which == 1 ? m.values() : v.values();
            },
            2e-6, 0.5,
            which == 0   ? "parameters"
            : which == 1 ? "first moment"
                         : "second moment");
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, CudaStep,
    testing::Values(StepCase{"Sgd", {.kind = MTL_SGD, .learning_rate = 0.1f}},
                    StepCase{"SgdDecay", {.kind = MTL_SGD, .learning_rate = 0.1f, .weight_decay = 0.02f}},
                    StepCase{"SgdMomentum", {.kind = MTL_SGD, .learning_rate = 0.1f, .momentum = 0.9f}},
                    StepCase{"SgdFirstStep",
                             {.kind = MTL_SGD, .learning_rate = 0.1f, .momentum = 0.9f, .first_step = true}},
                    StepCase{"SgdNesterov",
                             {.kind = MTL_SGD,
                              .learning_rate = 0.1f,
                              .momentum = 0.8f,
                              .nesterov = true,
                              .weight_decay = 0.01f}},
                    StepCase{"Adam",
                             {.kind = MTL_ADAM,
                              .learning_rate = 0.01f,
                              .beta1 = 0.9f,
                              .beta2 = 0.99f,
                              .epsilon = 1e-8f,
                              .weight_decay = 0.03f,
                              .correction1 = 0.271,
                              .correction2 = 0.0297}},
                    StepCase{"AdamW",
                             {.kind = MTL_ADAMW,
                              .learning_rate = 0.01f,
                              .beta1 = 0.8f,
                              .beta2 = 0.999f,
                              .epsilon = 1e-3f,
                              .weight_decay = 0.3f,
                              .correction1 = 0.2,
                              .correction2 = 0.001}}),
    [](const auto& info) { return info.param.name; });

}  // namespace

// Steps of the CUDA backend: calls that are put off and done as one.
#include <stdexcept>
#include <thread>

#include "backend/error.h"
#include "backend_test.h"

namespace {

using cuda_test::BackendTest;
using cuda_test::Buffer;

class CudaSteps : public BackendTest {
 protected:
  // A kernel with another argument each time, a copy, a clear and a product.
  void Work(mtl::Backend& backend, const Buffer<float>& values, const Buffer<float>& other, float factor) {
    backend.scale(values.data(), 16, factor);
    backend.copy(other.data(), values.data(), 16 * 4);
    backend.zero(values.data() + 3, 4);
    backend.matrix_product(values.data(), other.data(), values.data() + 16, 4, 4, 4);
    backend.add(values.data() + 16, other.data(), values.data(), 16);
  }
};

TEST_F(CudaSteps, DoWhatTheCallsDo) {
  const std::vector<float> numbers = random_.Floats(32, -1, 1);
  const Buffer<float> values(cuda(), numbers), other(cuda(), 16), plain(cuda(), numbers),
      plain_other(cuda(), 16);
  for (int step = 0; step < 5; ++step) {
    const float factor = 0.5f + static_cast<float>(step);
    cuda().in_step([&] { Work(cuda(), values, other, factor); });
    Work(cuda(), plain, plain_other, factor);
    EXPECT_TRUE(support::SameBits(values.values(), plain.values())) << step;
  }
  const mtl::StepCounts counts = cuda().step_counts();
  EXPECT_EQ(counts.direct, 1);
  EXPECT_EQ(counts.built, 1);
  EXPECT_EQ(counts.launched, 4);
  EXPECT_EQ(counts.kept, 1);
  EXPECT_EQ(counts.refused, 0);
}

TEST_F(CudaSteps, GiveValuesToTheHostInBetween) {
  for (int round = 0; round < 4; ++round) {
    const Buffer<float> values(cuda(), std::vector<float>{1, 2, 3});
    std::vector<float> between(3), given{9};
    cuda().in_step([&] {
      for (int i = 0; i < 3; ++i) cuda().scale(values.data(), 3, 2.0);
      cuda().download(between.data(), values.data(), 12);
      for (int i = 0; i < 3; ++i) cuda().scale(values.data(), 2, 0.5);
      cuda().upload(values.data() + 2, given.data(), 4);
      cuda().add(values.data(), values.data(), values.data(), 3);
    });
    EXPECT_EQ(between, (std::vector<float>{8, 16, 24}));
    EXPECT_EQ(values.values(), (std::vector<float>{2, 4, 18}));
  }
}

TEST_F(CudaSteps, AnExceptionLeavesTheBackendUsable) {
  const Buffer<float> values(cuda(), std::vector<float>{1, 2, 3});
  for (int round = 1; round <= 3; ++round) {
    EXPECT_THROW(cuda().in_step([&] {
      for (int i = 0; i < 3; ++i) cuda().scale(values.data(), 3, 2.0);
      throw std::runtime_error("on the way");
    }),
                 std::runtime_error);
    cuda().in_step([&] {
      for (int i = 0; i < 3; ++i) cuda().scale(values.data(), 3, 0.5);
    });
    EXPECT_EQ(values.values(), (std::vector<float>{1, 2, 3})) << "what came before the exception is done";
  }
}

TEST_F(CudaSteps, AFailureOfTheDeviceEndsTheStep) {
  if (!cuda_test::IsEmulated()) GTEST_SKIP() << "a device that fails";
  constexpr int kNotSupported = 801;  // an error that does not last
  const Buffer<float> values(cuda(), std::vector<float>{1, 2, 3});
  for (int round = 0; round < 3; ++round) {
    EXPECT_THROW(cuda().in_step([&] {
      for (int i = 0; i < 3; ++i) cuda().scale(values.data(), 3, 2.0);
      const cuda_test::BrokenDevice broken(kNotSupported);
      std::vector<float> host(3);
      cuda().download(host.data(), values.data(), 12);
    }),
                 mtl::Error);
    EXPECT_EQ(values.values(), (std::vector<float>{1, 2, 3}));
    cuda().in_step([&] {
      for (int i = 0; i < 3; ++i) cuda().scale(values.data(), 3, 1.0);
    });
  }
}

TEST_F(CudaSteps, OtherThreadsDoNotTakePart) {
  const Buffer<float> values(cuda(), std::vector<float>{1, 2, 3}),
      others(cuda(), std::vector<float>{4, 5, 6});
  std::vector<float> seen;
  cuda().in_step([&] {
    for (int i = 0; i < 3; ++i) cuda().scale(values.data(), 3, 2.0);
    std::thread other([&] {
      cuda().scale(others.data(), 3, 10.0);
      seen = others.values();
    });
    other.join();
    EXPECT_EQ(seen, (std::vector<float>{40, 50, 60}));
  });
  EXPECT_EQ(values.values(), (std::vector<float>{8, 16, 24}));
}

// More than a step has room for, in arrays as large as can be and in several arrays of one call.
TEST_F(CudaSteps, StageMoreThanThereIsRoomFor) {
  constexpr int32_t kRows = 300000, kSlices = 15000;
  std::vector<float> table(100);
  for (size_t i = 0; i < table.size(); ++i) table[i] = static_cast<float>(i);
  std::vector<int32_t> rows(kRows);
  for (int32_t i = 0; i < kRows; ++i) rows[static_cast<size_t>(i)] = (i * 7) % 100;
  const std::vector<float> gradients = random_.Floats(kSlices, -1, 1);
  std::vector<int64_t> offsets(kSlices), counts(kSlices, 1);
  for (int32_t i = 0; i < kSlices; ++i) offsets[static_cast<size_t>(i)] = (i * 11) % kSlices;
  const auto work = [&](mtl::Backend& backend) {
    const Buffer<float> from(backend, table), to(backend, kRows), numbers(backend, gradients),
        scales(backend, 6);
    for (int round = 0; round < 2; ++round) {
      backend.in_step([&] {
        backend.gather_rows(from.data(), 1, rows.data(), kRows, to.data());
        for (int i = 0; i < 6; ++i) {
          backend.clip_scale(numbers.data(), offsets.data(), counts.data(), kSlices - 100 * i, 1.0f,
                             scales.data() + i);
        }
      });
    }
    std::vector<float> got = to.values();
    for (const float scale : scales.values()) got.push_back(scale);
    return got;
  };
  ExpectClose(work, 1e-6);
}

TEST_F(CudaSteps, AreDoneCallByCallWhereTheDeviceRefusesGraphs) {
  if (!cuda_test::IsEmulated()) GTEST_SKIP() << "a device that refuses";
  const Buffer<float> values(cuda(), std::vector<float>{1, 2, 3});
  const auto step = [&] {
    cuda().in_step([&] {
      for (int i = 0; i < 3; ++i) cuda().scale(values.data(), 3, 2.0);
    });
  };
  {
    const cuda_test::RefusedGraphs refused;
    for (int i = 0; i < 4; ++i) step();
  }
  EXPECT_EQ(values.values(), (std::vector<float>{4096, 8192, 12288}));
  step();
  const mtl::StepCounts counts = cuda().step_counts();
  EXPECT_EQ(counts.refused, 1) << "a structure that was refused is not tried again";
  EXPECT_EQ(counts.direct, 5);
  EXPECT_EQ(counts.launched, 0);
}

TEST_F(CudaSteps, KeepABoundedNumberOfGraphs) {
  const Buffer<float> values(cuda(), std::vector<float>(200, 1.0f));
  for (int64_t count = 1; count <= 150; ++count) {
    for (int time = 0; time < 2; ++time) {
      cuda().in_step([&] {
        for (int i = 0; i < 2; ++i) cuda().copy(values.data() + 100, values.data(), 4 * (count % 100 + 1));
        cuda().scale(values.data(), count, 1.0);
        cuda().zero(values.data() + 199, 4);
      });
    }
  }
  mtl::StepCounts counts = cuda().step_counts();
  EXPECT_EQ(counts.built, 150);
  EXPECT_EQ(counts.kept, 64);
  // The latest are still there.
  for (int64_t count = 100; count <= 150; ++count) {
    cuda().in_step([&] {
      for (int i = 0; i < 2; ++i) cuda().copy(values.data() + 100, values.data(), 4 * (count % 100 + 1));
      cuda().scale(values.data(), count, 1.0);
      cuda().zero(values.data() + 199, 4);
    });
  }
  counts = cuda().step_counts();
  EXPECT_EQ(counts.built, 150);
  EXPECT_EQ(counts.direct, 150);
}

TEST(CudaStepSetting, IsOnOrOff) {
  const cuda_test::GraphSetting setting("perhaps");
  try {
    cuda_test::MakeBackend();
    FAIL() << "a setting that is neither was taken";
  } catch (const mtl::Error& error) {
    EXPECT_EQ(error.status(), MTL_INVALID_ARGUMENT);
    EXPECT_STREQ(error.what(),
                 "the environment variable MTLHYBRID_CUDA_GRAPHS must be on or off, but is perhaps");
  }
}

}  // namespace

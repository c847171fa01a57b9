// What the plug-in tells about itself and its devices, and how it fails.
#include "plugin.h"

#include <gtest/gtest.h>

#include <cstring>

#include "backend/error.h"
#include "backend_test.h"

namespace {

using cuda_test::Buffer;
using cuda_test::MakeBackend;
using cuda_test::Plugin;
using mtl::Error;

constexpr int32_t kSize = 512;
constexpr int kIllegalAddress = 700;  // cudaErrorIllegalAddress

// The error of a call that must throw one.
template <typename Call>
Error ErrorOf(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return {MTL_OK, ""};
}

void ExpectNames(const std::string& text, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    EXPECT_NE(text.find(word), std::string::npos) << "\"" << text << "\" does not name \"" << word << "\"";
  }
}

class PluginTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!cuda_test::IsEmulated()) GTEST_SKIP() << "only an emulated device can be made to fail";
  }
};

TEST(Plugin, DescribesItsDevice) {
  char why[kSize] = "";
  ASSERT_GE(Plugin().device_count(why, kSize), 1) << why;
  mtl::CudaDeviceInfo info{};
  ASSERT_TRUE(Plugin().describe(0, &info, why, kSize)) << why;
  EXPECT_GT(std::strlen(info.name), 0u);
  EXPECT_GT(info.memory_bytes, 0);
  EXPECT_GT(info.free_bytes, 0);
  EXPECT_LE(info.free_bytes, info.memory_bytes);
  EXPECT_GE(info.compute_major, 8);
  EXPECT_GE(info.driver_version, 11080);
  EXPECT_GT(std::strlen(info.detail), 0u);
  EXPECT_GT(std::strlen(Plugin().build_info), 0u);
}

TEST(Plugin, PassesItsSelfTest) {
  char why[kSize] = "";
  EXPECT_TRUE(Plugin().self_test(0, why, kSize)) << why;
}

TEST(Plugin, RefusesAnotherVersion) {
  const auto open = reinterpret_cast<mtl::CudaPluginOpen>(cuda_test::PluginSymbol(mtl::kCudaPluginEntry));
  const auto version =
      reinterpret_cast<mtl::CudaPluginVersion>(cuda_test::PluginSymbol(mtl::kCudaPluginVersionEntry));
  EXPECT_EQ(version(), mtl::kCudaPluginVersion);
  EXPECT_EQ(open(mtl::kCudaPluginVersion + 1, nullptr), nullptr);
}

TEST(Plugin, ADeviceThatIsNotThere) {
  char why[kSize] = "";
  const int32_t devices = Plugin().device_count(why, kSize);
  mtl::CudaDeviceInfo info{};
  EXPECT_FALSE(Plugin().describe(devices, &info, why, kSize));
  EXPECT_GT(std::strlen(why), 0u);
  why[0] = 0;
  EXPECT_FALSE(Plugin().self_test(devices, why, kSize));
  EXPECT_GT(std::strlen(why), 0u);
  EXPECT_EQ(ErrorOf([&] { Plugin().create(devices, 0); }).status(), MTL_DEVICE_ERROR);
}

TEST_F(PluginTest, TextsFitTheirPlace) {
  const cuda_test::Devices none(-1);
  char why[8];
  std::memset(why, 'x', sizeof(why));
  EXPECT_EQ(Plugin().device_count(why, 5), -1);
  EXPECT_EQ(std::strlen(why), 4u);
  EXPECT_EQ(why[5], 'x');
}

TEST_F(PluginTest, SaysThatThereIsNoDriver) {
  const cuda_test::Devices none(-1);
  char why[kSize] = "";
  EXPECT_EQ(Plugin().device_count(why, kSize), -1);
  ExpectNames(why, {"driver"});
}

TEST_F(PluginTest, SaysThatTheDriverShowsNoDevice) {
  const cuda_test::Devices none(0);
  char why[kSize] = "";
  EXPECT_EQ(Plugin().device_count(why, kSize), 0);
  ExpectNames(why, {"no device"});
}

TEST_F(PluginTest, OutOfMemoryNamesTheSizesAndTheDeviceGoesOn) {
  const auto backend = MakeBackend();
  {
    const cuda_test::FailingAllocation failing(98765);
    const Error error = ErrorOf([&] { backend->allocate(1234567, "the parameters"); });
    EXPECT_EQ(error.status(), MTL_OUT_OF_MEMORY);
    ExpectNames(error.what(), {"the parameters", "1234567", "98765"});
  }
  const Buffer<float> buffer(*backend, std::vector<float>{1, 2, 3});
  EXPECT_EQ(buffer.values(), (std::vector<float>{1, 2, 3}));
}

TEST_F(PluginTest, ABackendThatFindsNoMemoryLeavesNothingBehind) {
  // Each of the allocations of a new backend fails once; what is left would fail the process.
  for (int made = 0; made < 3; ++made) {
    const cuda_test::FailingAllocation failing(100);
    const Error error = ErrorOf([] { Plugin().create(0, 0); });
    EXPECT_EQ(error.status(), MTL_OUT_OF_MEMORY);
  }
}

TEST_F(PluginTest, ALostDeviceIsLostForEveryCall) {
  const auto backend = MakeBackend();
  float* memory = static_cast<float*>(backend->allocate(400, "some memory"));
  float host[100] = {};
  {
    const cuda_test::BrokenDevice broken(kIllegalAddress);
    for (int round = 0; round < 2; ++round) {
      EXPECT_EQ(ErrorOf([&] { backend->upload(memory, host, 400); }).status(), MTL_DEVICE_LOST);
      EXPECT_EQ(ErrorOf([&] { backend->download(host, memory, 400); }).status(), MTL_DEVICE_LOST);
      EXPECT_EQ(ErrorOf([&] { backend->scale(memory, 100, 2); }).status(), MTL_DEVICE_LOST);
      EXPECT_EQ(ErrorOf([&] { backend->allocate(4, "more"); }).status(), MTL_DEVICE_LOST);
      EXPECT_EQ(ErrorOf([&] { backend->matrix_product(memory, memory, memory + 32, 4, 4, 4); }).status(),
                MTL_DEVICE_LOST);
      ExpectNames(ErrorOf([&] { backend->zero(memory, 4); }).what(), {"cudaErrorIllegalAddress"});
    }
    backend->release(memory);
  }
}

}  // namespace

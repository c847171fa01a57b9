// Opening the CUDA plug-in: what is said of files that are none, and what becomes of the failures of one.
#include "api/cuda_plugin.h"

#include <mtl/mtl.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "backend/error.h"
#include "support/status.h"

namespace {

using mtl::CudaPluginFile;
using mtl::open_cuda_plugin;

const std::string kPlugins = MTL_TEST_PLUGINS;

std::string Plugin(const char* name) {
  return kPlugins + "/lib" + name + ".so";
}

void ExpectRefused(const CudaPluginFile& file, mtl_cuda_state state, const std::vector<std::string>& words) {
  EXPECT_EQ(file.plugin, nullptr);
  EXPECT_EQ(file.state, state);
  for (const std::string& word : words) {
    EXPECT_NE(file.reason.find(word), std::string::npos) << "\"" << file.reason << "\" does not say " << word;
  }
  const mtl::CudaDevices devices = mtl::cuda_devices(file);
  EXPECT_EQ(devices.count, 0);
  EXPECT_EQ(devices.state, state);
  EXPECT_EQ(devices.reason, file.reason);
}

TEST(CudaPlugin, ThatIsNotThereIsSaidToBeMissing) {
  const std::string path = Plugin("no_such_plugin");
  ExpectRefused(open_cuda_plugin(path), MTL_CUDA_NO_PLUGIN, {path, "not there"});
}

TEST(CudaPlugin, ThatIsNoLibraryIsRefusedInTheLoadersWords) {
  const std::string path = testing::TempDir() + "mtl-no-library.so";
  std::ofstream(path) << "this is text";
  ExpectRefused(open_cuda_plugin(path), MTL_CUDA_NOT_LOADED, {path, "does not load", "file too short"});
  std::ofstream(path) << std::string(5000, 'x');
  ExpectRefused(open_cuda_plugin(path), MTL_CUDA_NOT_LOADED, {path, "does not load", "invalid ELF header"});
  std::filesystem::remove(path);
  ExpectRefused(open_cuda_plugin(testing::TempDir()), MTL_CUDA_NOT_LOADED, {"does not load"});
}

TEST(CudaPlugin, ThatNeedsAnAbsentLibraryIsRefusedNamingIt) {
  ExpectRefused(open_cuda_plugin(Plugin("incomplete_plugin")), MTL_CUDA_NOT_LOADED,
                {"libmissing_library.so"});
}

TEST(CudaPlugin, OfAnotherVersionIsRefusedNamingBoth) {
  ExpectRefused(open_cuda_plugin(Plugin("other_version_plugin")), MTL_CUDA_OTHER_VERSION,
                {"has version " + std::to_string(mtl::kCudaPluginVersion + 1),
                 "needs version " + std::to_string(mtl::kCudaPluginVersion)});
}

TEST(CudaPlugin, ThatIsAnotherLibraryIsRefused) {
  ExpectRefused(open_cuda_plugin(kPlugins + "/elsewhere/libmissing_library.so"), MTL_CUDA_NOT_LOADED,
                {"is no CUDA plug-in", mtl::kCudaPluginEntry});
}

TEST(CudaPlugin, WithoutADriverGivesItsReason) {
  const CudaPluginFile file = open_cuda_plugin(Plugin("no_driver_plugin"));
  ASSERT_NE(file.plugin, nullptr) << file.reason;
  const mtl::CudaDevices devices = mtl::cuda_devices(file);
  EXPECT_EQ(devices.count, 0);
  EXPECT_EQ(devices.state, MTL_CUDA_NO_DRIVER);
  EXPECT_NE(devices.reason.find("libcuda.so.1"), std::string::npos) << devices.reason;
}

TEST(CudaPlugin, ThatIsGoodShowsItsDevices) {
  const CudaPluginFile file = open_cuda_plugin(Plugin("failing_plugin"));
  ASSERT_NE(file.plugin, nullptr) << file.reason;
  EXPECT_EQ(file.reason, "");
  const mtl::CudaDevices devices = mtl::cuda_devices(file);
  EXPECT_EQ(devices.count, 3);
  EXPECT_EQ(devices.state, MTL_CUDA_USABLE);
  EXPECT_EQ(devices.reason, "");
}

// The plug-in and this program have a C++ run-time each.
TEST(CudaPlugin, FailsWithExceptionsOfTheCoreThatUnwindItsFrames) {
  const CudaPluginFile file = open_cuda_plugin(Plugin("failing_plugin"));
  ASSERT_NE(file.plugin, nullptr) << file.reason;
  const auto scopes_left = [&] {
    mtl::CudaDeviceInfo info;
    char why[64];
    EXPECT_TRUE(file.plugin->describe(0, &info, why, sizeof(why)));
    return info.free_bytes;
  };
  const int64_t before = scopes_left();
  try {
    file.plugin->create(0, MTL_PRECISION_BFLOAT16);
    FAIL() << "it was made";
  } catch (const mtl::Error& error) {
    EXPECT_EQ(error.status(), MTL_OUT_OF_MEMORY);
    EXPECT_EQ(std::string(error.what()), "device 0 with precision 2: 1000 bytes asked, 10 free");
  }
  EXPECT_EQ(scopes_left(), before + 1);
}

// The tests below run once more for each of the plug-ins above, in processes of their own, which say what
// they expect: MTL_TEST_CUDA_STATE. Without it: whatever this machine has.
class CudaInterface : public testing::Test {
 protected:
  CudaInterface() {
    mtl_cuda_info_init(&cuda_);
    EXPECT_EQ(cuda_.struct_size, sizeof(cuda_));
    EXPECT_OK(mtl_cuda_describe(&cuda_));
  }

  mtl_cuda_info cuda_;
};

TEST_F(CudaInterface, SaysWhetherCudaCanBeUsedAndIfNotWhy) {
  const char* expected = std::getenv("MTL_TEST_CUDA_STATE");
  if (expected != nullptr) {
    EXPECT_EQ(cuda_.state, std::atoi(expected)) << cuda_.reason;
  }
  EXPECT_NE(std::string(cuda_.path), "");
  EXPECT_EQ(cuda_.state == MTL_CUDA_USABLE, cuda_.devices > 0);
  EXPECT_EQ(cuda_.state == MTL_CUDA_USABLE, std::string(cuda_.reason).empty()) << cuda_.reason;
  const bool open = cuda_.state == MTL_CUDA_USABLE || cuda_.state == MTL_CUDA_NO_DRIVER ||
                    cuda_.state == MTL_CUDA_NO_DEVICE;
  EXPECT_EQ(open, cuda_.build[0] != 0);
  EXPECT_NE(std::string(mtl_build_info()).find(open ? cuda_.build : "CUDA plug-in: none"), std::string::npos)
      << mtl_build_info();
  const char* named = std::getenv("MTLHYBRID_CUDA_PATH");
  if (named != nullptr) {
    EXPECT_EQ(std::string(cuda_.path), named);
    if (!open) {
      EXPECT_NE(std::string(cuda_.reason).find("MTLHYBRID_CUDA_PATH"), std::string::npos) << cuda_.reason;
    }
  } else {
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe");
    EXPECT_EQ(std::filesystem::path(cuda_.path).parent_path(), program.parent_path());
  }
}

TEST_F(CudaInterface, CountsTheDevicesOfTheDriverBehindTheProcessor) {
  int32_t count = 0;
  ASSERT_OK(mtl_device_count(&count));
  EXPECT_EQ(count, 1 + cuda_.devices);
}

TEST_F(CudaInterface, RefusesADeviceThatCannotBeHadWithTheReason) {
  mtl_context_options options;
  mtl_context_options_init(&options);
  options.device_kind = MTL_DEVICE_CUDA;
  options.device_index = 4711;
  mtl_context* context = nullptr;
  const std::string word = cuda_.devices > 0 ? "4711" : std::string(cuda_.reason).substr(0, 300);
  EXPECT_TRUE(support::FailedWith(MTL_DEVICE_ERROR, mtl_context_create(&options, &context), {word}));
  EXPECT_EQ(context, nullptr);
}

TEST_F(CudaInterface, TestsTheProcessorAndRefusesDevicesThatAreNotThere) {
  EXPECT_OK(mtl_device_self_test(0));
  for (const int32_t device : {-1, 1 + cuda_.devices, 0x7fffffff}) {
    EXPECT_TRUE(support::FailedWith(MTL_INVALID_ARGUMENT, mtl_device_self_test(device),
                                    {"mtl_device_self_test", "device"}));
  }
}

// Only where the failing plug-in is named.
TEST_F(CudaInterface, PassesOnWhatTheFailingPluginSays) {
  const char* named = std::getenv("MTLHYBRID_CUDA_PATH");
  if (named == nullptr || std::string(named).find("failing_plugin") == std::string::npos) {
    GTEST_SKIP() << "another plug-in, or none";
  }
  ASSERT_EQ(std::string(cuda_.build), "the failing test plug-in");
  mtl_device_info info;
  mtl_device_info_init(&info);
  ASSERT_OK(mtl_device_describe(2, &info));
  EXPECT_EQ(info.kind, MTL_DEVICE_CUDA);
  EXPECT_EQ(info.index, 1);
  EXPECT_EQ(std::string(info.name), "Test device 1");
  EXPECT_EQ(info.memory_bytes, int64_t{80} << 30);
  EXPECT_EQ(info.compute_major, 9);
  EXPECT_EQ(info.compute_minor, 0);
  EXPECT_EQ(info.driver_version, 12040);
  EXPECT_TRUE(support::FailedWith(MTL_DEVICE_ERROR, mtl_device_describe(3, &info), {"device two is shy"}));

  EXPECT_OK(mtl_device_self_test(1));
  EXPECT_TRUE(support::FailedWith(MTL_DEVICE_ERROR, mtl_device_self_test(2), {"the product is wrong"}));

  mtl_context_options options;
  mtl_context_options_init(&options);
  options.device_kind = MTL_DEVICE_CUDA;
  options.precision = MTL_PRECISION_TENSOR_FLOAT32;
  const mtl_status statuses[] = {MTL_OUT_OF_MEMORY, MTL_DEVICE_ERROR, MTL_DEVICE_LOST};
  for (int32_t device = 0; device < 3; ++device) {
    options.device_index = device;
    mtl_context* context = nullptr;
    EXPECT_TRUE(support::FailedWith(statuses[device], mtl_context_create(&options, &context),
                                    {"device " + std::to_string(device) + " with precision 1"}));
    EXPECT_EQ(context, nullptr);
  }
  options.device_index = 3;
  mtl_context* context = nullptr;
  EXPECT_TRUE(support::FailedWith(MTL_DEVICE_ERROR, mtl_context_create(&options, &context),
                                  {"no CUDA device 3", "0 to 2"}));
}

}  // namespace

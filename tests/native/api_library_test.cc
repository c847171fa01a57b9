// The library as a whole: versions, names, errors, devices, contexts.
#include <mtl/mtl.h>

#include <cstring>
#include <string>
#include <thread>

#include "support/handles.h"
#include "support/header_text.h"

namespace {

using support::FailedWith;

TEST(Library, SaysItsVersionAndHowItWasBuilt) {
  EXPECT_EQ(mtl_abi_version(), static_cast<uint32_t>(MTL_ABI_VERSION));
  const std::string info = mtl_build_info();
  EXPECT_NE(info.find("BLAS"), std::string::npos) << info;
}

TEST(Library, NamesEveryStatus) {
  std::set<std::string> names;
  for (int status = MTL_OK; status <= MTL_INTERNAL; ++status) {
    ASSERT_NE(mtl_status_name(static_cast<mtl_status>(status)), nullptr);
    names.insert(mtl_status_name(static_cast<mtl_status>(status)));
  }
  EXPECT_EQ(names.size(), support::Enumerators("mtl_status").size()) << "two statuses share a name";
  EXPECT_EQ(std::string(mtl_status_name(MTL_INVALID_ARGUMENT)), "invalid argument");
  for (int status : {-1, 9, 1000, 0x7fffffff}) {
    ASSERT_NE(mtl_status_name(static_cast<mtl_status>(status)), nullptr) << status;
  }
}

TEST(LastError, BelongsToTheThread) {
  EXPECT_EQ(mtl_device_count(nullptr), MTL_INVALID_ARGUMENT);
  const std::string here = mtl_last_error();
  EXPECT_NE(here.find("mtl_device_count"), std::string::npos) << here;
  std::string before = "unset";
  std::string after;
  std::thread([&] {
    before = mtl_last_error();
    mtl_graph_create(1, nullptr);
    after = mtl_last_error();
  }).join();
  EXPECT_EQ(before, "");
  EXPECT_NE(after.find("mtl_graph_create"), std::string::npos) << after;
  EXPECT_EQ(mtl_last_error(), here);
}

TEST(LastError, IsSetOnlyByFailures) {
  EXPECT_EQ(mtl_device_count(nullptr), MTL_INVALID_ARGUMENT);
  const std::string text = mtl_last_error();
  int32_t count = 0;
  EXPECT_OK(mtl_device_count(&count));
  EXPECT_EQ(mtl_last_error(), text);
}

TEST(Devices, TheProcessorIsTheFirst) {
  int32_t count = 0;
  ASSERT_OK(mtl_device_count(&count));
  ASSERT_GE(count, 1);
  for (int32_t device = 0; device < count; ++device) {
    mtl_device_info info;
    mtl_device_info_init(&info);
    EXPECT_EQ(info.struct_size, sizeof(info));
    ASSERT_OK(mtl_device_describe(device, &info));
    EXPECT_GT(info.memory_bytes, int64_t{1} << 26);
    EXPECT_NE(std::memchr(info.name, 0, sizeof(info.name)), nullptr);
    EXPECT_NE(std::memchr(info.detail, 0, sizeof(info.detail)), nullptr);
    EXPECT_NE(info.name[0], 0);
    EXPECT_EQ(info.kind == MTL_DEVICE_CPU, device == 0);
    if (device == 0) {
      EXPECT_EQ(info.index, 0);
      EXPECT_GE(info.threads, 1);
    }
  }
  mtl_device_info info;
  mtl_device_info_init(&info);
  for (int32_t device : {-1, count, 0x7fffffff}) {
    EXPECT_TRUE(FailedWith(MTL_INVALID_ARGUMENT, mtl_device_describe(device, &info),
                           {"mtl_device_describe", "device"}));
  }
}

TEST(Contexts, WorkWithTheThreadsAskedFor) {
  if (support::OnCuda()) GTEST_SKIP() << "about the threads of the processor";
  mtl_device_info info;
  mtl_device_info_init(&info);
  ASSERT_OK(mtl_device_describe(0, &info));
  for (int threads : {0, 1, 2, 3}) {
    const support::Context context = support::MakeContext(threads);
    int32_t actual = -1;
    EXPECT_OK(mtl_context_threads(context.get(), &actual));
    EXPECT_EQ(actual, threads == 0 ? info.threads : threads);
  }
}

TEST(Contexts, NeedNoOptions) {
  mtl_context* context = nullptr;
  ASSERT_OK(mtl_context_create(nullptr, &context));
  EXPECT_NE(context, nullptr);
  mtl_context_destroy(context);
}

TEST(Contexts, RefuseDevicesThatAreNotThere) {
  mtl_context_options options;
  mtl_context_options_init(&options);
  options.device_index = 1;  // of the processor
  mtl_context* context = nullptr;
  EXPECT_NE(mtl_context_create(&options, &context), MTL_OK);
  EXPECT_NE(std::string(mtl_last_error()), "");
  EXPECT_EQ(context, nullptr);
}

TEST(Destroy, AcceptsNull) {
  mtl_context_destroy(nullptr);
  mtl_dataset_destroy(nullptr);
  mtl_graph_destroy(nullptr);
  mtl_network_destroy(nullptr);
}

}  // namespace

// A device that fails for good: every later call on its context says so.
#include <functional>

#include "api/handles.h"
#include "cpu/cpu_backend.h"
#include "support/handles.h"

namespace {

using support::FailedWith;

mtl_status Call(mtl::Context& context, const std::function<void()>& body) {
  return mtl::guard("call", [&] { context.use(body); });
}

TEST(LostDevice, AnswersEveryLaterCallWithTheFirstReason) {
  const support::Context handle = support::MakeContext();
  mtl::Context& context = *handle->context;
  EXPECT_TRUE(FailedWith(MTL_DEVICE_LOST,
                         Call(context, [] { mtl::fail(MTL_DEVICE_LOST, "illegal address in step_kernel"); }),
                         {"step_kernel"}));
  bool called = false;
  EXPECT_TRUE(FailedWith(MTL_DEVICE_LOST, Call(context, [&] { called = true; }), {"step_kernel"}));
  EXPECT_FALSE(called);

  int32_t threads = 0;
  EXPECT_TRUE(FailedWith(MTL_DEVICE_LOST, mtl_context_threads(handle.get(), &threads), {"step_kernel"}));
  mtl_dataset_options options;
  mtl_dataset_options_init(&options);
  options.rows = 1;
  mtl_dataset* dataset = nullptr;
  EXPECT_TRUE(
      FailedWith(MTL_DEVICE_LOST, mtl_dataset_create(handle.get(), &options, &dataset), {"step_kernel"}));
  EXPECT_EQ(dataset, nullptr);
}

TEST(LostDevice, IsTheOnlyFailureThatLasts) {
  const support::Context handle = support::MakeContext();
  for (const mtl_status status : {MTL_OUT_OF_MEMORY, MTL_DEVICE_ERROR, MTL_INTERNAL}) {
    EXPECT_EQ(Call(*handle->context, [&] { mtl::fail(status, "once"); }), status);
    EXPECT_OK(Call(*handle->context, [] {}));
  }
}

TEST(LostDevice, LeavesOtherContextsAlone) {
  const support::Context lost = support::MakeContext();
  const support::Context other = support::MakeContext();
  EXPECT_EQ(Call(*lost->context, [] { mtl::fail(MTL_DEVICE_LOST, "gone"); }), MTL_DEVICE_LOST);
  EXPECT_OK(Call(*other->context, [] {}));
}

TEST(Context, GivesABackendBackToWhoMadeIt) {
  static int given_back = 0;
  const auto destroy = [](mtl::Backend* backend) {
    ++given_back;
    delete backend;
  };
  {
    mtl::Context context(mtl::BackendPointer(new mtl::CpuBackend(1), mtl::BackendDeleter{destroy}));
    EXPECT_EQ(given_back, 0);
  }
  EXPECT_EQ(given_back, 1);
}

}  // namespace

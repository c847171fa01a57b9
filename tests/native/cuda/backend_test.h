// The same call on the CUDA backend and on the processor's.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "buffer.h"
#include "cpu/cpu_backend.h"
#include "cuda/precision.h"
#include "plugin.h"
#include "support/compare.h"
#include "support/random.h"

namespace cuda_test {

// Around the sizes of a warp and of a block, and more than one pass of a grid.
inline constexpr int64_t kCounts[] = {1, 2, 31, 32, 33, 255, 256, 257, 5000, 1000003};
// For what takes longer.
inline constexpr int64_t kFewerCounts[] = {1, 2, 31, 32, 33, 255, 256, 257, 5000};

struct DestroyBackend {
  void operator()(mtl::Backend* backend) const { Plugin().destroy(backend); }
};
using BackendPointer = std::unique_ptr<mtl::Backend, DestroyBackend>;

inline BackendPointer MakeBackend(mtl::Precision precision = mtl::Precision::kFloat32) {
  return BackendPointer(Plugin().create(0, static_cast<int32_t>(precision)));
}

class BackendTest : public testing::Test {
 protected:
  mtl::Backend& cuda() { return *cuda_; }
  mtl::Backend& cpu() { return cpu_; }

  // body(backend) gives the values of one output.
  template <typename Body>
  void ExpectSame(const Body& body, const char* what = "") {
    EXPECT_TRUE(support::SameBits(body(cuda()), body(cpu()))) << what;
  }
  template <typename Body>
  void ExpectClose(const Body& body, double tolerance, double least_nonzero = 0.5, const char* what = "") {
    EXPECT_TRUE(support::Close(body(cuda()), body(cpu()), tolerance, least_nonzero)) << what;
  }

  support::Random random_{12};

 private:
  BackendPointer cuda_ = MakeBackend();
  mtl::CpuBackend cpu_{1};
};

}  // namespace cuda_test

// Runs one kernel of a test and waits for it.
#pragma once

#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include <utility>

namespace cuda_test {

template <typename Kernel>
void RunKernel(dim3 grid, dim3 block, Kernel kernel, size_t shared_bytes = 0) {
  EXPECT_EQ(emulation::launch(nullptr, "test_kernel", grid, block, shared_bytes, std::move(kernel)),
            cudaSuccess);
}

}  // namespace cuda_test

// Memory of the CUDA backend.
#include "backend_test.h"

namespace {

using cuda_test::BackendTest;
using cuda_test::Buffer;

class CudaMemory : public BackendTest {};

TEST_F(CudaMemory, IsZeroedAndAligned) {
  for (int64_t bytes : {1, 4, 63, 64, 4097, 1000003}) {
    void* memory = cuda().allocate(bytes, "some memory");
    std::vector<unsigned char> host(static_cast<size_t>(bytes), 1);
    cuda().download(host.data(), memory, bytes);
    EXPECT_EQ(host, std::vector<unsigned char>(static_cast<size_t>(bytes), 0));
    EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % 16, 0u);
    cuda().release(memory);
  }
  cuda().release(nullptr);
}

TEST_F(CudaMemory, CopiesInTheOrderOfTheCalls) {
  const std::vector<float> values = random_.Floats(5000, -1, 1);
  const Buffer<float> source(cuda(), values), target(cuda(), 5000);
  cuda().copy(target.data() + 10, source.data() + 3, 4 * 4000);
  cuda().zero(target.data() + 10, 4 * 5);
  cuda().copy(source.data(), target.data() + 10, 4 * 7);
  const std::vector<float> got = target.values(), back = source.values();
  EXPECT_EQ(std::vector<float>(got.begin() + 15, got.begin() + 4010),
            std::vector<float>(values.begin() + 8, values.begin() + 4003));
  EXPECT_EQ(std::vector<float>(got.begin() + 10, got.begin() + 15), std::vector<float>(5, 0));
  EXPECT_TRUE(std::isnan(got[9]) && std::isnan(got[4010]));
  EXPECT_EQ(std::vector<float>(back.begin(), back.begin() + 7),
            (std::vector<float>{0, 0, 0, 0, 0, values[8], values[9]}));
}

TEST_F(CudaMemory, NothingIsCopiedForNoBytes) {
  const Buffer<float> buffer(cuda(), std::vector<float>{5});
  cuda().upload(buffer.data(), nullptr, 0);
  cuda().download(nullptr, buffer.data(), 0);
  cuda().copy(buffer.data(), nullptr, 0);
  cuda().zero(buffer.data(), 0);
  EXPECT_EQ(buffer.values(), std::vector<float>{5});
}

TEST_F(CudaMemory, IsNotTheHosts) {
  EXPECT_FALSE(cuda().host_memory());
}

TEST_F(CudaMemory, Fill) {
  for (int64_t count : cuda_test::kCounts) {
    const Buffer<double> buffer(cuda(), count);
    cuda().fill(buffer.data(), count, 0.1);
    EXPECT_EQ(buffer.values(), std::vector<double>(static_cast<size_t>(count), 0.1));
  }
}

TEST_F(CudaMemory, PartsRunOnceEach) {
  const int32_t parts = 5;
  const Buffer<double> buffer(cuda(), std::vector<double>(parts, 1));
  cuda().run_parts(
      parts, [&](int32_t part, mtl::Backend& backend) { backend.fill(buffer.data() + part, 1, part * 2.5); });
  EXPECT_EQ(buffer.values(), (std::vector<double>{0, 2.5, 5, 7.5, 10}));
  EXPECT_GE(cuda().parallel_parts(), 1);
  cuda().serial().fill(buffer.data(), parts, 3);
  EXPECT_EQ(buffer.values(), std::vector<double>(parts, 3));
}

}  // namespace

// The emulation of device memory, streams and events, and what it finds.
#include <cmath>
#include <cstring>
#include <thread>

#include "device_array.h"
#include "emulated_kernel.h"

namespace {

using cuda_test::DeviceArray;
using cuda_test::RunKernel;

class Stream {
 public:
  Stream() { EXPECT_EQ(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), cudaSuccess); }
  ~Stream() { EXPECT_EQ(cudaStreamDestroy(stream_), cudaSuccess); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  cudaStream_t get() const { return stream_; }

 private:
  cudaStream_t stream_ = nullptr;
};

// Pinned memory.
class Pinned {
 public:
  explicit Pinned(size_t count) { EXPECT_EQ(cudaMallocHost(&memory_, count * sizeof(float)), cudaSuccess); }
  ~Pinned() { EXPECT_EQ(cudaFreeHost(memory_), cudaSuccess); }
  Pinned(const Pinned&) = delete;
  Pinned& operator=(const Pinned&) = delete;
  float* data() const { return memory_; }

 private:
  float* memory_ = nullptr;
};

TEST(EmulatedMemory, IsPoisonedUntilItIsWritten) {
  for (size_t count : {1u, 3u, 1000u, 5000u}) {
    const DeviceArray<float> array(count);
    for (float value : array.values()) EXPECT_TRUE(std::isnan(value));
  }
}

TEST(EmulatedMemory, CopiesAndFills) {
  DeviceArray<float> left(std::vector<float>{1, 2, 3, 4, 5}), right(5);
  EXPECT_EQ(cudaMemcpy(right.data() + 1, left.data() + 2, 3 * sizeof(float), cudaMemcpyDeviceToDevice),
            cudaSuccess);
  EXPECT_EQ(cudaMemset(right.data(), 0, sizeof(float)), cudaSuccess);
  const std::vector<float> got = right.values();
  EXPECT_EQ(std::vector<float>(got.begin(), got.begin() + 4), (std::vector<float>{0, 3, 4, 5}));
  EXPECT_TRUE(std::isnan(got[4]));
}

TEST(EmulatedMemory, FreeMemoryIsCountedAndRefused) {
  size_t before = 0, now = 0, total = 0;
  EXPECT_EQ(cudaMemGetInfo(&before, &total), cudaSuccess);
  EXPECT_EQ(total, emulation::kDeviceBytes);
  {
    const DeviceArray<char> array(12345);
    EXPECT_EQ(cudaMemGetInfo(&now, &total), cudaSuccess);
    EXPECT_EQ(before - now, 12345u);
    void* memory = &total;
    EXPECT_EQ(cudaMalloc(&memory, now + 1), cudaErrorMemoryAllocation);
    EXPECT_EQ(memory, nullptr);
    EXPECT_EQ(cudaGetLastError(), cudaErrorMemoryAllocation);
    EXPECT_EQ(cudaGetLastError(), cudaSuccess);
  }
  EXPECT_EQ(cudaMemGetInfo(&now, &total), cudaSuccess);
  EXPECT_EQ(before, now);
}

TEST(EmulatedMemory, AnAllocationCanBeMadeToFail) {
  mtl_emulation_fail_next_allocation(777);
  size_t now = 0, total = 0;
  float* memory = nullptr;
  EXPECT_EQ(cudaMalloc(&memory, 4), cudaErrorMemoryAllocation);
  EXPECT_EQ(cudaMemGetInfo(&now, &total), cudaSuccess);
  EXPECT_EQ(now, 777u);
  const DeviceArray<float> array(1);
  EXPECT_EQ(cudaMemGetInfo(&now, &total), cudaSuccess);
  EXPECT_GT(now, 777u);
  cudaGetLastError();
}

TEST(EmulatedDevice, AFailureThatLastsIsAnsweredByEveryCall) {
  float* memory = nullptr;
  ASSERT_EQ(cudaMalloc(&memory, 4), cudaSuccess);
  mtl_emulation_break_device(cudaErrorIllegalAddress);
  void* more = nullptr;
  EXPECT_EQ(cudaMalloc(&more, 4), cudaErrorIllegalAddress);
  EXPECT_EQ(cudaMemset(memory, 0, 4), cudaErrorIllegalAddress);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorIllegalAddress);
  EXPECT_EQ(emulation::launch(nullptr, "k", 1, 1, 0, [] {}), cudaErrorIllegalAddress);
  EXPECT_EQ(cudaGetLastError(), cudaErrorIllegalAddress);
  EXPECT_EQ(cudaGetLastError(), cudaErrorIllegalAddress);
  EXPECT_EQ(cudaFree(memory), cudaErrorIllegalAddress);
  mtl_emulation_break_device(cudaSuccess);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  cudaGetLastError();
}

TEST(EmulatedDevice, TheDriverCanBeTakenAway) {
  int count = -5;
  EXPECT_EQ(cudaGetDeviceCount(&count), cudaSuccess);
  EXPECT_EQ(count, 1);
  mtl_emulation_set_devices(-1);
  EXPECT_EQ(cudaGetDeviceCount(&count), cudaErrorInsufficientDriver);
  EXPECT_EQ(count, 0);
  mtl_emulation_set_devices(0);
  EXPECT_EQ(cudaGetDeviceCount(&count), cudaErrorNoDevice);
  mtl_emulation_set_devices(1);
  cudaGetLastError();
  cudaDeviceProp properties;
  EXPECT_EQ(cudaGetDeviceProperties(&properties, 0), cudaSuccess);
  EXPECT_STREQ(properties.name, emulation::kDeviceName);
}

TEST(EmulatedStream, WorkWaitsUntilTheHostDoes) {
  const Stream stream;
  DeviceArray<float> array(1);
  float* memory = array.data();
  const Pinned in(1), out(1);
  *in.data() = 1;
  *out.data() = -1;
  EXPECT_EQ(cudaMemcpyAsync(memory, in.data(), 4, cudaMemcpyHostToDevice, stream.get()), cudaSuccess);
  EXPECT_EQ(emulation::launch(stream.get(), "k", 1, 1, 0, [=] { *memory += 10; }), cudaSuccess);
  EXPECT_EQ(cudaMemcpyAsync(out.data(), memory, 4, cudaMemcpyDeviceToHost, stream.get()), cudaSuccess);
  EXPECT_EQ(*out.data(), -1) << "read before anybody waited";
  *in.data() = 2;  // too early: this is what the copy takes
  EXPECT_EQ(cudaStreamSynchronize(stream.get()), cudaSuccess);
  EXPECT_EQ(*out.data(), 12);
}

TEST(EmulatedStream, EventsPassInTheirOrder) {
  const Stream stream;
  cudaEvent_t event = nullptr;
  ASSERT_EQ(cudaEventCreateWithFlags(&event, cudaEventDisableTiming), cudaSuccess);
  int done = 0;
  const auto add = [&](int value) {
    EXPECT_EQ(emulation::launch(stream.get(), "k", 1, 1, 0, [&done, value] { done += value; }), cudaSuccess);
  };
  EXPECT_EQ(cudaEventSynchronize(event), cudaSuccess);  // never recorded
  add(1);
  EXPECT_EQ(cudaEventRecord(event, stream.get()), cudaSuccess);
  add(10);
  EXPECT_EQ(done, 0);
  EXPECT_EQ(cudaEventSynchronize(event), cudaSuccess);
  EXPECT_EQ(done, 1);
  EXPECT_EQ(cudaStreamSynchronize(stream.get()), cudaSuccess);
  EXPECT_EQ(done, 11);
  EXPECT_EQ(cudaEventDestroy(event), cudaSuccess);
}

TEST(EmulatedStream, OrdinaryMemoryIsReadAndWrittenBeforeACopyReturns) {
  const Stream stream;
  const DeviceArray<float> array(1);
  float value = 3;
  EXPECT_EQ(cudaMemcpyAsync(array.data(), &value, 4, cudaMemcpyHostToDevice, stream.get()), cudaSuccess);
  value = 4;
  EXPECT_EQ(cudaMemcpyAsync(&value, array.data(), 4, cudaMemcpyDeviceToHost, stream.get()), cudaSuccess);
  EXPECT_EQ(value, 3);
}

TEST(EmulatedStream, SeveralThreadsMayLaunch) {
  const Stream stream;
  DeviceArray<int> sums(std::vector<int>(2, 0));
  int* memory = sums.data();
  const auto work = [&](int which) {
    for (int i = 0; i < 200; ++i) {
      EXPECT_EQ(emulation::launch(stream.get(), "k", 2, 64, 0,
                                  [=] {
                                    __syncthreads();
                                    atomicAdd(memory + which, 1);
                                  }),
                cudaSuccess);
      if (i % 7 == 0) {
        EXPECT_EQ(cudaStreamSynchronize(stream.get()), cudaSuccess);
      }
    }
  };
  std::thread other(work, 0);
  work(1);
  other.join();
  EXPECT_EQ(cudaStreamSynchronize(stream.get()), cudaSuccess);
  EXPECT_EQ(sums.values(), std::vector<int>(2, 200 * 128));
}

TEST(EmulationDeathTest, AWriteBehindAnAllocation) {
  // 25 floats: the end of the allocation is 12 bytes before that of its page.
  const DeviceArray<float> array(25);
  float* memory = array.data();
  EXPECT_DEATH(RunKernel(1, 64, [=] { memory[threadIdx.x] = 1; }),
               "writes at .* bytes behind the end of an allocation of "
               "100 bytes.*test_kernel.*thread");
  EXPECT_DEATH(RunKernel(1, 1, [=] { memory[25] = 1; }),
               "written 0 bytes behind the end of an allocation of 100 bytes");
  EXPECT_DEATH(RunKernel(1, 1, [=] { memory[-3] = 1; }),
               "written 12 bytes before an allocation of 100 bytes");
}

TEST(EmulationDeathTest, AReadOfFreedMemory) {
  float* memory = nullptr;
  ASSERT_EQ(cudaMalloc(&memory, 4), cudaSuccess);
  ASSERT_EQ(cudaFree(memory), cudaSuccess);
  EXPECT_DEATH(RunKernel(1, 1, [=] { *memory = *memory + 1; }), "reads at .*freed");
  EXPECT_DEATH(cudaFree(memory), "freed before");
}

TEST(EmulationDeathTest, DeviceMemoryInTheHandsOfTheHost) {
  const DeviceArray<float> array(std::vector<float>{1});
  RunKernel(1, 1, [memory = array.data()] { *memory = 2; });
  EXPECT_DEATH(*array.data() = 3, "the host writes device memory at .*byte 0 of an allocation of 4 bytes");
  EXPECT_DEATH(std::memcpy(std::vector<float>(1).data(), array.data(), 4), "the host reads device memory");
}

TEST(EmulationDeathTest, AMisalignedLoad) {
  const DeviceArray<float> array(std::vector<float>(8, 1));
  float* memory = array.data();
  RunKernel(1, 1, [=] { memory[0] = reinterpret_cast<const float4*>(memory + 4)->x; });
  EXPECT_DEATH(RunKernel(1, 1, [=] { memory[0] = reinterpret_cast<const float4*>(memory + 1)->x; }),
               "misaligned access.*test_kernel");
}

TEST(EmulationDeathTest, NullInTheHandsOfAKernel) {
  EXPECT_DEATH(RunKernel(1, 1, [] { *static_cast<volatile float*>(nullptr) = 1; }),
               "the kernel writes at .*which is not device memory");
}

TEST(EmulationDeathTest, CopiesThatDoNotFit) {
  const DeviceArray<float> array(4);
  std::vector<float> host(5);
  EXPECT_DEATH(cudaMemcpy(array.data(), host.data(), 20, cudaMemcpyHostToDevice),
               "go beyond the end of an allocation of 16 bytes");
  EXPECT_DEATH(cudaMemcpy(host.data(), host.data(), 4, cudaMemcpyHostToDevice),
               "in the memory of the host, but should be in that of the device");
  EXPECT_DEATH(cudaMemset(array.data() + 1, 0, 16), "go beyond the end");
}

TEST(EmulationDeathTest, HostMemoryAsAnArgument) {
  const DeviceArray<float> array(4);
  float host = 0;
  void (*const kernel)(float*, int, const float*) = [](float*, int, const float*) {};
  emulation::know_kernel("k", kernel);
  const auto launch = [&](float* first, const float* last) {
    int between = 3;
    void* arguments[] = {&first, &between, &last};
    return cudaLaunchKernel(reinterpret_cast<const void*>(kernel), dim3(1), dim3(1), arguments, 0, nullptr);
  };
  EXPECT_EQ(launch(array.data() + 4, nullptr), cudaSuccess);
  EXPECT_DEATH(launch(array.data(), &host), "kernel k: argument 3 is the address .* of the host");
}

TEST(EmulationDeathTest, WhatIsLeftBehindFailsTheTest) {
  EXPECT_EXIT(
      {
        void* memory = nullptr;
        cudaMalloc(&memory, 100);
        std::exit(0);
      },
      testing::ExitedWithCode(1), "left behind: 1 allocations of device memory");
}

}  // namespace

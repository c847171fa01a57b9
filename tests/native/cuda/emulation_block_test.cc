// The emulation of blocks and warps: results as on a device, and an end with a clear text where a device
// would hang or give nonsense.
#include <cmath>
#include <numeric>

#include "device_array.h"
#include "emulated_kernel.h"

namespace {

using cuda_test::DeviceArray;
using cuda_test::RunKernel;

constexpr unsigned kAll = 0xffffffffu;

TEST(EmulatedGrid, EveryThreadOfEveryBlockRunsOnce) {
  const dim3 grid(3, 2, 2), block(5, 3, 2);
  DeviceArray<int> seen(std::vector<int>(12 * 30, 0));
  int* out = seen.data();
  RunKernel(grid, block, [=] {
    const unsigned b = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
    const unsigned t = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
    out[b * 30 + t] += 1 + static_cast<int>(t);
  });
  std::vector<int> expected;
  for (int b = 0; b < 12; ++b) {
    for (int t = 0; t < 30; ++t) expected.push_back(1 + t);
  }
  EXPECT_EQ(seen.values(), expected);
}

TEST(EmulatedGrid, ImpossibleShapesAreRefused) {
  const auto refused = [](dim3 grid, dim3 block, size_t shared) {
    return emulation::launch(nullptr, "k", grid, block, shared, [] {}) == cudaErrorInvalidConfiguration;
  };
  EXPECT_TRUE(refused(0, 32, 0));
  EXPECT_TRUE(refused(1, 1025, 0));
  EXPECT_TRUE(refused(1, dim3(32, 33), 0));
  EXPECT_TRUE(refused(dim3(1, 65536), 32, 0));
  EXPECT_TRUE(refused(1, 32, (48 << 10) + 1));
  EXPECT_FALSE(refused(1, 1024, 48 << 10));
  cudaGetLastError();
}

// Sums through static and dynamic shared memory, over and over, so that a lost or repeated wait shows.
void sums_kernel(const int* in, int* out, int rounds) {
  __shared__ int totals[1024];
  int* copy = static_cast<int*>(emulation::dynamic_shared());
  const unsigned t = threadIdx.x, n = blockDim.x;
  int value = in[blockIdx.x * n + t];
  for (int round = 0; round < rounds; ++round) {
    totals[t] = value;
    __syncthreads();
    copy[t] = totals[(t + 1) % n] + totals[(t + n - 1) % n];
    __syncthreads();
    value = copy[n - 1 - t] % 1000;
  }
  out[blockIdx.x * n + t] = value;
}

TEST(EmulatedBlock, ThreadsMeetAtBarriers) {
  for (unsigned threads : {1u, 2u, 32u, 33u, 256u, 1024u}) {
    const unsigned blocks = 3;
    const int rounds = 5;
    std::vector<int> values(threads * blocks);
    std::iota(values.begin(), values.end(), 1);
    DeviceArray<int> in(values), out(values.size());
    const int* source = in.data();
    int* target = out.data();
    RunKernel(
        blocks, threads, [=] { sums_kernel(source, target, rounds); }, threads * sizeof(int));
    for (unsigned b = 0; b < blocks; ++b) {
      std::vector<int> now(values.begin() + b * threads, values.begin() + (b + 1) * threads);
      for (int round = 0; round < rounds; ++round) {
        std::vector<int> next(threads);
        for (unsigned t = 0; t < threads; ++t) {
          const unsigned from = threads - 1 - t;
          next[t] = (now[(from + 1) % threads] + now[(from + threads - 1) % threads]) % 1000;
        }
        now = next;
      }
      std::copy(now.begin(), now.end(), values.begin() + b * threads);
    }
    EXPECT_EQ(out.values(), values) << threads;
  }
}

TEST(EmulatedBlock, BarriersCountPredicates) {
  DeviceArray<int> out(3 * 70);
  int* target = out.data();
  RunKernel(1, 70, [=] {
    const int t = static_cast<int>(threadIdx.x);
    target[t] = __syncthreads_count(t % 3 == 0);
    target[70 + t] = __syncthreads_or(t == 69);
    target[140 + t] = __syncthreads_and(t != 5);
  });
  std::vector<int> expected(70, 24);
  expected.resize(140, 1);
  expected.resize(210, 0);
  EXPECT_EQ(out.values(), expected);
}

TEST(EmulatedWarp, ShufflesFollowTheirDefinition) {
  DeviceArray<int> out(64 * 6);
  DeviceArray<double> wide(64);
  int* o = out.data();
  double* w = wide.data();
  RunKernel(1, 64, [=] {
    const int t = static_cast<int>(threadIdx.x);
    o[t] = __shfl_xor_sync(kAll, t, 5);
    o[64 + t] = __shfl_up_sync(kAll, t, 3);
    o[128 + t] = __shfl_down_sync(kAll, t, 4);
    o[192 + t] = __shfl_sync(kAll, t, 7);
    o[256 + t] = __shfl_down_sync(kAll, t, 2, 8);
    o[320 + t] = __shfl_xor_sync(kAll, t, 9, 8);
    w[t] = __shfl_xor_sync(kAll, t + 0.5, 1);
  });
  const std::vector<int> got = out.values();
  const std::vector<double> got_wide = wide.values();
  for (int t = 0; t < 64; ++t) {
    const int lane = t % 32, warp = t - lane;
    EXPECT_EQ(got[t], warp + (lane ^ 5));
    EXPECT_EQ(got[64 + t], lane >= 3 ? t - 3 : t);
    EXPECT_EQ(got[128 + t], lane + 4 < 32 ? t + 4 : t);
    EXPECT_EQ(got[192 + t], warp + 7);
    EXPECT_EQ(got[256 + t], lane % 8 + 2 < 8 ? t + 2 : t);
    // Another part of the warp is out of reach upwards, not downwards.
    EXPECT_EQ(got[320 + t], lane / 8 % 2 == 0 ? t : warp + (lane ^ 9));
    EXPECT_EQ(got_wide[t], (t ^ 1) + 0.5);
  }
}

TEST(EmulatedWarp, Votes) {
  DeviceArray<int> out(3 * 64);
  DeviceArray<unsigned> ballots(64);
  int* o = out.data();
  unsigned* b = ballots.data();
  RunKernel(1, 64, [=] {
    const int t = static_cast<int>(threadIdx.x);
    o[t] = __any_sync(kAll, t == 40);
    o[64 + t] = __all_sync(kAll, t != 40);
    b[t] = __ballot_sync(kAll, t % 32 % 3 == 0);
    // A part of a warp may vote alone.
    o[128 + t] = t % 32 < 8 ? __all_sync(0xffu, t < 32) : -1;
  });
  const std::vector<int> got = out.values();
  const std::vector<unsigned> got_ballots = ballots.values();
  for (int t = 0; t < 64; ++t) {
    EXPECT_EQ(got[t], t >= 32);
    EXPECT_EQ(got[64 + t], t < 32);
    EXPECT_EQ(got_ballots[t], 0x49249249u);
    EXPECT_EQ(got[128 + t], t % 32 < 8 ? t < 32 : -1);
  }
}

TEST(EmulatedAtomics, CountEveryThread) {
  DeviceArray<int> sum(std::vector<int>{5});
  DeviceArray<unsigned> most(std::vector<unsigned>{0});
  DeviceArray<unsigned long long> chained(std::vector<unsigned long long>{1});
  int* s = sum.data();
  unsigned* m = most.data();
  unsigned long long* c = chained.data();
  RunKernel(4, 100, [=] {
    atomicAdd(s, 2);
    atomicMax(m, blockIdx.x * 100 + threadIdx.x);
    unsigned long long old = *c;
    for (;;) {
      const unsigned long long seen = atomicCAS(c, old, old + 3);
      if (seen == old) break;
      old = seen;
    }
  });
  EXPECT_EQ(sum.values()[0], 5 + 2 * 400);
  EXPECT_EQ(most.values()[0], 399u);
  EXPECT_EQ(chained.values()[0], 1u + 3 * 400);
}

void unwritten_kernel(float* out) {
  __shared__ float fixed[4];
  out[threadIdx.x] = fixed[threadIdx.x] + static_cast<float*>(emulation::dynamic_shared())[threadIdx.x];
  fixed[threadIdx.x] = 1;
}

TEST(EmulatedShared, IsPoisonedBeforeEachBlock) {
  DeviceArray<float> out(4);
  float* target = out.data();
  RunKernel(
      3, 4, [=] { unwritten_kernel(target); }, 4 * sizeof(float));
  for (float value : out.values()) EXPECT_TRUE(std::isnan(value));
}

TEST(EmulationDeathTest, AThreadThatEndsWithoutTheBarrier) {
  EXPECT_DEATH(RunKernel(2, 64,
                         [] {
                           if (threadIdx.x != 63) __syncthreads();
                         }),
               "__syncthreads at .*emulation_block_test.cc:.*test_kernel.*thread \\(63, 0, 0\\)");
}

TEST(EmulationDeathTest, BarriersAtTwoPlaces) {
  const auto kernel = [] {
    if (threadIdx.x < 32) {
      __syncthreads();
    } else {
      __syncthreads();
    }
  };
  EXPECT_DEATH(RunKernel(1, 64, kernel), "while other threads of the block wait in the one at");
}

TEST(EmulationDeathTest, ALaneThatEndsWithoutTheShuffle) {
  EXPECT_DEATH(RunKernel(1, 32,
                         [] {
                           if (threadIdx.x != 7) __shfl_xor_sync(kAll, 1, 1);
                         }),
               "__shfl_xor_sync at .*lane 7");
}

TEST(EmulationDeathTest, ALaneThatIsInAnotherShuffle) {
  EXPECT_DEATH(RunKernel(1, 32,
                         [] {
                           if (threadIdx.x < 16) {
                             __shfl_xor_sync(kAll, 1, 1);
                           } else {
                             __shfl_down_sync(kAll, 1, 1);
                           }
                         }),
               "while other lanes of the warp wait in");
}

TEST(EmulationDeathTest, AWarpThatIsNotWhole) {
  EXPECT_DEATH(RunKernel(1, 40, [] { __shfl_xor_sync(kAll, 1, 1); }),
               "names lane 8, which the block does not have");
}

TEST(EmulationDeathTest, ShuffleAndBarrierThatWaitForEachOther) {
  EXPECT_DEATH(RunKernel(1, 32,
                         [] {
                           if (threadIdx.x == 3) __syncthreads();
                           __shfl_xor_sync(kAll, 1, 1);
                         }),
               "for ever");
}

TEST(EmulationDeathTest, AShuffleFromALaneOutsideItsMask) {
  EXPECT_DEATH(RunKernel(1, 32,
                         [] {
                           if (threadIdx.x < 16) __shfl_sync(0xffffu, 1, 20);
                         }),
               "reads lane 20, which is not in the mask");
}

TEST(EmulationDeathTest, SharedMemoryPastItsEnd) {
  EXPECT_DEATH(RunKernel(
                   1, 32, [] { static_cast<float*>(emulation::dynamic_shared())[32] = 1; }, 128),
               "writes behind its dynamic shared memory");
}

TEST(EmulationDeathTest, ATrap) {
  EXPECT_DEATH(RunKernel(dim3(1, 2), 2,
                         [] {
                           if (blockIdx.y == 1 && threadIdx.x == 1) __trap();
                         }),
               "__trap.*block \\(0, 1, 0\\).*thread \\(1, 0, 0\\)");
}

}  // namespace

// The block that is running, shared by what its threads do together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "emulation.h"
#include "fiber.h"

namespace emulation {

inline constexpr unsigned kWarpLanes = 32;

enum class State { kNotStarted, kRunning, kReady, kAtBarrier, kInWarp, kEnded };

struct Thread {
  uint3 index{};
  unsigned number = 0;
  State state = State::kNotStarted;
  Fiber* fiber = nullptr;
  uint64_t bits = 0;  // given to an operation of the warp; then its result
  int argument = 0;
};

// The operation for which lanes of a warp wait.
struct Meeting {
  unsigned mask = 0;  // 0: nobody waits
  unsigned arrived = 0;
  WarpOperation operation{};
  int width = 0;
  Site site{};
};

struct Block {
  const KernelBody* body = nullptr;
  std::vector<Thread> threads;
  std::vector<Meeting> warps;
  bool backwards = false;
  unsigned started = 0;
  unsigned ended = 0;
  // Threads that may go on, in the order in which they were set free.
  std::vector<Thread*> ready;
  size_t first_ready = 0;
  // __syncthreads
  unsigned at_barrier = 0;
  Site barrier{};
  Barrier barrier_kind{};
  int predicates = 0;  // how many were true
  int barrier_result = 0;
};

// There is one, as launches hold the lock.
extern Block block_state;
// The thread that is running; nullptr: none.
extern Thread* current;

const char* name_of(WarpOperation operation);
bool same(const Site& a, const Site& b);
// The thread may go on, after those that were set free before.
void free_thread(Thread& thread);
// Lets others run until the calling thread is set free.
void wait();

}  // namespace emulation

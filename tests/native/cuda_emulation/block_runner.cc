#include "block_runner.h"

#include <pthread.h>
#include <sys/mman.h>

#include <atomic>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include "block.h"
#include "failure.h"
#include "fiber.h"

uint3 threadIdx;
uint3 blockIdx;
dim3 blockDim;
dim3 gridDim;

// The static shared memory of the kernels, gathered by the linker.
extern "C" {
extern char __start_mtl_shared[] __attribute__((weak, visibility("hidden")));
extern char __stop_mtl_shared[] __attribute__((weak, visibility("hidden")));
}

namespace emulation {

Block block_state;
Thread* current = nullptr;

namespace {

constexpr int kPoison = 0xff;
constexpr size_t kSharedBytes = size_t{48} << 10;  // what any device grants without being asked

const char* kernel_name = nullptr;
std::atomic<bool> running{false};
pthread_t running_thread;
std::vector<std::unique_ptr<Fiber>> fibers;
std::vector<Fiber*> free_fibers;
Fiber* host = nullptr;
Fiber* active = nullptr;
char* shared_memory = nullptr;  // ends at a page that is not accessible
size_t shared_used = 0;
uint64_t launches = 0;

// The next thread to run: one that was set free, else one that has not begun; nullptr: there is none.
Thread* next_thread() {
  Block& b = block_state;
  if (b.first_ready < b.ready.size()) {
    Thread* thread = b.ready[b.first_ready++];
    if (b.first_ready == b.ready.size()) {
      b.ready.clear();
      b.first_ready = 0;
    }
    return thread;
  }
  const auto count = static_cast<unsigned>(b.threads.size());
  if (b.started == count) return nullptr;
  const unsigned number = b.started++;
  return &b.threads[b.backwards ? count - 1 - number : number];
}

[[noreturn]] void fail_for_ever_waiting() {
  const Block& b = block_state;
  for (size_t w = 0; w < b.warps.size(); ++w) {
    const Meeting& meeting = b.warps[w];
    if (meeting.mask == 0) continue;
    fail(
        "%s at %s:%d: of the lanes 0x%08x that it names, only 0x%08x of warp %zu came; the others wait "
        "elsewhere (%u threads in __syncthreads), for ever",
        name_of(meeting.operation), meeting.site.file, meeting.site.line, meeting.mask, meeting.arrived, w,
        b.at_barrier);
  }
  fail("%u of %zu threads wait in __syncthreads for ever", b.at_barrier, b.threads.size());
}

void make_current(Thread& thread, Fiber* fiber) {
  thread.fiber = fiber;
  thread.state = State::kRunning;
  current = &thread;
  threadIdx = thread.index;
}

void fiber_main();

Fiber* take_fiber() {
  if (free_fibers.empty()) {
    fibers.push_back(std::make_unique<Fiber>(fiber_main, static_cast<unsigned>(fibers.size())));
    return fibers.back().get();
  }
  Fiber* fiber = free_fibers.back();
  free_fibers.pop_back();
  return fiber;
}

void go_to(Fiber* fiber) {
  Fiber* from = active;
  active = fiber;
  from->switch_to(*fiber);
}

void end_thread() {
  Block& b = block_state;
  if (b.at_barrier > 0) {
    fail("a thread ended without reaching __syncthreads at %s:%d, where %u of %zu threads wait",
         b.barrier.file, b.barrier.line, b.at_barrier, b.threads.size());
  }
  const Meeting& meeting = b.warps[current->number / kWarpLanes];
  if (meeting.mask >> current->number % kWarpLanes & 1) {
    fail("a thread ended without reaching %s at %s:%d, which names its lane %u in the mask 0x%08x",
         name_of(meeting.operation), meeting.site.file, meeting.site.line, current->number % kWarpLanes,
         meeting.mask);
  }
  current->state = State::kEnded;
  ++b.ended;
}

// One thread after the other, as long as there are any that have not begun or were left on another fiber.
void fiber_main() {
  for (;;) {
    (*block_state.body)();
    end_thread();
    Fiber* self = active;
    Thread* next = next_thread();
    if (next == nullptr) {
      if (block_state.ended != block_state.threads.size()) fail_for_ever_waiting();
      free_fibers.push_back(self);
      current = nullptr;
      go_to(host);
    } else if (next->fiber == nullptr) {
      make_current(*next, self);
    } else {
      free_fibers.push_back(self);
      make_current(*next, next->fiber);
      go_to(next->fiber);
    }
    // Here again: for a thread that whoever came here has made the current one.
  }
}

void prepare_threads(dim3 block) {
  Block& b = block_state;
  const unsigned count = block.x * block.y * block.z;
  b.threads.assign(count, Thread{});
  for (unsigned i = 0; i < count; ++i) {
    b.threads[i].number = i;
    b.threads[i].index = {i % block.x, i / block.x % block.y, i / (block.x * block.y)};
  }
  b.warps.assign((count + kWarpLanes - 1) / kWarpLanes, Meeting{});
}

void run_block() {
  Block& b = block_state;
  b.started = b.ended = b.at_barrier = 0;
  for (Thread& thread : b.threads) {
    thread.state = State::kNotStarted;
    thread.fiber = nullptr;
  }
  if (__start_mtl_shared != nullptr) {
    std::memset(__start_mtl_shared, kPoison, static_cast<size_t>(__stop_mtl_shared - __start_mtl_shared));
  }
  std::memset(shared_memory - shared_used, kPoison, shared_used);
  Thread* first = next_thread();
  make_current(*first, take_fiber());
  go_to(first->fiber);
}

void make_shared_memory() {
  constexpr size_t kGuard = size_t{1} << 20;
  void* memory =
      mmap(nullptr, kSharedBytes + kGuard, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED || mprotect(memory, kSharedBytes, PROT_READ | PROT_WRITE) != 0) {
    fail("no memory for shared memory");
  }
  shared_memory = static_cast<char*>(memory) + kSharedBytes;
}

void set_free_from_barrier() {
  Block& b = block_state;
  const auto count = static_cast<int>(b.threads.size());
  b.barrier_result = b.barrier_kind == Barrier::kOr    ? b.predicates > 0
                     : b.barrier_kind == Barrier::kAnd ? b.predicates == count
                                                       : b.predicates;
  b.at_barrier = 0;
  for (Thread& thread : b.threads) {
    if (thread.state == State::kAtBarrier) free_thread(thread);
  }
}

}  // namespace

const char* name_of(WarpOperation operation) {
  switch (operation) {
    case WarpOperation::kSync:
      return "__syncwarp";
    case WarpOperation::kIndex:
      return "__shfl_sync";
    case WarpOperation::kUp:
      return "__shfl_up_sync";
    case WarpOperation::kDown:
      return "__shfl_down_sync";
    case WarpOperation::kXor:
      return "__shfl_xor_sync";
    case WarpOperation::kAny:
      return "__any_sync";
    case WarpOperation::kAll:
      return "__all_sync";
    case WarpOperation::kBallot:
      return "__ballot_sync";
  }
  return "?";
}

bool same(const Site& a, const Site& b) {
  return a.line == b.line && (a.file == b.file || std::strcmp(a.file, b.file) == 0);
}

void free_thread(Thread& thread) {
  thread.state = State::kReady;
  block_state.ready.push_back(&thread);
}

// Lets others run until the calling thread is set free.
void wait() {
  Thread* next = next_thread();
  if (next == nullptr) fail_for_ever_waiting();
  make_current(*next, next->fiber != nullptr ? next->fiber : take_fiber());
  if (next->fiber != active) go_to(next->fiber);
}

int synchronize_block(Barrier barrier, int predicate, Site site) {
  Block& b = block_state;
  if (!in_kernel()) fail("__syncthreads at %s:%d outside a kernel", site.file, site.line);
  if (b.ended > 0) {
    fail("__syncthreads at %s:%d, when %u of %zu threads of the block have ended without it", site.file,
         site.line, b.ended, b.threads.size());
  }
  if (b.at_barrier == 0) {
    b.barrier = site;
    b.barrier_kind = barrier;
    b.predicates = 0;
  } else if (!same(site, b.barrier) || barrier != b.barrier_kind) {
    fail("__syncthreads at %s:%d, while other threads of the block wait in the one at %s:%d", site.file,
         site.line, b.barrier.file, b.barrier.line);
  }
  b.predicates += predicate != 0;
  if (++b.at_barrier == b.threads.size()) {
    set_free_from_barrier();
  } else {
    current->state = State::kAtBarrier;
    wait();
  }
  return b.barrier_result;
}

void trap() {
  fail("__trap");
}

void* dynamic_shared() {
  if (!in_kernel()) fail("dynamic shared memory outside a kernel");
  return shared_memory - shared_used;
}

void run_blocks(const char* name, dim3 grid, dim3 block, size_t shared_bytes, const KernelBody& body) {
  if (shared_memory == nullptr) make_shared_memory();
  constexpr size_t kAlignment = 16;
  shared_used = (shared_bytes + kAlignment - 1) / kAlignment * kAlignment;
  kernel_name = name;
  gridDim = grid;
  blockDim = block;
  Block& b = block_state;
  b.body = &body;
  prepare_threads(block);
  Fiber here;
  host = active = &here;
  running_thread = pthread_self();
  running = true;
  const uint64_t count = uint64_t{grid.x} * grid.y * grid.z;
  const bool last_first = launches++ % 2 != 0;
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t at = last_first ? count - 1 - i : i;
    b.backwards = at % 2 != (last_first ? 1 : 0);
    blockIdx = {static_cast<unsigned>(at % grid.x), static_cast<unsigned>(at / grid.x % grid.y),
                static_cast<unsigned>(at / (uint64_t{grid.x} * grid.y))};
    run_block();
  }
  running = false;
  host = active = nullptr;
}

bool in_kernel() {
  return running && pthread_equal(running_thread, pthread_self());
}

int describe_running(char* text, int size) {
  if (size <= 0 || !in_kernel()) return 0;
  return std::snprintf(
      text, static_cast<size_t>(size),
      " [kernel %s, block (%u, %u, %u) of (%u, %u, %u), thread (%u, %u, %u) of (%u, %u, %u)]", kernel_name,
      blockIdx.x, blockIdx.y, blockIdx.z, gridDim.x, gridDim.y, gridDim.z, threadIdx.x, threadIdx.y,
      threadIdx.z, blockDim.x, blockDim.y, blockDim.z);
}

bool is_past_shared_memory(const void* address) {
  constexpr size_t kGuard = size_t{1} << 20;
  const char* at = static_cast<const char*>(address);
  return shared_memory != nullptr && at >= shared_memory && at < shared_memory + kGuard;
}

bool is_below_a_stack(const void* address) {
  for (const auto& fiber : fibers) {
    if (fiber->is_guard(address)) return true;
  }
  return false;
}

}  // namespace emulation

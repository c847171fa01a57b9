#include "cpu/thread_pool.h"

#include "backend/error.h"

namespace mtl {
namespace {

constexpr int kLooksBeforeSleep = 4000;  // roughly 50 to 150 microseconds
constexpr int kLooksBeforeYield = 1000;

void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

}  // namespace

ThreadPool::ThreadPool(int32_t threads) {
  workers_.reserve(static_cast<size_t>(threads) - 1);
  try {
    for (int32_t i = 1; i < threads; ++i) workers_.emplace_back([this] { work(); });
  } catch (const std::exception& error) {
    stop();
    fail(MTL_OUT_OF_MEMORY, "starting ", threads, " threads: ", error.what());
  }
}

ThreadPool::~ThreadPool() {
  stop();
}

void ThreadPool::stop() {
  stop_.store(true, std::memory_order_relaxed);
  generation_.fetch_add(1, std::memory_order_seq_cst);
  generation_.notify_all();
  for (std::thread& worker : workers_) worker.join();
  workers_.clear();
}

void ThreadPool::run_shared(int32_t parts, Call call, const void* context) {
  const uint32_t generation = generation_.load(std::memory_order_relaxed) + 1;
  call_.store(call, std::memory_order_relaxed);
  context_.store(context, std::memory_order_relaxed);
  done_.store(0, std::memory_order_relaxed);
  next_.store(uint64_t{generation} << 32 | static_cast<uint64_t>(parts) << 16, std::memory_order_release);
  // Sequentially consistent against the worker's "I sleep" and its last look: one of the two sees the other.
  generation_.store(generation, std::memory_order_seq_cst);
  if (sleepers_.load(std::memory_order_seq_cst) > 0) generation_.notify_all();

  take_parts(generation);
  for (int looks = 0; done_.load(std::memory_order_acquire) < parts; ++looks) {
    if (looks < kLooksBeforeYield) {
      pause();
    } else {
      std::this_thread::yield();
    }
  }
}

void ThreadPool::take_parts(uint32_t generation) {
  uint64_t next = next_.load(std::memory_order_acquire);
  while (static_cast<uint32_t>(next >> 32) == generation) {
    const int32_t part = static_cast<int32_t>(next & 0xFFFFu);
    if (part >= static_cast<int32_t>(next >> 16 & 0xFFFFu)) return;
    // These belong to `generation` if the exchange below succeeds: a new job cannot be prepared before this
    // part is done.
    const Call call = call_.load(std::memory_order_relaxed);
    const void* context = context_.load(std::memory_order_relaxed);
    if (!next_.compare_exchange_weak(next, next + 1, std::memory_order_acq_rel, std::memory_order_acquire))
      continue;
    call(context, part);
    done_.fetch_add(1, std::memory_order_release);
    next = next_.load(std::memory_order_acquire);
  }
}

void ThreadPool::work() {
  uint32_t seen = 0;
  while (true) {
    uint32_t generation = generation_.load(std::memory_order_acquire);
    for (int looks = 0; generation == seen && looks < kLooksBeforeSleep; ++looks) {
      pause();
      generation = generation_.load(std::memory_order_acquire);
    }
    if (generation == seen) {
      sleepers_.fetch_add(1, std::memory_order_seq_cst);
      generation_.wait(seen, std::memory_order_seq_cst);
      sleepers_.fetch_sub(1, std::memory_order_relaxed);
      continue;
    }
    if (stop_.load(std::memory_order_relaxed)) return;
    seen = generation;
    take_parts(generation);
  }
}

}  // namespace mtl

// The threads of one context. Work is a number of independent parts; the calling thread takes part. Which
// thread runs a part is decided by who is free, so results must not depend on it (they do not: parts are cut
// by their number alone).
//
// A worker that finds nothing to do looks on for some microseconds, since the next piece of a training step
// comes at once, and then sleeps. A caller never waits for a sleeping worker: it does the parts itself.
#ifndef MTL_CPU_THREAD_POOL_H
#define MTL_CPU_THREAD_POOL_H

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace mtl {

class ThreadPool {
 public:
  explicit ThreadPool(int32_t threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int32_t threads() const { return static_cast<int32_t>(workers_.size()) + 1; }

  static constexpr int32_t kMaximumParts = 0xFFFF;

  // body(part) for every part in [0, parts), parts <= kMaximumParts; returns when all are done. The body must
  // not throw.
  template <typename Body>
  void run(int32_t parts, const Body& body) {
    if (parts <= 1 || workers_.empty()) {
      for (int32_t part = 0; part < parts; ++part) body(part);
      return;
    }
    run_shared(
        parts, [](const void* context, int32_t part) { (*static_cast<const Body*>(context))(part); }, &body);
  }

 private:
  using Call = void (*)(const void* context, int32_t part);

  void run_shared(int32_t parts, Call call, const void* context);
  void work();
  void stop();
  // Runs parts of job `generation` until none is left.
  void take_parts(uint32_t generation);

  std::vector<std::thread> workers_;
  // The job, and in one word its generation (32 bits), its number of parts (16) and the next part to be taken
  // (16): a part can be taken of the current job only, even by a worker that slept through several. The
  // number of parts has to be in that word: a late worker that read it elsewhere could see the next job's
  // number beside this job's generation, and take a part that is not there.
  std::atomic<Call> call_{nullptr};
  std::atomic<const void*> context_{nullptr};
  alignas(64) std::atomic<uint64_t> next_{0};
  alignas(64) std::atomic<int32_t> done_{0};
  alignas(64) std::atomic<uint32_t> generation_{0};  // what sleepers wait on
  std::atomic<int32_t> sleepers_{0};
  std::atomic<bool> stop_{false};
};

}  // namespace mtl

#endif

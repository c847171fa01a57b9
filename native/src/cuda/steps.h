// Steps: what a thread asks of the device between two points is put off and done at once, as a CUDA graph
// where the same has been asked for before.
//
// A step is told from others by the structure of its commands: which kernels with which shapes, which
// products and copies of which memory. Learning rates, the index of the batch and whatever else is an
// argument of a kernel or comes in a staged array may change from one launch of a graph to the next.
#ifndef MTL_CUDA_STEPS_H
#define MTL_CUDA_STEPS_H

#include <atomic>
#include <list>
#include <memory>
#include <thread>
#include <vector>

#include "cuda/command_list.h"
#include "cuda/device_block.h"
#include "cuda/staging.h"
#include "cuda/step_graph.h"

namespace mtl {

class Steps {
 public:
  // Structures that are remembered, the latest of them: with a graph from the second time on.
  static constexpr size_t kMostGraphs = 64;
  // Shorter steps are not worth a graph.
  static constexpr size_t kLeastCommands = 3;

  // Without graphs nothing is put off.
  Steps(Launcher& launcher, MatrixLibrary& matrices, Staging& staging, bool graphs);
  ~Steps();
  Steps(const Steps&) = delete;
  Steps& operator=(const Steps&) = delete;

  // From now on the calls of this thread are put off.
  void begin();
  // The caller holds the staging and the scratch. Does what was put off; the step goes on, or has ended, also
  // when this fails.
  void flush();
  void end();

  // The list of the calling thread; nullptr: it is not in a step.
  CommandList* deferred() {
    return owner_.load(std::memory_order_relaxed) == std::this_thread::get_id() ? &list_ : nullptr;
  }
  StepCounts counts() const;

 private:
  struct Remembered {
    uint64_t hash;
    std::vector<uint64_t> structure;
    std::unique_ptr<StepGraph> graph;
    bool refused;
  };

  class Stream {
   public:
    Stream();
    ~Stream();
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    cudaStream_t stream() const { return stream_; }

   private:
    cudaStream_t stream_ = nullptr;
  };

  void run();
  void run_directly(const char* staged);
  // False: it is to be done call by call.
  bool run_graph(const char* staged);
  Remembered& remember(bool& known);
  void refuse(Remembered& step, cudaError_t status);
  void retire(std::unique_ptr<StepGraph> graph);

  Launcher& launcher_;
  MatrixLibrary& matrices_;
  Staging& staging_;
  const bool graphs_;
  DeviceBlock room_;  // of staged arrays
  CommandList list_;
  Stream capture_;
  std::atomic<std::thread::id> owner_{};
  std::list<Remembered> remembered_;                 // the latest first
  std::vector<std::unique_ptr<StepGraph>> retired_;  // may still be executed
  StepCounts counts_;
};

}  // namespace mtl

#endif

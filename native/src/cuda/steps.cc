#include "cuda/steps.h"

#include <algorithm>

namespace mtl {
namespace {

constexpr size_t kMostRetired = 16;

uint64_t hash_of(const std::vector<uint64_t>& words) {
  uint64_t hash = words.size();
  for (const uint64_t word : words) {
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 29;
  }
  return hash;
}

}  // namespace

Steps::Stream::Stream() {
  check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "making a stream");
}

Steps::Stream::~Stream() {
  cudaStreamDestroy(stream_);
}

Steps::Steps(Launcher& launcher, MatrixLibrary& matrices, Staging& staging, bool graphs)
    : launcher_(launcher),
      matrices_(matrices),
      staging_(staging),
      graphs_(graphs),
      room_(launcher, Staging::kMostBytes, "arrays of a step"),
      list_(static_cast<char*>(room_.memory()), Staging::kMostBytes) {
  launcher_.set_steps(this);
}

Steps::~Steps() {
  launcher_.set_steps(nullptr);
  // Graphs may still be executed. A failure would be one of earlier launches, and there is nobody to tell.
  cudaSetDevice(launcher_.device());
  cudaStreamSynchronize(launcher_.stream());
}

void Steps::begin() {
  if (!graphs_) return;
  list_.clear();
  owner_.store(std::this_thread::get_id(), std::memory_order_relaxed);
}

void Steps::flush() {
  run();
}

void Steps::end() {
  owner_.store(std::thread::id(), std::memory_order_relaxed);
  run();
}

StepCounts Steps::counts() const {
  StepCounts counts = counts_;
  counts.kept = std::count_if(remembered_.begin(), remembered_.end(),
                              [](const Remembered& step) { return step.graph != nullptr; });
  return counts;
}

void Steps::run() {
  if (list_.commands().empty()) return;
  // Also when something fails: what was asked for is asked for once.
  struct Done {
    CommandList& list;
    ~Done() { list.clear_commands(); }
  } const done{list_};
  launcher_.use();
  const int64_t bytes = list_.staged_bytes();
  const char* const staged = bytes > 0 ? staging_.pin(list_.staged(), bytes) : nullptr;
  if (!run_graph(staged)) run_directly(staged);
}

void Steps::run_directly(const char* staged) {
  ++counts_.direct;
  const cudaStream_t stream = launcher_.stream();
  if (list_.staged_bytes() > 0) {
    check(cudaMemcpyAsync(list_.staged_target(), staged, static_cast<size_t>(list_.staged_bytes()),
                          cudaMemcpyHostToDevice, stream),
          "staging");
  }
  for (const Command& command : list_.commands()) {
    switch (command.kind) {
      case Command::Kind::kKernel: {
        const Shape& shape = command.kernel.shape;
        check(cudaLaunchKernel(command.kernel.function, shape.grid, shape.block,
                               list_.arguments(command, list_.values().data()), shape.shared_bytes, stream),
              command.kernel.name);
        break;
      }
      case Command::Kind::kProduct:
        check_product(matrices_.enqueue(command.product, stream), "a matrix product");
        break;
      case Command::Kind::kCopy:
        check(cudaMemcpyAsync(command.target, command.source, static_cast<size_t>(command.bytes),
                              cudaMemcpyDeviceToDevice, stream),
              "copying on the device");
        break;
      case Command::Kind::kClear:
        check(cudaMemsetAsync(command.target, 0, static_cast<size_t>(command.bytes), stream),
              "clearing device memory");
        break;
    }
  }
}

bool Steps::run_graph(const char* staged) {
  if (list_.commands().size() < kLeastCommands) return false;
  bool known = false;
  Remembered& step = remember(known);
  if (!known || step.refused) return false;
  const bool builds = step.graph == nullptr;
  const cudaError_t status = builds
                                 ? StepGraph::build(list_, staged, matrices_, capture_.stream(), step.graph)
                                 : step.graph->update(list_, staged);
  if (status != cudaSuccess) {
    refuse(step, status);
    return false;
  }
  counts_.built += builds;
  check(step.graph->launch(launcher_.stream()), "launching a step as a graph");
  ++counts_.launched;
  return true;
}

// The step with the structure of the list, which comes first now.
Steps::Remembered& Steps::remember(bool& known) {
  const std::vector<uint64_t>& structure = list_.structure();
  const uint64_t hash = hash_of(structure);
  const auto found = std::find_if(remembered_.begin(), remembered_.end(), [&](const Remembered& step) {
    return step.hash == hash && step.structure == structure;
  });
  known = found != remembered_.end();
  if (known) {
    remembered_.splice(remembered_.begin(), remembered_, found);
    return remembered_.front();
  }
  if (remembered_.size() >= kMostGraphs) {
    retire(std::move(remembered_.back().graph));
    remembered_.pop_back();
  }
  remembered_.push_front({hash, structure, nullptr, false});
  return remembered_.front();
}

void Steps::refuse(Remembered& step, cudaError_t status) {
  if (is_lasting(status)) check(status, "making a graph of a step");
  cudaGetLastError();  // else the next launch would report it again
  ++counts_.refused;
  step.refused = true;
  retire(std::move(step.graph));
}

// What may still be executed is destroyed once it is not, many at a time, as that makes the host wait.
void Steps::retire(std::unique_ptr<StepGraph> graph) {
  if (graph == nullptr) return;
  retired_.push_back(std::move(graph));
  if (retired_.size() < kMostRetired) return;
  launcher_.wait("waiting for earlier steps");
  retired_.clear();
}

}  // namespace mtl

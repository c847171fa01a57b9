// A step as an executable graph of CUDA.
#ifndef MTL_CUDA_STEP_GRAPH_H
#define MTL_CUDA_STEP_GRAPH_H

#include <memory>
#include <vector>

#include "cuda/command_list.h"

namespace mtl {

// Every command is a node behind the one before it, so that a graph does what the stream would do. Nodes are
// added one by one, as that gives their handles in every version of CUDA; products, whose kernels cuBLASLt
// alone knows, are captured from a stream on which nothing else is done and become nodes with graphs of their
// own.
class StepGraph {
 public:
  // With what the list holds; staged: a copy in pinned memory of what it stages. The failure when the device
  // does not have the graph, and no graph then.
  static cudaError_t build(CommandList& list, const char* staged, MatrixLibrary& matrices,
                           cudaStream_t capture, std::unique_ptr<StepGraph>& graph);
  ~StepGraph();  // of a graph that is no longer being executed
  StepGraph(const StepGraph&) = delete;
  StepGraph& operator=(const StepGraph&) = delete;

  // Gives the kernels the arguments of a list of the same structure. Launches before are not affected.
  cudaError_t update(CommandList& list, const char* staged);
  cudaError_t launch(cudaStream_t stream) const;

 private:
  StepGraph() = default;
  cudaError_t add(CommandList& list, const Command& command, MatrixLibrary& matrices, cudaStream_t capture,
                  cudaGraphNode_t& node);
  cudaError_t add_product(const Product& product, MatrixLibrary& matrices, cudaStream_t capture,
                          cudaGraphNode_t& node);
  // The nodes that the next one comes behind.
  const cudaGraphNode_t* before() const { return nodes_.empty() ? nullptr : &nodes_.back(); }
  size_t before_count() const { return nodes_.empty() ? 0 : 1; }

  cudaGraph_t graph_ = nullptr;  // kept, as its nodes name those of the executable one
  cudaGraphExec_t executable_ = nullptr;
  std::vector<cudaGraphNode_t> nodes_;  // of the staging, if anything is staged, and of the commands
  std::vector<char> values_;            // the arguments that the kernels have
};

}  // namespace mtl

#endif

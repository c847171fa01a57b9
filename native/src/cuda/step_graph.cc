#include "cuda/step_graph.h"

#include <cstring>

namespace mtl {
namespace {

cudaKernelNodeParams node_parameters(const KernelCall& call, void** arguments) {
  cudaKernelNodeParams parameters{};
  parameters.func = const_cast<void*>(call.function);
  parameters.gridDim = call.shape.grid;
  parameters.blockDim = call.shape.block;
  parameters.sharedMemBytes = static_cast<unsigned>(call.shape.shared_bytes);
  parameters.kernelParams = arguments;
  return parameters;
}

}  // namespace

StepGraph::~StepGraph() {
  if (executable_ != nullptr) cudaGraphExecDestroy(executable_);
  if (graph_ != nullptr) cudaGraphDestroy(graph_);
}

cudaError_t StepGraph::build(CommandList& list, const char* staged, MatrixLibrary& matrices,
                             cudaStream_t capture, std::unique_ptr<StepGraph>& graph) {
  std::unique_ptr<StepGraph> made(new StepGraph);
  cudaError_t status = cudaGraphCreate(&made->graph_, 0);
  if (status != cudaSuccess) return status;
  if (list.staged_bytes() > 0) {
    cudaGraphNode_t node = nullptr;
    status = cudaGraphAddMemcpyNode1D(&node, made->graph_, nullptr, 0, list.staged_target(), staged,
                                      static_cast<size_t>(list.staged_bytes()), cudaMemcpyHostToDevice);
    if (status != cudaSuccess) return status;
    made->nodes_.push_back(node);
  }
  for (const Command& command : list.commands()) {
    cudaGraphNode_t node = nullptr;
    status = made->add(list, command, matrices, capture, node);
    if (status != cudaSuccess) return status;
    made->nodes_.push_back(node);
  }
  status = cudaGraphInstantiateWithFlags(&made->executable_, made->graph_, 0);
  if (status != cudaSuccess) return status;
  made->values_ = list.values();
  graph = std::move(made);
  return cudaSuccess;
}

cudaError_t StepGraph::add(CommandList& list, const Command& command, MatrixLibrary& matrices,
                           cudaStream_t capture, cudaGraphNode_t& node) {
  switch (command.kind) {
    case Command::Kind::kKernel: {
      const cudaKernelNodeParams parameters =
          node_parameters(command.kernel, list.arguments(command, list.values().data()));
      return cudaGraphAddKernelNode(&node, graph_, before(), before_count(), &parameters);
    }
    case Command::Kind::kProduct:
      return add_product(command.product, matrices, capture, node);
    case Command::Kind::kCopy:
      return cudaGraphAddMemcpyNode1D(&node, graph_, before(), before_count(), command.target, command.source,
                                      static_cast<size_t>(command.bytes), cudaMemcpyDeviceToDevice);
    case Command::Kind::kClear: {
      cudaMemsetParams parameters{};
      parameters.dst = command.target;
      parameters.elementSize = 1;
      parameters.width = static_cast<size_t>(command.bytes);
      parameters.height = 1;
      return cudaGraphAddMemsetNode(&node, graph_, before(), before_count(), &parameters);
    }
  }
  return cudaErrorInvalidValue;
}

cudaError_t StepGraph::add_product(const Product& product, MatrixLibrary& matrices, cudaStream_t capture,
                                   cudaGraphNode_t& node) {
  // What other threads do meanwhile neither enters the graph nor disturbs it.
  cudaError_t status = cudaStreamBeginCapture(capture, cudaStreamCaptureModeThreadLocal);
  if (status != cudaSuccess) return status;
  const bool multiplied = matrices.enqueue(product, capture) == CUBLAS_STATUS_SUCCESS;
  cudaGraph_t child = nullptr;
  status = cudaStreamEndCapture(capture, &child);
  if (status == cudaSuccess && !multiplied) status = cudaErrorStreamCaptureUnsupported;
  if (status == cudaSuccess) {
    status = cudaGraphAddChildGraphNode(&node, graph_, before(), before_count(), child);
  }
  if (child != nullptr) cudaGraphDestroy(child);  // a node has a copy
  return status;
}

cudaError_t StepGraph::update(CommandList& list, const char* staged) {
  size_t at = 0;
  if (list.staged_bytes() > 0) {
    const cudaError_t status =
        cudaGraphExecMemcpyNodeSetParams1D(executable_, nodes_[at++], list.staged_target(), staged,
                                           static_cast<size_t>(list.staged_bytes()), cudaMemcpyHostToDevice);
    if (status != cudaSuccess) return status;
  }
  const char* const values = list.values().data();
  for (const Command& command : list.commands()) {
    const cudaGraphNode_t node = nodes_[at++];
    if (command.kind != Command::Kind::kKernel || command.value_bytes == 0) continue;
    char* const own = values_.data() + command.first_value;
    if (std::memcmp(own, values + command.first_value, command.value_bytes) == 0) continue;
    const cudaKernelNodeParams parameters = node_parameters(command.kernel, list.arguments(command, values));
    const cudaError_t status = cudaGraphExecKernelNodeSetParams(executable_, node, &parameters);
    if (status != cudaSuccess) return status;
    std::memcpy(own, values + command.first_value, command.value_bytes);
  }
  return cudaSuccess;
}

cudaError_t StepGraph::launch(cudaStream_t stream) const {
  return cudaGraphLaunch(executable_, stream);
}

}  // namespace mtl

#include "graph.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "block_runner.h"
#include "device_state.h"
#include "failure.h"
#include "kernel_call.h"
#include "pinned_memory.h"
#include "stream.h"

namespace emulation {

// Exactly one of what it does is there.
struct GraphNode {
  std::vector<const GraphNode*> after;
  std::optional<KernelCall> kernel;
  std::function<cudaError_t(cudaStream_t)> memory;  // a copy or a fill
  std::function<void()> captured;
  std::vector<GraphNode> child;
  const GraphNode* original = nullptr;  // of a node of an executable graph
};

struct Graph {
  std::vector<std::unique_ptr<GraphNode>> nodes;
};

struct GraphExec {
  std::vector<GraphNode> nodes;  // in an order in which they can be done
};

namespace {

struct Everything {
  std::set<const Graph*> graphs;
  std::set<const GraphExec*> executables;
  mtl_emulation_counts counts{};
  bool refuse = false;
};

Everything& everything() {
  static auto* all = new Everything;
  return *all;
}

void check_graph(const Graph* graph, const char* what) {
  if (everything().graphs.count(graph) != 0) return;
  fail("%s: %p is not a graph, or was destroyed", what, static_cast<const void*>(graph));
}

void check_executable(const GraphExec* exec, const char* what) {
  if (everything().executables.count(exec) != 0) return;
  fail("%s: %p is not an executable graph, or was destroyed", what, static_cast<const void*>(exec));
}

bool contains(const Graph& graph, const GraphNode* node) {
  return std::any_of(graph.nodes.begin(), graph.nodes.end(),
                     [&](const std::unique_ptr<GraphNode>& own) { return own.get() == node; });
}

// A node that comes after others of its graph.
GraphNode* add_node(Graph* graph, const cudaGraphNode_t* dependencies, size_t count, const char* what) {
  check_graph(graph, what);
  auto node = std::make_unique<GraphNode>();
  for (size_t i = 0; i < count; ++i) {
    if (!contains(*graph, dependencies[i])) fail("%s: a dependency is not a node of the graph", what);
    node->after.push_back(dependencies[i]);
  }
  graph->nodes.push_back(std::move(node));
  return graph->nodes.back().get();
}

// Of the nodes that may come next the one that was added last: what lacks a dependency comes too early.
std::vector<GraphNode> in_order(const Graph& graph) {
  std::vector<GraphNode> ordered;
  std::set<const GraphNode*> done;
  while (done.size() < graph.nodes.size()) {
    for (size_t i = graph.nodes.size(); i-- > 0;) {
      const GraphNode* node = graph.nodes[i].get();
      const auto is_done = [&](const GraphNode* other) { return done.count(other) != 0; };
      if (is_done(node) || !std::all_of(node->after.begin(), node->after.end(), is_done)) continue;
      done.insert(node);
      ordered.push_back(*node);
      ordered.back().original = node;
      break;
    }
  }
  return ordered;
}

cudaError_t launch_nodes(const std::vector<GraphNode>& nodes, cudaStream_t stream) {
  for (const GraphNode& node : nodes) {
    cudaError_t status = cudaSuccess;
    if (node.kernel.has_value()) {
      status = node.kernel->launch(stream);
    } else if (node.memory) {
      status = node.memory(stream);
    } else if (node.captured) {
      enqueue(stream, node.captured);
    } else {
      status = launch_nodes(node.child, stream);
    }
    if (status != cudaSuccess) return status;
  }
  return cudaSuccess;
}

std::function<cudaError_t(cudaStream_t)> copy_of(void* target, const void* source, size_t bytes,
                                                 cudaMemcpyKind kind) {
  // Ordinary memory would be read at some time or other.
  if (kind == cudaMemcpyHostToDevice && !is_pinned(source, bytes, "a graph")) {
    fail("a graph copies from %p, which is not pinned memory", source);
  }
  return [=](cudaStream_t stream) {
    --counts().copies;
    return cudaMemcpyAsync(target, source, bytes, kind, stream);
  };
}

GraphNode& node_of(GraphExec* exec, const GraphNode* original, const char* what) {
  check_executable(exec, what);
  const bool lives = std::any_of(everything().graphs.begin(), everything().graphs.end(),
                                 [&](const Graph* graph) { return contains(*graph, original); });
  if (!lives) fail("%s: the graph of the node was destroyed", what);
  for (GraphNode& node : exec->nodes) {
    if (node.original == original) return node;
  }
  fail("%s: the executable graph has no such node", what);
}

KernelCall call_of(const cudaKernelNodeParams& parameters) {
  return {parameters.func, parameters.gridDim, parameters.blockDim, parameters.sharedMemBytes,
          parameters.kernelParams};
}

// What a call begins with.
#define MTL_EMULATION_GRAPH_CALL(name)               \
  const std::lock_guard guard(emulation::lock());    \
  if (in_kernel()) fail("%s within a kernel", name); \
  if (lasting_failure() != cudaSuccess) return remember(lasting_failure())

}  // namespace

mtl_emulation_counts& counts() {
  return everything().counts;
}

void add_captured(Graph& graph, std::function<void()> work) {
  auto node = std::make_unique<GraphNode>();
  if (!graph.nodes.empty()) node->after.push_back(graph.nodes.back().get());
  node->captured = std::move(work);
  graph.nodes.push_back(std::move(node));
}

size_t graphs_left() {
  return everything().graphs.size() + everything().executables.size();
}

}  // namespace emulation

using namespace emulation;

void mtl_emulation_count(mtl_emulation_counts* counts) {
  const std::lock_guard guard(emulation::lock());
  *counts = everything().counts;
}

void mtl_emulation_refuse_graphs(int refuse) {
  const std::lock_guard guard(emulation::lock());
  everything().refuse = refuse != 0;
}

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode) {
  MTL_EMULATION_GRAPH_CALL("cudaStreamBeginCapture");
  check_stream(stream, "cudaStreamBeginCapture");
  if (stream == nullptr) return remember(cudaErrorStreamCaptureUnsupported);
  if (stream->capture != nullptr) fail("cudaStreamBeginCapture: the stream is being captured");
  stream->capture = new Graph;
  everything().graphs.insert(stream->capture);
  return cudaSuccess;
}

cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
  MTL_EMULATION_GRAPH_CALL("cudaStreamEndCapture");
  check_stream(stream, "cudaStreamEndCapture");
  if (stream == nullptr || stream->capture == nullptr) fail("cudaStreamEndCapture: nothing is captured");
  *graph = stream->capture;
  stream->capture = nullptr;
  return cudaSuccess;
}

cudaError_t cudaGraphCreate(cudaGraph_t* graph, unsigned) {
  MTL_EMULATION_GRAPH_CALL("cudaGraphCreate");
  *graph = new Graph;
  everything().graphs.insert(*graph);
  return cudaSuccess;
}

// Also on a broken device, so that nothing is taken for a leak.
cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  const std::lock_guard guard(emulation::lock());
  check_graph(graph, "cudaGraphDestroy");
  everything().graphs.erase(graph);
  delete graph;
  return cudaSuccess;
}

cudaError_t cudaGraphAddKernelNode(cudaGraphNode_t* node, cudaGraph_t graph,
                                   const cudaGraphNode_t* dependencies, size_t count,
                                   const cudaKernelNodeParams* parameters) {
  MTL_EMULATION_GRAPH_CALL("cudaGraphAddKernelNode");
  KernelCall call = call_of(*parameters);
  if (!call.can_launch()) return remember(cudaErrorInvalidConfiguration);
  *node = add_node(graph, dependencies, count, "cudaGraphAddKernelNode");
  (*node)->kernel = std::move(call);
  return cudaSuccess;
}

cudaError_t cudaGraphAddMemcpyNode1D(cudaGraphNode_t* node, cudaGraph_t graph,
                                     const cudaGraphNode_t* dependencies, size_t count, void* target,
                                     const void* source, size_t bytes, cudaMemcpyKind kind) {
  MTL_EMULATION_GRAPH_CALL("cudaGraphAddMemcpyNode1D");
  if (bytes == 0) return remember(cudaErrorInvalidValue);
  *node = add_node(graph, dependencies, count, "cudaGraphAddMemcpyNode1D");
  (*node)->memory = copy_of(target, source, bytes, kind);
  return cudaSuccess;
}

cudaError_t cudaGraphAddMemsetNode(cudaGraphNode_t* node, cudaGraph_t graph,
                                   const cudaGraphNode_t* dependencies, size_t count,
                                   const cudaMemsetParams* parameters) {
  MTL_EMULATION_GRAPH_CALL("cudaGraphAddMemsetNode");
  const cudaMemsetParams fill = *parameters;
  if (fill.elementSize != 1 || fill.height != 1 || fill.width == 0) return remember(cudaErrorInvalidValue);
  *node = add_node(graph, dependencies, count, "cudaGraphAddMemsetNode");
  (*node)->memory = [=](cudaStream_t stream) {
    return cudaMemsetAsync(fill.dst, static_cast<int>(fill.value), fill.width, stream);
  };
  return cudaSuccess;
}

cudaError_t cudaGraphAddChildGraphNode(cudaGraphNode_t* node, cudaGraph_t graph,
                                       const cudaGraphNode_t* dependencies, size_t count, cudaGraph_t child) {
  MTL_EMULATION_GRAPH_CALL("cudaGraphAddChildGraphNode");
  check_graph(child, "cudaGraphAddChildGraphNode");
  *node = add_node(graph, dependencies, count, "cudaGraphAddChildGraphNode");
  (*node)->child = in_order(*child);
  return cudaSuccess;
}

cudaError_t cudaGraphInstantiateWithFlags(cudaGraphExec_t* exec, cudaGraph_t graph, unsigned long long) {
  MTL_EMULATION_GRAPH_CALL("cudaGraphInstantiateWithFlags");
  check_graph(graph, "cudaGraphInstantiateWithFlags");
  if (everything().refuse) return remember(cudaErrorNotSupported);
  *exec = new GraphExec{in_order(*graph)};
  everything().executables.insert(*exec);
  ++counts().instantiated;
  return cudaSuccess;
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t exec) {
  const std::lock_guard guard(emulation::lock());
  check_executable(exec, "cudaGraphExecDestroy");
  everything().executables.erase(exec);
  delete exec;
  return cudaSuccess;
}

cudaError_t cudaGraphExecKernelNodeSetParams(cudaGraphExec_t exec, cudaGraphNode_t node,
                                             const cudaKernelNodeParams* parameters) {
  MTL_EMULATION_GRAPH_CALL("cudaGraphExecKernelNodeSetParams");
  GraphNode& own = node_of(exec, node, "cudaGraphExecKernelNodeSetParams");
  KernelCall call = call_of(*parameters);
  if (!own.kernel.has_value() || !call.same_kernel(*own.kernel)) return remember(cudaErrorInvalidValue);
  own.kernel = std::move(call);
  ++counts().updated_kernels;
  return cudaSuccess;
}

cudaError_t cudaGraphExecMemcpyNodeSetParams1D(cudaGraphExec_t exec, cudaGraphNode_t node, void* target,
                                               const void* source, size_t bytes, cudaMemcpyKind kind) {
  MTL_EMULATION_GRAPH_CALL("cudaGraphExecMemcpyNodeSetParams1D");
  GraphNode& own = node_of(exec, node, "cudaGraphExecMemcpyNodeSetParams1D");
  if (!own.memory) return remember(cudaErrorInvalidValue);
  own.memory = copy_of(target, source, bytes, kind);
  return cudaSuccess;
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t exec, cudaStream_t stream) {
  MTL_EMULATION_GRAPH_CALL("cudaGraphLaunch");
  check_executable(exec, "cudaGraphLaunch");
  check_stream(stream, "cudaGraphLaunch");
  ++counts().graphs;
  return launch_nodes(exec->nodes, stream);
}

// The emulation of graphs: they do what the stream would do, and what they lack shows.
#include <cstring>

#include "device_array.h"

namespace {

using cuda_test::DeviceArray;

void AddKernel(float* values, float added) {
  values[threadIdx.x] += added;
}

void ScaleKernel(float* values, float factor) {
  values[threadIdx.x] *= factor;
}

class EmulatedGraphTest : public testing::Test {
 protected:
  EmulatedGraphTest() {
    emulation::know_kernel("AddKernel", AddKernel);
    emulation::know_kernel("ScaleKernel", ScaleKernel);
    EXPECT_EQ(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), cudaSuccess);
    EXPECT_EQ(cudaGraphCreate(&graph_, 0), cudaSuccess);
    EXPECT_EQ(cudaMallocHost(&pinned_, 3 * sizeof(float)), cudaSuccess);
  }
  ~EmulatedGraphTest() override {
    if (exec_ != nullptr) {
      EXPECT_EQ(cudaGraphExecDestroy(exec_), cudaSuccess);
    }
    EXPECT_EQ(cudaGraphDestroy(graph_), cudaSuccess);
    EXPECT_EQ(cudaStreamDestroy(stream_), cudaSuccess);
    EXPECT_EQ(cudaFreeHost(pinned_), cudaSuccess);
  }

  // Arguments that live as long as the call that takes them.
  template <typename Kernel, typename Body>
  void WithParameters(Kernel kernel, float number, const Body& body) {
    float* values = values_.data();
    void* arguments[] = {&values, &number};
    cudaKernelNodeParams parameters{};
    parameters.func = reinterpret_cast<void*>(kernel);
    parameters.gridDim = dim3(1);
    parameters.blockDim = dim3(3);
    parameters.kernelParams = arguments;
    body(parameters);
  }
  template <typename Kernel>
  cudaGraphNode_t Add(Kernel kernel, float number, std::vector<cudaGraphNode_t> after = {}) {
    cudaGraphNode_t node = nullptr;
    WithParameters(kernel, number, [&](const cudaKernelNodeParams& parameters) {
      EXPECT_EQ(cudaGraphAddKernelNode(&node, graph_, after.data(), after.size(), &parameters), cudaSuccess);
    });
    return node;
  }
  void Instantiate() { EXPECT_EQ(cudaGraphInstantiateWithFlags(&exec_, graph_, 0), cudaSuccess); }
  void Launch() { EXPECT_EQ(cudaGraphLaunch(exec_, stream_), cudaSuccess); }
  std::vector<float> Values() {
    EXPECT_EQ(cudaStreamSynchronize(stream_), cudaSuccess);
    return values_.values();
  }

  DeviceArray<float> values_{std::vector<float>{1, 2, 3}};
  cudaStream_t stream_ = nullptr;
  cudaGraph_t graph_ = nullptr;
  cudaGraphExec_t exec_ = nullptr;
  float* pinned_ = nullptr;
};

TEST_F(EmulatedGraphTest, DoesItsNodesInTheOrderOfTheirDependencies) {
  const cudaGraphNode_t add = Add(AddKernel, 1);
  Add(ScaleKernel, 10, {add});
  Instantiate();
  Launch();
  EXPECT_EQ(Values(), (std::vector<float>{20, 30, 40}));
}

TEST_F(EmulatedGraphTest, DoesWhatLacksADependencyTooEarly) {
  Add(AddKernel, 1);
  Add(ScaleKernel, 10);
  Instantiate();
  Launch();
  EXPECT_EQ(Values(), (std::vector<float>{11, 21, 31}));
}

TEST_F(EmulatedGraphTest, OtherArgumentsHoldForLaunchesToCome) {
  const cudaGraphNode_t add = Add(AddKernel, 1);
  Instantiate();
  Launch();
  WithParameters(AddKernel, 100, [&](const cudaKernelNodeParams& parameters) {
    EXPECT_EQ(cudaGraphExecKernelNodeSetParams(exec_, add, &parameters), cudaSuccess);
  });
  Launch();
  EXPECT_EQ(Values(), (std::vector<float>{102, 103, 104}));
  WithParameters(ScaleKernel, 1, [&](const cudaKernelNodeParams& parameters) {
    EXPECT_EQ(cudaGraphExecKernelNodeSetParams(exec_, add, &parameters), cudaErrorInvalidValue);
  });
}

TEST_F(EmulatedGraphTest, CopiesWhatPinnedMemoryHoldsWhenItsTurnComes) {
  cudaGraphNode_t copy = nullptr;
  EXPECT_EQ(cudaGraphAddMemcpyNode1D(&copy, graph_, nullptr, 0, values_.data(), pinned_, 2 * sizeof(float),
                                     cudaMemcpyHostToDevice),
            cudaSuccess);
  Instantiate();
  pinned_[0] = pinned_[1] = pinned_[2] = 5;
  Launch();
  pinned_[0] = 6;  // too early
  EXPECT_EQ(Values(), (std::vector<float>{6, 5, 3}));
  EXPECT_EQ(cudaGraphExecMemcpyNodeSetParams1D(exec_, copy, values_.data(), pinned_ + 1, 2 * sizeof(float),
                                               cudaMemcpyHostToDevice),
            cudaSuccess);
  Launch();
  EXPECT_EQ(Values(), (std::vector<float>{5, 5, 3}));
}

TEST_F(EmulatedGraphTest, ClearsMemoryAndDoesWhatWasCaptured) {
  cudaStream_t side = nullptr;
  cudaGraph_t child = nullptr;
  EXPECT_EQ(cudaStreamCreateWithFlags(&side, cudaStreamNonBlocking), cudaSuccess);
  EXPECT_EQ(cudaStreamBeginCapture(side, cudaStreamCaptureModeThreadLocal), cudaSuccess);
  float* values = values_.data();
  float number = 7;
  void* arguments[] = {&values, &number};
  EXPECT_EQ(cudaLaunchKernel(reinterpret_cast<const void*>(AddKernel), dim3(1), dim3(3), arguments, 0, side),
            cudaSuccess);
  EXPECT_DEATH(cudaStreamSynchronize(side), "is being captured");
  EXPECT_EQ(cudaStreamEndCapture(side, &child), cudaSuccess);
  EXPECT_EQ(Values(), (std::vector<float>{1, 2, 3})) << "captured, not done";

  cudaMemsetParams parameters{};
  parameters.dst = values_.data() + 1;
  parameters.elementSize = 1;
  parameters.width = sizeof(float);
  parameters.height = 1;
  cudaGraphNode_t clear = nullptr, captured = nullptr;
  EXPECT_EQ(cudaGraphAddMemsetNode(&clear, graph_, nullptr, 0, &parameters), cudaSuccess);
  EXPECT_EQ(cudaGraphAddChildGraphNode(&captured, graph_, &clear, 1, child), cudaSuccess);
  EXPECT_EQ(cudaGraphDestroy(child), cudaSuccess);
  EXPECT_EQ(cudaStreamDestroy(side), cudaSuccess);
  Instantiate();
  Launch();
  EXPECT_EQ(Values(), (std::vector<float>{8, 7, 10}));
}

TEST_F(EmulatedGraphTest, CountsWhatIsLaunched) {
  mtl_emulation_counts before{}, after{};
  Add(AddKernel, 1);
  Instantiate();
  mtl_emulation_count(&before);
  Launch();
  Launch();
  mtl_emulation_count(&after);
  EXPECT_EQ(after.graphs - before.graphs, 2);
  EXPECT_EQ(after.kernels - before.kernels, 0);
}

TEST_F(EmulatedGraphTest, MayBeRefused) {
  Add(AddKernel, 1);
  mtl_emulation_refuse_graphs(1);
  EXPECT_EQ(cudaGraphInstantiateWithFlags(&exec_, graph_, 0), cudaErrorNotSupported);
  mtl_emulation_refuse_graphs(0);
  cudaGetLastError();
  Instantiate();
}

TEST_F(EmulatedGraphTest, OrdinaryMemoryIsRefused) {
  float host = 0;
  cudaGraphNode_t copy = nullptr;
  EXPECT_DEATH(cudaGraphAddMemcpyNode1D(&copy, graph_, nullptr, 0, values_.data(), &host, sizeof(float),
                                        cudaMemcpyHostToDevice),
               "which is not pinned memory");
}

TEST(EmulatedGraphDeathTest, IsMissedWhenItIsLeftBehind) {
  EXPECT_EXIT(
      {
        cudaGraph_t graph = nullptr;
        cudaGraphCreate(&graph, 0);
        std::exit(0);
      },
      testing::ExitedWithCode(1), "1 graphs");
}

}  // namespace

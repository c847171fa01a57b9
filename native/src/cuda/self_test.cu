// Nothing here throws: statuses are handed on as they are.
#include <cublasLt.h>
#include <cuda_runtime.h>

#include <array>

#include "cuda/kernel_tools.h"
#include "cuda/self_test.h"

namespace mtl {
namespace {

constexpr int kSize = 16;  // the test multiplies two square matrices of this many rows

// Small integers: every sum is exact in any precision.
static __global__ void self_test_fill_kernel(float* left, float* right) {
  for_each_index(kSize * kSize, [=](int64_t i) {
    left[i] = static_cast<float>(i % 5 - 2);
    right[i] = static_cast<float>(i % 7 - 3);
  });
}

using Matrix = std::array<float, kSize * kSize>;

// What cuBLASLt makes of the two, read column by column.
Matrix expected_product() {
  Matrix product{};
  for (int column = 0; column < kSize; ++column) {
    for (int row = 0; row < kSize; ++row) {
      for (int i = 0; i < kSize; ++i) {
        product[column * kSize + row] +=
            static_cast<float>((i * kSize + row) % 5 - 2) * static_cast<float>((column * kSize + i) % 7 - 3);
      }
    }
  }
  return product;
}

class SelfTest {
 public:
  SelfTest() = default;
  SelfTest(const SelfTest&) = delete;
  SelfTest& operator=(const SelfTest&) = delete;
  ~SelfTest() {
    if (preference_ != nullptr) cublasLtMatmulPreferenceDestroy(preference_);
    if (operation_ != nullptr) cublasLtMatmulDescDestroy(operation_);
    if (layout_ != nullptr) cublasLtMatrixLayoutDestroy(layout_);
    if (handle_ != nullptr) cublasLtDestroy(handle_);
    if (memory_ != nullptr) cudaFree(memory_);
    if (stream_ != nullptr) cudaStreamDestroy(stream_);
  }

  std::string failure(int32_t device) {
    constexpr int64_t kCount = kSize * kSize;
    Matrix product{};
    float* values = nullptr;
    if (!done(cudaSetDevice(device), "choosing the device") ||
        !done(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "making a stream") ||
        !done(cudaMalloc(&memory_, 3 * sizeof(Matrix)), "allocating device memory")) {
      return why_;
    }
    values = static_cast<float*>(memory_);
    if (!done(launch_on(stream_, "self_test_fill_kernel", shape_for(kCount), self_test_fill_kernel, values,
                        values + kCount),
              "launching a kernel") ||
        !multiply(values, values + kCount, values + 2 * kCount) ||
        !done(cudaMemcpyAsync(product.data(), values + 2 * kCount, sizeof product, cudaMemcpyDeviceToHost,
                              stream_),
              "copying from the device") ||
        !done(cudaStreamSynchronize(stream_), "running a kernel and a matrix product")) {
      return why_;
    }
    return product == expected_product() ? "" : "a matrix product of the device differs from the host's";
  }

 private:
  bool multiply(const float* left, const float* right, float* product) {
    const float one = 1, zero = 0;
    cublasLtMatmulHeuristicResult_t answer{};
    int count = 0;
    return done(cublasLtCreate(&handle_), "starting cuBLASLt") &&
           done(cublasLtMatmulDescCreate(&operation_, CUBLAS_COMPUTE_32F, CUDA_R_32F),
                "making a matrix product") &&
           done(cublasLtMatrixLayoutCreate(&layout_, CUDA_R_32F, kSize, kSize, kSize),
                "describing a matrix") &&
           done(cublasLtMatmulPreferenceCreate(&preference_), "making the preferences of a matrix product") &&
           done(cublasLtMatmulAlgoGetHeuristic(handle_, operation_, layout_, layout_, layout_, layout_,
                                               preference_, 1, &answer, &count),
                "asking for the algorithm of a product") &&
           done(cublasLtMatmul(handle_, operation_, &one, left, layout_, right, layout_, &zero, product,
                               layout_, product, layout_, &answer.algo, nullptr, 0, stream_),
                "a matrix product");
  }

  bool done(cudaError_t status, const char* what) {
    if (status == cudaSuccess) return true;
    why_ = failure_text(status, what);
    if (!is_lasting(status)) cudaGetLastError();  // else the next launch would report it again
    return false;
  }

  bool done(cublasStatus_t status, const char* what) {
    if (status == CUBLAS_STATUS_SUCCESS) return true;
    why_ = std::string(what) + ": " + cublasLtGetStatusName(status);
    return false;
  }

  std::string why_;
  cudaStream_t stream_ = nullptr;
  void* memory_ = nullptr;
  cublasLtHandle_t handle_ = nullptr;
  cublasLtMatmulDesc_t operation_ = nullptr;
  cublasLtMatrixLayout_t layout_ = nullptr;
  cublasLtMatmulPreference_t preference_ = nullptr;
};

}  // namespace

std::string self_test_failure(int32_t device) {
  return SelfTest().failure(device);
}

}  // namespace mtl

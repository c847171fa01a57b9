// Matrix products by cuBLASLt, on row-major matrices.
#ifndef MTL_CUDA_MATRIX_LIBRARY_H
#define MTL_CUDA_MATRIX_LIBRARY_H

#include <cublasLt.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <tuple>

#include "backend/backend.h"
#include "cuda/device_block.h"
#include "cuda/precision.h"

namespace mtl {

// What follows a product, in the same launch.
enum class Epilogue : int32_t {
  kNone = 0,
  kBias = 1,        // + vector[n] of each column of c
  kBiasRelu = 2,    // then max(0, .)
  kRowSumsOfA = 3,  // vector[m] = sum over k of op(a)[m, k]: the gradient of a bias
  kRelu = 4,        // max(0, .)
};

// c [m, n] (+)= op(a) [m, k] op(b) [k, n], all row-major; op transposes where asked. Sums of
// split products are never taken by atomic operations.
struct Product {
  const float* a;
  bool transpose_a;  // a is stored [k, m]
  const float* b;
  bool transpose_b;  // b is stored [n, k]
  float* c;
  int32_t m, n, k;
  Write write = Write::kOverwrite;
  Epilogue epilogue = Epilogue::kNone;
  void* vector = nullptr;  // float: read by kBias and kBiasRelu, written by kRowSumsOfA
  int32_t stride_a = 0;    // row length of a as stored, where it has gaps; 0: it has none
};

void check_product(cublasStatus_t status, const char* what);

// Several threads may multiply at once.
class MatrixLibrary {
 public:
  MatrixLibrary(const Launcher& launcher, Precision precision);
  ~MatrixLibrary();
  MatrixLibrary(const MatrixLibrary&) = delete;
  MatrixLibrary& operator=(const MatrixLibrary&) = delete;

  // The algorithm for a shape is asked for once and kept; m, n, k at least 1. Throws MTL_DEVICE_ERROR when
  // cuBLASLt has none.
  void multiply(const Product& product);
  // Into a stream of the device, which must be the current one.
  cublasStatus_t enqueue(const Product& product, cudaStream_t stream);
  // Whether cuBLASLt has an algorithm; only some epilogues of some shapes have none.
  bool can_multiply(const Product& product);
  // Version, for people.
  static int64_t version();

 private:
  struct Plan;  // descriptors and the algorithm of one shape
  // m, n, k, row length of a, form (what is transposed, added to, aligned), epilogue
  using Key = std::tuple<int32_t, int32_t, int32_t, int32_t, int32_t, int32_t>;

  const Plan& plan_of(const Product& product);
  const Plan& found_plan_of(const Product& product);

  class Handle {
   public:
    Handle();
    ~Handle();
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    cublasLtHandle_t handle() const { return handle_; }

   private:
    cublasLtHandle_t handle_ = nullptr;
  };

  const Launcher& launcher_;
  Precision precision_;
  DeviceBlock workspace_;  // first, as it makes the device the thread's
  Handle handle_;
  std::mutex mutex_;
  std::map<Key, std::unique_ptr<Plan>> plans_;
};

}  // namespace mtl

#endif

// Descriptions and calls of cuBLASLt, refused where the real library refuses them.
#include <cublasLt.h>

#include <cstring>

#include "block_runner.h"
#include "device_memory.h"
#include "device_state.h"
#include "failure.h"
#include "matrix_descriptions.h"
#include "matrix_product.h"
#include "stream.h"

namespace emulation {

namespace {

// What an algorithm was chosen for, as it lies in cublasLtMatmulAlgo_t.
struct Algorithm {
  uint64_t m, n, k;
  uint64_t workspace_bytes;
  uint32_t alignment[4];
  uint64_t epilogue;
  uint64_t mark;
};
static_assert(sizeof(Algorithm) == sizeof(cublasLtMatmulAlgo_t));
constexpr uint64_t kMark = 0x6d746c656d756c61;

// A value that an attribute gets; false when its size is not that of the attribute.
template <typename T>
bool take(T& target, const void* value, size_t bytes) {
  if (value == nullptr || bytes != sizeof(T)) return false;
  std::memcpy(&target, value, sizeof(T));
  return true;
}

size_t element_bytes(cudaDataType_t type) {
  return type == CUDA_R_32F ? sizeof(float) : sizeof(uint16_t);
}

size_t bytes_of(const MatrixLayout& layout) {
  return ((layout.columns - 1) * static_cast<uint64_t>(layout.leading) + layout.rows) *
         element_bytes(layout.type);
}

cublasStatus_t join(const MatmulDescription& description, const MatrixLayout& a, const MatrixLayout& b,
                    const MatrixLayout& c, const MatrixLayout& d, Product& product) {
  const bool ta = description.transpose_a == CUBLAS_OP_T;
  const bool tb = description.transpose_b == CUBLAS_OP_T;
  product = {description, a, b, c, d, d.rows, d.columns, ta ? a.rows : a.columns};
  for (const MatrixLayout* layout : {&a, &b, &c, &d}) {
    if (layout->rows == 0 || layout->columns == 0) return CUBLAS_STATUS_INVALID_VALUE;
    if (layout->leading < static_cast<int64_t>(layout->rows)) return CUBLAS_STATUS_INVALID_VALUE;
  }
  const bool fits = (ta ? a.columns : a.rows) == product.m && (tb ? b.rows : b.columns) == product.n &&
                    (tb ? b.columns : b.rows) == product.k && c.rows == d.rows && c.columns == d.columns;
  if (!fits) return CUBLAS_STATUS_INVALID_VALUE;
  if (c.type != CUDA_R_32F || d.type != CUDA_R_32F || a.type != b.type) return CUBLAS_STATUS_NOT_SUPPORTED;
  return CUBLAS_STATUS_SUCCESS;
}

uint64_t bias_length(const Product& product) {
  switch (product.description.epilogue) {
    case CUBLASLT_EPILOGUE_BIAS:
    case CUBLASLT_EPILOGUE_RELU_BIAS:
    case CUBLASLT_EPILOGUE_BGRADA:
      return product.m;
    case CUBLASLT_EPILOGUE_BGRADB:
      return product.n;
    default:
      return 0;
  }
}

// The real device reads vectors of the alignment an algorithm was chosen for. Allocations count as aligned to
// 256 bytes, as they are there.
void check_alignment(const void* pointer, uint32_t alignment, const char* which) {
  const DeviceMemory::Allocation* allocation = DeviceMemory::instance().find(pointer);
  if (allocation == nullptr) fail("cublasLtMatmul: %s is at %p, which is not device memory", which, pointer);
  const size_t offset = static_cast<size_t>(static_cast<const char*>(pointer) - allocation->begin);
  if (offset % alignment != 0) {
    fail(
        "cublasLtMatmul: %s begins %zu bytes into its allocation, but the algorithm was chosen for an "
        "alignment "
        "of %u bytes",
        which, offset, alignment);
  }
}

}  // namespace

}  // namespace emulation

using emulation::Algorithm;
using emulation::DeviceMemory;
using emulation::fail;
using emulation::take;

size_t cublasLtGetVersion() {
  return CUBLAS_VERSION;
}

const char* cublasLtGetStatusName(cublasStatus_t status) {
  switch (status) {
    case CUBLAS_STATUS_SUCCESS:
      return "CUBLAS_STATUS_SUCCESS";
    case CUBLAS_STATUS_ALLOC_FAILED:
      return "CUBLAS_STATUS_ALLOC_FAILED";
    case CUBLAS_STATUS_INVALID_VALUE:
      return "CUBLAS_STATUS_INVALID_VALUE";
    case CUBLAS_STATUS_EXECUTION_FAILED:
      return "CUBLAS_STATUS_EXECUTION_FAILED";
    case CUBLAS_STATUS_NOT_SUPPORTED:
      return "CUBLAS_STATUS_NOT_SUPPORTED";
    default:
      return "a status of cuBLAS";
  }
}

const char* cublasLtGetStatusString(cublasStatus_t status) {
  return status == CUBLAS_STATUS_SUCCESS ? "success" : "the emulated cuBLASLt refused";
}

cublasStatus_t cublasLtCreate(cublasLtHandle_t* handle) {
  const std::lock_guard guard(emulation::lock());
  if (emulation::lasting_failure() != cudaSuccess) return CUBLAS_STATUS_NOT_INITIALIZED;
  *handle = new emulation::MatrixHandle;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtDestroy(cublasLtHandle_t handle) {
  delete handle;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulDescCreate(cublasLtMatmulDesc_t* description, cublasComputeType_t compute,
                                        cudaDataType_t scale) {
  if (scale != CUDA_R_32F) return CUBLAS_STATUS_NOT_SUPPORTED;
  *description = new emulation::MatmulDescription;
  (*description)->compute = compute;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulDescDestroy(cublasLtMatmulDesc_t description) {
  delete description;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulDescSetAttribute(cublasLtMatmulDesc_t description,
                                              cublasLtMatmulDescAttributes_t name, const void* value,
                                              size_t bytes) {
  bool taken = false;
  switch (name) {
    case CUBLASLT_MATMUL_DESC_TRANSA:
      taken = take(description->transpose_a, value, bytes);
      break;
    case CUBLASLT_MATMUL_DESC_TRANSB:
      taken = take(description->transpose_b, value, bytes);
      break;
    case CUBLASLT_MATMUL_DESC_EPILOGUE:
      taken = take(description->epilogue, value, bytes);
      break;
    case CUBLASLT_MATMUL_DESC_BIAS_POINTER:
      taken = take(description->bias, value, bytes);
      break;
  }
  return taken ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_INVALID_VALUE;
}

cublasStatus_t cublasLtMatrixLayoutCreate(cublasLtMatrixLayout_t* layout, cudaDataType_t type, uint64_t rows,
                                          uint64_t columns, int64_t leading) {
  *layout = new emulation::MatrixLayout{type, rows, columns, leading};
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatrixLayoutDestroy(cublasLtMatrixLayout_t layout) {
  delete layout;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulPreferenceCreate(cublasLtMatmulPreference_t* preference) {
  *preference = new emulation::MatmulPreference;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulPreferenceDestroy(cublasLtMatmulPreference_t preference) {
  delete preference;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulPreferenceSetAttribute(cublasLtMatmulPreference_t preference,
                                                    cublasLtMatmulPreferenceAttributes_t name,
                                                    const void* value, size_t bytes) {
  bool taken = false;
  switch (name) {
    case CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES:
      taken = take(preference->workspace_bytes, value, bytes);
      break;
    case CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK:
      taken = take(preference->reductions, value, bytes);
      break;
    case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES:
    case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES:
    case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES:
    case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES:
      taken = take(preference->alignment[name - CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES], value, bytes);
      break;
  }
  return taken ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_INVALID_VALUE;
}

cublasStatus_t cublasLtMatmulAlgoGetHeuristic(cublasLtHandle_t handle, cublasLtMatmulDesc_t description,
                                              cublasLtMatrixLayout_t a, cublasLtMatrixLayout_t b,
                                              cublasLtMatrixLayout_t c, cublasLtMatrixLayout_t d,
                                              cublasLtMatmulPreference_t preference, int wanted,
                                              cublasLtMatmulHeuristicResult_t results[], int* found) {
  if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
  *found = 0;
  if (wanted < 1) return CUBLAS_STATUS_INVALID_VALUE;
  emulation::Product product;
  const cublasStatus_t status = emulation::join(*description, *a, *b, *c, *d, product);
  if (status != CUBLAS_STATUS_SUCCESS) return status;
  Algorithm algorithm{product.m, product.n, product.k, preference->workspace_bytes, {}, 0, emulation::kMark};
  std::memcpy(algorithm.alignment, preference->alignment, sizeof(algorithm.alignment));
  algorithm.epilogue = description->epilogue;
  results[0] = {};
  std::memcpy(&results[0].algo, &algorithm, sizeof(algorithm));
  results[0].workspaceSize = preference->workspace_bytes;
  *found = 1;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmul(cublasLtHandle_t handle, cublasLtMatmulDesc_t description, const void* alpha,
                              const void* a, cublasLtMatrixLayout_t a_layout, const void* b,
                              cublasLtMatrixLayout_t b_layout, const void* beta, const void* c,
                              cublasLtMatrixLayout_t c_layout, void* d, cublasLtMatrixLayout_t d_layout,
                              const cublasLtMatmulAlgo_t* algorithm, void* workspace, size_t workspace_bytes,
                              cudaStream_t stream) {
  constexpr const char* kWhat = "cublasLtMatmul";
  const std::lock_guard guard(emulation::lock());
  if (emulation::in_kernel()) fail("%s within a kernel", kWhat);
  if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
  if (emulation::lasting_failure() != cudaSuccess) return CUBLAS_STATUS_EXECUTION_FAILED;
  emulation::Product product;
  const cublasStatus_t status =
      emulation::join(*description, *a_layout, *b_layout, *c_layout, *d_layout, product);
  if (status != CUBLAS_STATUS_SUCCESS) return status;
  Algorithm chosen{product.m, product.n, product.k, 0, {4, 4, 4, 4}, description->epilogue, emulation::kMark};
  // Without an algorithm the library finds one that fits the pointers.
  if (algorithm != nullptr) std::memcpy(&chosen, algorithm, sizeof(chosen));
  if (chosen.mark != emulation::kMark || chosen.m != product.m || chosen.n != product.n ||
      chosen.k != product.k || chosen.epilogue != static_cast<uint64_t>(description->epilogue)) {
    fail("%s: the algorithm was chosen for another product", kWhat);
  }
  if (workspace_bytes < chosen.workspace_bytes) return CUBLAS_STATUS_INVALID_VALUE;
  DeviceMemory& memory = DeviceMemory::instance();
  if (workspace_bytes > 0) memory.check(workspace, workspace_bytes, "cublasLtMatmul: the workspace");
  const uint64_t bias_length = emulation::bias_length(product);
  if (bias_length > 0 && description->bias == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
  emulation::check_alignment(a, chosen.alignment[0], "a");
  emulation::check_alignment(b, chosen.alignment[1], "b");
  emulation::check_alignment(c, chosen.alignment[2], "c");
  emulation::check_alignment(d, chosen.alignment[3], "d");
  if (bias_length > 0) emulation::check_alignment(description->bias, sizeof(float), "the bias");
  float scale, kept;
  std::memcpy(&scale, alpha, sizeof(scale));
  std::memcpy(&kept, beta, sizeof(kept));
  emulation::enqueue(stream, [=] {
    DeviceMemory& device = DeviceMemory::instance();
    const auto view = [&](const void* pointer, size_t bytes, const char* what) {
      return device.host_view(pointer, bytes, what);
    };
    float* bias = nullptr;
    if (bias_length > 0) {
      const size_t bytes = bias_length * sizeof(float);
      bias = reinterpret_cast<float*>(view(product.description.bias, bytes, "cublasLtMatmul: the bias"));
    }
    emulation::multiply(
        product, scale, view(a, emulation::bytes_of(product.a), "cublasLtMatmul: a"),
        view(b, emulation::bytes_of(product.b), "cublasLtMatmul: b"), kept,
        reinterpret_cast<const float*>(view(c, emulation::bytes_of(product.c), "cublasLtMatmul: c")),
        reinterpret_cast<float*>(view(d, emulation::bytes_of(product.d), "cublasLtMatmul: d")), bias);
  });
  return CUBLAS_STATUS_SUCCESS;
}

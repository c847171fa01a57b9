// What the opaque handles of cublasLt.h hold.
#pragma once

#include <cublasLt.h>

namespace emulation {

struct MatrixHandle {};

struct MatmulDescription {
  cublasComputeType_t compute = CUBLAS_COMPUTE_32F;
  cublasOperation_t transpose_a = CUBLAS_OP_N;
  cublasOperation_t transpose_b = CUBLAS_OP_N;
  cublasLtEpilogue_t epilogue = CUBLASLT_EPILOGUE_DEFAULT;
  void* bias = nullptr;
};

// Column by column, `leading` elements apart.
struct MatrixLayout {
  cudaDataType_t type;
  uint64_t rows;
  uint64_t columns;
  int64_t leading;
};

// The alignments are those that the real library assumes unless it is told.
struct MatmulPreference {
  uint64_t workspace_bytes = 0;
  uint32_t reductions = CUBLASLT_REDUCTION_SCHEME_MASK;
  uint32_t alignment[4] = {256, 256, 256, 256};  // a, b, c, d
};

// One product whose descriptions fit each other: d [m, n] = alpha op(a) [m, k] op(b) [k, n] + beta c.
struct Product {
  MatmulDescription description;
  MatrixLayout a, b, c, d;
  uint64_t m, n, k;
};

}  // namespace emulation

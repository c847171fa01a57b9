// cuBLASLt is column-major. The transpose of a row-major matrix is the same memory read column by column, and
// c^T = op(b)^T op(a)^T: so b is its first factor, a its second, and m and n change places. Rows of its
// result are columns of ours: its bias, one value per row, is ours per column.
#include "cuda/matrix_library.h"

#include <string>

#include "cuda/command_list.h"

namespace mtl {

void check_product(cublasStatus_t status, const char* what) {
  if (status == CUBLAS_STATUS_SUCCESS) return;
  // A product that failed because of an earlier kernel: say so by that kernel's own error.
  check(cudaGetLastError(), what);
  fail_by_host(
      status == CUBLAS_STATUS_ALLOC_FAILED ? MTL_OUT_OF_MEMORY : MTL_DEVICE_ERROR,
      std::string(what) + ": " + cublasLtGetStatusName(status) + ", " + cublasLtGetStatusString(status));
}

namespace {

// As NVIDIA recommends for the largest GPUs; split products keep their parts here.
constexpr int64_t kWorkspaceBytes = int64_t{32} << 20;

// Each keeps some hundred bytes of descriptors. A network meets a few dozen shapes, per size of batch.
constexpr size_t kMostPlans = 1024;

constexpr uint32_t kAlignment = 16;  // bytes; what vector loads ask for

cublasComputeType_t compute_type(Precision precision) {
  switch (precision) {
    case Precision::kTensorFloat32:
      return CUBLAS_COMPUTE_32F_FAST_TF32;
    case Precision::kBFloat16:
      return CUBLAS_COMPUTE_32F_FAST_16BF;
    default:
      return CUBLAS_COMPUTE_32F;
  }
}

cublasLtEpilogue_t library_epilogue(Epilogue epilogue) {
  switch (epilogue) {
    case Epilogue::kBias:
      return CUBLASLT_EPILOGUE_BIAS;
    case Epilogue::kBiasRelu:
      return CUBLASLT_EPILOGUE_RELU_BIAS;
    case Epilogue::kRowSumsOfA:
      return CUBLASLT_EPILOGUE_BGRADB;
    case Epilogue::kRelu:
      return CUBLASLT_EPILOGUE_RELU;
    default:
      return CUBLASLT_EPILOGUE_DEFAULT;
  }
}

// Whether everything a product touches begins at a multiple of kAlignment.
bool is_aligned(const Product& product) {
  const auto bits = reinterpret_cast<uintptr_t>(product.a) | reinterpret_cast<uintptr_t>(product.b) |
                    reinterpret_cast<uintptr_t>(product.c) | reinterpret_cast<uintptr_t>(product.vector);
  return bits % kAlignment == 0;
}

template <typename Value>
void set(cublasLtMatmulDesc_t operation, cublasLtMatmulDescAttributes_t name, const Value& value) {
  check_product(cublasLtMatmulDescSetAttribute(operation, name, &value, sizeof value),
                "describing a matrix product");
}

template <typename Value>
void set(cublasLtMatmulPreference_t preference, cublasLtMatmulPreferenceAttributes_t name, Value value) {
  check_product(cublasLtMatmulPreferenceSetAttribute(preference, name, &value, sizeof value),
                "describing what a matrix product may use");
}

struct Preference {
  Preference() {
    check_product(cublasLtMatmulPreferenceCreate(&handle), "making the preferences of a matrix product");
  }
  void choose(uint32_t alignment) {
    set<uint64_t>(handle, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, static_cast<uint64_t>(kWorkspaceBytes));
    // Parts of a split product are added in the workspace, in one order; not in place, as they come.
    set<uint32_t>(handle, CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK, CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE);
    for (const auto name :
         {CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES,
          CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES}) {
      set<uint32_t>(handle, name, alignment);
    }
  }
  ~Preference() {
    if (handle != nullptr) cublasLtMatmulPreferenceDestroy(handle);
  }
  Preference(const Preference&) = delete;
  Preference& operator=(const Preference&) = delete;

  cublasLtMatmulPreference_t handle = nullptr;
};

cublasLtMatrixLayout_t layout_of(int64_t rows, int64_t columns, int64_t stride) {
  cublasLtMatrixLayout_t layout = nullptr;
  check_product(cublasLtMatrixLayoutCreate(&layout, CUDA_R_32F, static_cast<uint64_t>(rows),
                                           static_cast<uint64_t>(columns), stride),
                "describing a matrix");
  return layout;
}

}  // namespace

struct MatrixLibrary::Plan {
  Plan() = default;
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;
  ~Plan() {
    for (cublasLtMatrixLayout_t layout : {first, second, result}) {
      if (layout != nullptr) cublasLtMatrixLayoutDestroy(layout);
    }
    if (operation != nullptr) cublasLtMatmulDescDestroy(operation);
  }

  cublasLtMatmulDesc_t operation = nullptr;
  cublasLtMatrixLayout_t first = nullptr, second = nullptr, result = nullptr;  // b, a and c, column by column
  cublasLtMatmulAlgo_t algorithm{};
  bool found = false;
};

MatrixLibrary::Handle::Handle() {
  check_product(cublasLtCreate(&handle_), "starting cuBLASLt");
}

MatrixLibrary::Handle::~Handle() {
  cublasLtDestroy(handle_);
}

MatrixLibrary::MatrixLibrary(const Launcher& launcher, Precision precision)
    : launcher_(launcher),
      precision_(precision),
      workspace_(launcher, kWorkspaceBytes, "products of matrices") {}

MatrixLibrary::~MatrixLibrary() = default;

int64_t MatrixLibrary::version() {
  return static_cast<int64_t>(cublasLtGetVersion());
}

const MatrixLibrary::Plan& MatrixLibrary::plan_of(const Product& product) {
  const bool aligned = is_aligned(product);
  const int32_t form = (product.transpose_a ? 1 : 0) | (product.transpose_b ? 2 : 0) |
                       (product.write == Write::kAccumulate ? 4 : 0) | (aligned ? 8 : 0);
  const int32_t stored = product.transpose_a ? product.m : product.k;
  const int32_t stride = product.stride_a != 0 ? product.stride_a : stored;
  const Key key{product.m, product.n, product.k, stride, form, static_cast<int32_t>(product.epilogue)};
  const auto known = plans_.find(key);
  if (known != plans_.end()) return *known->second;

  auto plan = std::make_unique<Plan>();
  check_product(cublasLtMatmulDescCreate(&plan->operation, compute_type(precision_), CUDA_R_32F),
                "making a matrix product");
  set(plan->operation, CUBLASLT_MATMUL_DESC_TRANSA, product.transpose_b ? CUBLAS_OP_T : CUBLAS_OP_N);
  set(plan->operation, CUBLASLT_MATMUL_DESC_TRANSB, product.transpose_a ? CUBLAS_OP_T : CUBLAS_OP_N);
  set(plan->operation, CUBLASLT_MATMUL_DESC_EPILOGUE, library_epilogue(product.epilogue));
  if (product.vector != nullptr) {
    set(plan->operation, CUBLASLT_MATMUL_DESC_BIAS_POINTER, product.vector);
  }
  const int32_t rows_b = product.transpose_b ? product.n : product.k;
  const int32_t columns_b = product.transpose_b ? product.k : product.n;
  const int32_t rows_a = product.transpose_a ? product.k : product.m;
  plan->first = layout_of(columns_b, rows_b, columns_b);
  plan->second = layout_of(stored, rows_a, stride);
  plan->result = layout_of(product.n, product.m, product.n);
  Preference preference;
  preference.choose(aligned ? kAlignment : static_cast<uint32_t>(sizeof(float)));
  cublasLtMatmulHeuristicResult_t answer{};
  int count = 0;
  const cublasStatus_t status =
      cublasLtMatmulAlgoGetHeuristic(handle_.handle(), plan->operation, plan->first, plan->second,
                                     plan->result, plan->result, preference.handle, 1, &answer, &count);
  if (status != CUBLAS_STATUS_NOT_SUPPORTED) check_product(status, "asking for the algorithm of a product");
  plan->found = status == CUBLAS_STATUS_SUCCESS && count > 0;
  if (plan->found) plan->algorithm = answer.algo;

  if (plans_.size() >= kMostPlans) plans_.clear();
  return *(plans_[key] = std::move(plan));
}

bool MatrixLibrary::can_multiply(const Product& product) {
  const std::lock_guard<std::mutex> held(mutex_);
  launcher_.use();
  return plan_of(product).found;
}

const MatrixLibrary::Plan& MatrixLibrary::found_plan_of(const Product& product) {
  const Plan& plan = plan_of(product);
  if (!plan.found) {
    fail_by_host(MTL_DEVICE_ERROR, "cuBLASLt " + std::to_string(version()) +
                                       " has no algorithm for a product of " + std::to_string(product.m) +
                                       " x " + std::to_string(product.k) + " and " +
                                       std::to_string(product.k) + " x " + std::to_string(product.n));
  }
  return plan;
}

void MatrixLibrary::multiply(const Product& product) {
  launcher_.use();
  CommandList* const list = launcher_.deferred();
  if (list == nullptr) return check_product(enqueue(product, launcher_.stream()), "a matrix product");
  {
    // A product that cannot be is refused here, and not at the end of the step.
    const std::lock_guard<std::mutex> held(mutex_);
    found_plan_of(product);
  }
  list->add_product(product);
}

cublasStatus_t MatrixLibrary::enqueue(const Product& product, cudaStream_t stream) {
  // Held to the end: a split product is several launches with one workspace.
  const std::lock_guard<std::mutex> held(mutex_);
  const Plan& plan = found_plan_of(product);
  if (product.vector != nullptr) {
    set(plan.operation, CUBLASLT_MATMUL_DESC_BIAS_POINTER, product.vector);
  }
  const float one = 1.0f, kept = product.write == Write::kAccumulate ? 1.0f : 0.0f;
  return cublasLtMatmul(handle_.handle(), plan.operation, &one, product.b, plan.first, product.a, plan.second,
                        &kept, product.c, plan.result, product.c, plan.result, &plan.algorithm,
                        workspace_.memory(), static_cast<size_t>(kWorkspaceBytes), stream);
}

}  // namespace mtl

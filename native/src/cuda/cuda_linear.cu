// Linear layers: products of cuBLASLt, and own kernels for layers with a single output, where a product has
// no work to share between rows.
#include "cuda/activation.h"
#include "cuda/cells.h"
#include "cuda/column_sums.h"
#include "cuda/cuda_backend.h"
#include "cuda/packs.h"

namespace mtl {
namespace {

// Sums of the columns of x, each row times its weight where there are weights.
struct WeightedColumns {
  const float* weights;  // [rows] or nullptr
  const float* x;
  int64_t stride;
  __device__ void add(int64_t r, int64_t c, float* sums) const {
    const float value = x[r * stride + c];
    sums[0] += weights != nullptr ? weights[r] * value : value;
  }
};

}  // namespace

// y[r] (+)= x[r, :] . w + bias; a warp per row.
template <int kWidth>
static __global__ void row_dots_kernel(const float* x, const float* w, const float* bias, float* y,
                                       int64_t rows, int64_t width, bool accumulate) {
  const int64_t warps = int64_t{gridDim.x} * (blockDim.x / kWarp);
  const int lane = threadIdx.x % kWarp;
  for (int64_t r = (int64_t{blockIdx.x} * blockDim.x + threadIdx.x) / kWarp; r < rows; r += warps) {
    float sum = 0;
    for (int64_t c = int64_t{lane} * kWidth; c < width; c += kWarp * kWidth) {
      const Pack<kWidth> a = load<kWidth>(x + r * width + c), b = load<kWidth>(w + c);
      for (int j = 0; j < kWidth; ++j) sum += a.at[j] * b.at[j];
    }
    sum = warp_sum(sum);
    if (lane != 0) continue;
    const float value = bias != nullptr ? sum + bias[0] : sum;
    y[r] = accumulate ? y[r] + value : value;
  }
}

// y[r, :] (+)= a[r] w; width is a multiple of kWidth.
template <int kWidth>
static __global__ void outer_product_kernel(const float* a, const float* w, float* y, int64_t rows,
                                            int64_t width, bool accumulate) {
  for_each_cell(rows, width / kWidth, [&](int64_t r, int64_t pack) {
    const Pack<kWidth> factors = load<kWidth>(w + pack * kWidth);
    float* const target = y + r * width + pack * kWidth;
    Pack<kWidth> result{};
    if (accumulate) result = load<kWidth>(target);
    for (int j = 0; j < kWidth; ++j) result.at[j] += a[r] * factors.at[j];
    store(target, result);
  });
}

static void row_dots(const Launcher& launcher, const float* x, const float* w, const float* bias, float* y,
                     int32_t rows, int32_t width, Write write) {
  const bool packs = width % kPackWidth == 0 && begin_packs(x, w);
  MTL_LAUNCH(launcher, shape_for(int64_t{rows} * kWarp),
             (packs ? row_dots_kernel<kPackWidth> : row_dots_kernel<1>), x, w, bias, y, rows, width,
             write == Write::kAccumulate);
}

void CudaBackend::linear_forward(const float* x, const float* w, const float* bias, float* y, int32_t batch,
                                 int32_t in, int32_t out) {
  if (batch == 0 || out == 0) return;
  if (out == 1) return row_dots(launcher_, x, w, bias, y, batch, in, Write::kOverwrite);
  Product product{x, false, w, true, y, batch, out, in};
  if (bias != nullptr) {
    product.epilogue = Epilogue::kBias;
    product.vector = const_cast<float*>(bias);  // read alone
  }
  matrices_.multiply(product);
}

void CudaBackend::linear_product(const float* x, const float* w, float* y, int32_t batch, int32_t in,
                                 int32_t out, Write write) {
  if (batch == 0 || out == 0) return;
  if (out == 1) return row_dots(launcher_, x, w, nullptr, y, batch, in, write);
  matrices_.multiply({x, false, w, true, y, batch, out, in, write});
}

void CudaBackend::linear_activation_forward(const float* x, const float* w, const float* bias,
                                            mtl_activation kind, float* z, float* y, int32_t batch,
                                            int32_t in, int32_t out) {
  if (batch == 0 || out == 0) return;
  // Others than ReLU have no epilogue that is theirs exactly.
  if (kind == MTL_RELU && z == nullptr && out > 1) {
    Product product{x, false, w, true, y, batch, out, in};
    product.epilogue = bias != nullptr ? Epilogue::kBiasRelu : Epilogue::kRelu;
    product.vector = const_cast<float*>(bias);  // read alone
    matrices_.multiply(product);
    return;
  }
  float* const product = z != nullptr ? z : y;
  linear_forward(x, w, bias, product, batch, in, out);
  activation_forward(kind, product, y, int64_t{batch} * out);
}

void CudaBackend::linear_backward_input(const float* dy, const float* w, float* dx, int32_t batch, int32_t in,
                                        int32_t out, Write write) {
  if (batch == 0 || in == 0) return;
  if (out > 1) {
    matrices_.multiply({dy, false, w, false, dx, batch, in, out, write});
    return;
  }
  const bool accumulate = write == Write::kAccumulate;
  if (in % kPackWidth == 0 && begin_packs(w, dx)) {
    MTL_LAUNCH(launcher_, shape_for_cells(batch, in / kPackWidth), (outer_product_kernel<kPackWidth>), dy, w,
               dx, batch, in, accumulate);
  } else {
    MTL_LAUNCH(launcher_, shape_for_cells(batch, in), (outer_product_kernel<1>), dy, w, dx, batch, in,
               accumulate);
  }
}

void CudaBackend::linear_backward_parameters(const float* dy, const float* x, float* dw, float* dbias,
                                             int32_t batch, int32_t in, int32_t out, int32_t first,
                                             int32_t count) {
  if (count == 0) return;
  bool bias_is_done = dbias == nullptr;
  if (batch == 0) {
    zero(dw, int64_t{count} * in * static_cast<int64_t>(sizeof(float)));
  } else if (out > 1) {
    Product product{dy + first, true, x, false, dw, count, in, batch};
    product.stride_a = out;
    if (dbias != nullptr) {
      product.epilogue = Epilogue::kRowSumsOfA;
      product.vector = dbias;
      bias_is_done = matrices_.can_multiply(product);
      // The library has no such epilogue for some shapes and precisions.
      if (!bias_is_done) {
        product.epilogue = Epilogue::kNone;
        product.vector = nullptr;
      }
    }
    matrices_.multiply(product);
  } else {
    const std::lock_guard<std::mutex> held(mutex_);
    column_sums<1>(launcher_, scratch_, WeightedColumns{dy, x, in}, batch, in, {{dw}});
  }
  if (bias_is_done) return;
  const std::lock_guard<std::mutex> held(mutex_);
  column_sums<1>(launcher_, scratch_, WeightedColumns{nullptr, dy + first, out}, batch, count, {{dbias}});
}

}  // namespace mtl

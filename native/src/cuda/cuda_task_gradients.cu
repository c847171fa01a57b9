// Sums of the gradients of several tasks, and what else is made of them; see cuda_inner_products.cu as well.
#include "backend/philox.h"
#include "cuda/arithmetic.h"
#include "cuda/cuda_backend.h"
#include "cuda/kernel_tools.h"
#include "cuda/partial_sums.h"

namespace mtl {

// to[blockIdx.x] (+)= the block's share of the sum over r, c of left[r, c] (right[r, c] + shift).
static __global__ void matched_product_kernel(const float* left, int64_t left_stride, const float* right,
                                              int64_t right_stride, float shift, int64_t count,
                                              int64_t columns, double* to, bool accumulate) {
  double sum = 0;
  for_each_index(count, [&](int64_t at) {
    const int64_t r = quotient(at, columns), c = at - r * columns;
    sum += static_cast<double>(left[r * left_stride + c]) *
           (static_cast<double>(right[r * right_stride + c]) + static_cast<double>(shift));
  });
  const double total = block_sum(sum);
  if (threadIdx.x == 0) to[blockIdx.x] = accumulate ? to[blockIdx.x] + total : total;
}

static __global__ void weighted_sum_kernel(const float* rows, int32_t count, int64_t width, int64_t stride,
                                           const double* weights, float* out) {
  for_each_index(width, [&](int64_t c) {
    double sum = 0;
    MTL_UNROLL_BY(4)
    for (int32_t i = 0; i < count; ++i) sum += weights[i] * static_cast<double>(rows[i * stride + c]);
    out[c] = static_cast<float>(sum);
  });
}

static __global__ void weighted_sum_of_fours_kernel(const float4* rows, int32_t count, int64_t width,
                                                    int64_t stride, const double* weights, float4* out) {
  for_each_index(width, [&](int64_t c) {
    double x = 0, y = 0, z = 0, w = 0;
    MTL_UNROLL_BY(4)
    for (int32_t i = 0; i < count; ++i) {
      const float4 value = rows[i * stride + c];
      const double weight = weights[i];
      x += weight * static_cast<double>(value.x);
      y += weight * static_cast<double>(value.y);
      z += weight * static_cast<double>(value.z);
      w += weight * static_cast<double>(value.w);
    }
    float4 sum;
    sum.x = static_cast<float>(x);
    sum.y = static_cast<float>(y);
    sum.z = static_cast<float>(z);
    sum.w = static_cast<float>(w);
    out[c] = sum;
  });
}

static __global__ void blend_kernel(float* target, const float* source, int64_t count, float keep,
                                    float take) {
  for_each_index(count, [&](int64_t i) { target[i] = keep * target[i] + take * source[i]; });
}

static __global__ void accumulate_squares_kernel(float* squares, const float* x, int64_t count,
                                                 double* partial) {
  double sum = 0;
  for_each_index(count, [&](int64_t i) {
    const double square = static_cast<double>(x[i]) * static_cast<double>(x[i]);
    const float total = squares[i] + static_cast<float>(square);
    squares[i] = total;
    sum += square / sqrt(static_cast<double>(total) + 1e-7);
  });
  const double total = block_sum(sum);
  if (threadIdx.x == 0) partial[blockIdx.x] = total;
}

static __global__ void sign_vote_kernel(const float* matrix, int64_t stride, const int32_t* rows,
                                        int32_t count, int64_t first, int64_t width, double leak,
                                        uint64_t seed, uint32_t batch, float* out) {
  constexpr uint32_t kStream = 0x64726F70;  // the processor's
  for_each_index(width, [&](int64_t c) {
    double positive = 0, negative = 0;
    for (int32_t i = 0; i < count; ++i) {
      const double value = static_cast<double>(matrix[rows[i] * stride + c]);
      if (value > 0) {
        positive += value;
      } else {
        negative += value;
      }
    }
    const uint64_t element = static_cast<uint64_t>(first + c);
    const PhiloxWords words = philox(
        {{static_cast<uint32_t>(element), static_cast<uint32_t>(element >> 32), kStream, batch}}, seed);
    const double uniform = words.word[0] * (1.0 / 4294967296.0), size = positive - negative;
    const double vote = size == 0 ? 0.5 : (1 + (positive + negative) / size) / 2;
    out[c] = static_cast<float>(rounded_product(vote > uniform ? 1 : leak, positive) +
                                rounded_product(vote < uniform ? 1 : leak, negative));
  });
}

// A value counts when its place in the order of all, equal ones in the order of their rows, is neither among
// the first nor among the last `cut`. Few rows: comparing all pairs is quicker than sorting.
static __global__ void trimmed_mean_kernel(const float* matrix, int64_t stride, const int32_t* rows,
                                           int32_t count, int64_t width, int32_t cut, float* out) {
  for_each_index(width, [&](int64_t c) {
    double sum = 0;
    for (int32_t i = 0; i < count; ++i) {
      const float value = matrix[rows[i] * stride + c];
      int32_t place = 0;
      for (int32_t j = 0; j < count && cut > 0; ++j) {
        const float other = matrix[rows[j] * stride + c];
        if (other < value || (other == value && j < i)) ++place;
      }
      if (cut == 0 || (place >= cut && place < count - cut)) sum += static_cast<double>(value);
    }
    out[c] = static_cast<float>(sum / (count - 2 * cut));
  });
}

void CudaBackend::add_matched_product(const float* left, int64_t left_stride, const float* right,
                                      int64_t right_stride, float shift, int32_t rows, int32_t columns,
                                      double* sum) {
  const int64_t count = int64_t{rows} * columns;
  if (count == 0) return;
  const std::lock_guard lock(mutex_);
  // Without gaps it is one long row.
  const int64_t length = left_stride == columns && right_stride == columns ? count : columns;
  const int32_t blocks = blocks_of_sum(count);
  double* const to = blocks == 1 ? sum : scratch_.of<double>(blocks);
  MTL_LAUNCH(launcher_, Shape{dim3(static_cast<unsigned>(blocks))}, matched_product_kernel, left, left_stride,
             right, right_stride, shift, count, length, to, blocks == 1);
  if (blocks > 1) sum_partials(launcher_, to, blocks, sum, Write::kAccumulate);
}

void CudaBackend::weighted_sum(const float* rows, int32_t count, int64_t width, int64_t stride,
                               const double* weights, float* out) {
  if (width == 0) return;
  const std::lock_guard lock(mutex_);
  const double* const staged = staging_.put(weights, count);
  const auto aligned = [](const float* memory) {
    return reinterpret_cast<uintptr_t>(memory) % sizeof(float4) == 0;
  };
  const int64_t fours = aligned(rows) && aligned(out) && stride % 4 == 0 ? width / 4 : 0;
  if (fours > 0) {
    MTL_LAUNCH(launcher_, shape_for(fours), weighted_sum_of_fours_kernel,
               reinterpret_cast<const float4*>(rows), count, fours, stride / 4, staged,
               reinterpret_cast<float4*>(out));
  }
  const int64_t rest = width - 4 * fours;
  if (rest > 0) {
    MTL_LAUNCH(launcher_, shape_for(rest), weighted_sum_kernel, rows + 4 * fours, count, rest, stride, staged,
               out + 4 * fours);
  }
}

void CudaBackend::blend(float* target, const float* source, int64_t count, double keep, double take) {
  if (count == 0) return;
  MTL_LAUNCH(launcher_, shape_for(count), blend_kernel, target, source, count, static_cast<float>(keep),
             static_cast<float>(take));
}

void CudaBackend::accumulate_squares(float* squares, const float* x, int64_t count, double* sum) {
  if (count == 0) {
    zero(sum, sizeof(double));
    return;
  }
  const std::lock_guard lock(mutex_);
  const int32_t blocks = blocks_of_sum(count);
  double* const partial = blocks == 1 ? sum : scratch_.of<double>(blocks);
  MTL_LAUNCH(launcher_, Shape{dim3(static_cast<unsigned>(blocks))}, accumulate_squares_kernel, squares, x,
             count, partial);
  if (blocks > 1) sum_partials(launcher_, partial, blocks, sum, Write::kOverwrite);
}

void CudaBackend::sign_vote(const float* matrix, int64_t stride, const int32_t* rows, int32_t count,
                            int64_t first, int64_t width, double leak, uint64_t seed, uint32_t batch,
                            float* out) {
  if (width == 0) return;
  const std::lock_guard lock(mutex_);
  MTL_LAUNCH(launcher_, shape_for(width), sign_vote_kernel, matrix, stride, staging_.put(rows, count), count,
             first, width, leak, seed, batch, out);
}

void CudaBackend::trimmed_mean(const float* matrix, int64_t stride, const int32_t* rows, int32_t count,
                               int64_t width, int32_t trim, float*, float* out) {
  if (width == 0 || count == 0) return;
  const std::lock_guard lock(mutex_);
  const int32_t cut = std::min(trim, (count - 1) / 2);
  MTL_LAUNCH(launcher_, shape_for(width), trimmed_mean_kernel, matrix, stride, staging_.put(rows, count),
             count, width, cut, out);
}

}  // namespace mtl

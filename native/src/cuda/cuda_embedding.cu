// Table look-up, and copies between matrices of different widths.
//
// Backward sorts the samples by their codes, samples of one code staying in order, and adds up the rows of
// each code one after the other: no atomics, the processor's order, and no work for categories that do not
// occur but the clearing of the table.
#include "cuda/arithmetic.h"
#include "cuda/cells.h"
#include "cuda/cuda_backend.h"
#include "cuda/kernel_tools.h"
#include "cuda/packs.h"

namespace mtl {

// Rows of `width` elements of T: floats, or packs of them.
template <typename T>
static __global__ void look_up_kernel(const T* table, const int32_t* codes, int32_t columns, int32_t column,
                                      T* y, int64_t batch, int64_t width) {
  for_each_cell(batch, width, [&](int64_t i, int64_t j) {
    y[i * width + j] = table[codes[i * columns + column] * width + j];
  });
}

template <typename T>
static __global__ void copy_columns_kernel(const T* source, int64_t source_stride, T* target,
                                           int64_t target_stride, int64_t batch, int64_t width) {
  for_each_cell(batch, width,
                [&](int64_t i, int64_t j) { target[i * target_stride + j] = source[i * source_stride + j]; });
}

static __global__ void add_columns_kernel(const float* source, int64_t source_stride, float* target,
                                          int64_t target_stride, int64_t batch, int64_t width) {
  for_each_cell(batch, width, [&](int64_t i, int64_t j) {
    target[i * target_stride + j] += source[i * source_stride + j];
  });
}

// ---- sorting: keys of 64 bits, the code above the sample's number, so that no two are equal

// Keys that one block sorts in shared memory.
static constexpr int32_t kSortedByBlock = 4096;
static constexpr int32_t kSortThreads = 512;
// Samples that are sorted at once; a power of two. The keys fill the scratch.
static constexpr int64_t kMostSorted = DeviceScratch::kBytes / static_cast<int64_t>(sizeof(uint64_t));
static constexpr uint64_t kLast = ~uint64_t{0};  // behind all keys

// Whether the pair whose lower place is `at` has to be swapped, in the merge of runs of `size` keys.
__device__ static bool out_of_order(uint64_t low, uint64_t high, int64_t at, int64_t size) {
  return (low > high) == ((at & size) == 0);
}

// Bitonic sort of blocks of `count` keys, a power of two of at most kSortedByBlock. first_size 2: from the
// codes on; larger: the keys are bitonic runs of first_size, whose pairs at distances of `count` and more
// have been compared.
static __global__ void sort_block_kernel(const int32_t* codes, int32_t columns, int32_t column,
                                         int64_t samples, uint64_t* keys, int32_t count, int64_t first_size) {
  __shared__ uint64_t block[kSortedByBlock];
  const int64_t begin = int64_t{blockIdx.x} * count;
  for (int32_t k = threadIdx.x; k < count; k += blockDim.x) {
    const int64_t i = begin + k;
    if (first_size > 2) {
      block[k] = keys[i];
    } else if (i < samples) {
      block[k] =
          uint64_t{static_cast<uint32_t>(codes[i * columns + column])} << 32 | static_cast<uint64_t>(i);
    } else {
      block[k] = kLast;
    }
  }
  __syncthreads();
  for (int64_t size = first_size; size <= (first_size > count ? first_size : count); size *= 2) {
    const int32_t widest = static_cast<int32_t>((size < count ? size : count) / 2);
    for (int32_t distance = widest; distance > 0; distance /= 2) {
      for (int32_t pair = threadIdx.x; pair < count / 2; pair += blockDim.x) {
        const int32_t low = 2 * pair - (pair & (distance - 1)), high = low + distance;
        const uint64_t a = block[low], b = block[high];
        if (out_of_order(a, b, begin + low, size)) {
          block[low] = b;
          block[high] = a;
        }
      }
      __syncthreads();
    }
  }
  for (int32_t k = threadIdx.x; k < count; k += blockDim.x) keys[begin + k] = block[k];
}

// One step of a merge, over distances that do not fit a block.
static __global__ void sort_across_kernel(uint64_t* keys, int64_t pairs, int64_t size, int64_t distance) {
  for_each_index(pairs, [&](int64_t pair) {
    const int64_t low = 2 * pair - (pair & (distance - 1)), high = low + distance;
    const uint64_t a = keys[low], b = keys[high];
    if (out_of_order(a, b, low, size)) {
      keys[low] = b;
      keys[high] = a;
    }
  });
}

// The first key behind those with the same code as keys[begin].
__device__ static int64_t end_of_code(const uint64_t* keys, int64_t begin, int64_t samples) {
  const uint64_t next = (keys[begin] >> 32 << 32) + (uint64_t{1} << 32);
  int64_t low = begin + 1, high = samples;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (keys[middle] < next) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

// One element of one code's row per thread; the threads at the other samples of the code have nothing to do.
static __global__ void add_rows_by_code_kernel(const uint64_t* keys, int64_t samples, const float* dy,
                                               float* dtable, int64_t width) {
  constexpr int32_t kAhead = 16;  // rows read before the first of them is added
  for_each_cell(samples, width, [&](int64_t begin, int64_t j) {
    const uint64_t code = keys[begin] >> 32;
    if (begin > 0 && keys[begin - 1] >> 32 == code) return;
    const int64_t end = end_of_code(keys, begin, samples);
    float* const target = dtable + static_cast<int64_t>(code) * width + j;
    float sum = *target;
    for (int64_t k = begin; k < end; k += kAhead) {
      float rows[kAhead];
      MTL_UNROLL
      for (int32_t a = 0; a < kAhead; ++a) {
        const int64_t row = k + a < end ? static_cast<int64_t>(keys[k + a] & 0xffffffffu) : -1;
        rows[a] = row >= 0 ? dy[row * width + j] : 0.0f;
      }
      MTL_UNROLL
      for (int32_t a = 0; a < kAhead; ++a) {
        if (k + a < end) sum += rows[a];
      }
    }
    *target = sum;
  });
}

using Four = Pack<kPackWidth>;

static const Four* as_fours(const float* memory) {
  return reinterpret_cast<const Four*>(memory);
}

static Four* as_fours(float* memory) {
  return reinterpret_cast<Four*>(memory);
}

void CudaBackend::embedding_forward(const float* table, const int32_t* codes, int32_t columns, int32_t column,
                                    float* y, int32_t batch, int32_t width) {
  if (batch == 0 || width == 0) return;
  if (width % kPackWidth == 0 && begin_packs(table, y)) {
    MTL_LAUNCH(launcher_, shape_for_cells(batch, width / kPackWidth), (look_up_kernel<Four>), as_fours(table),
               codes, columns, column, as_fours(y), batch, width / kPackWidth);
  } else {
    MTL_LAUNCH(launcher_, shape_for_cells(batch, width), (look_up_kernel<float>), table, codes, columns,
               column, y, batch, width);
  }
}

void CudaBackend::embedding_backward(const float* dy, const int32_t* codes, int32_t columns, int32_t column,
                                     float* dtable, int32_t categories, int32_t batch, int32_t width) {
  zero(dtable, int64_t{categories} * width * static_cast<int64_t>(sizeof(float)));
  const std::lock_guard lock(mutex_);
  if (width == 0) return;
  for (int64_t first = 0; first < batch; first += kMostSorted) {
    const int64_t samples = std::min<int64_t>(batch - first, kMostSorted);
    int64_t count = 2;
    while (count < samples) count *= 2;
    uint64_t* const keys = scratch_.of<uint64_t>(count);
    const int32_t per_block = static_cast<int32_t>(std::min<int64_t>(count, kSortedByBlock));
    const Shape blocks{dim3(static_cast<unsigned>(count / per_block)), dim3(kSortThreads)};
    const int32_t* const some_codes = codes + first * columns;
    MTL_LAUNCH(launcher_, blocks, sort_block_kernel, some_codes, columns, column, samples, keys, per_block,
               int64_t{2});
    for (int64_t size = 2 * int64_t{per_block}; size <= count; size *= 2) {
      for (int64_t distance = size / 2; distance >= per_block; distance /= 2) {
        MTL_LAUNCH(launcher_, shape_for(count / 2), sort_across_kernel, keys, count / 2, size, distance);
      }
      MTL_LAUNCH(launcher_, blocks, sort_block_kernel, some_codes, columns, column, samples, keys, per_block,
                 size);
    }
    MTL_LAUNCH(launcher_, shape_for_cells(samples, width), add_rows_by_code_kernel, keys, samples,
               dy + first * width, dtable, width);
  }
}

void CudaBackend::copy_columns(const float* source, int32_t source_stride, int32_t source_column,
                               float* target, int32_t target_stride, int32_t target_column, int32_t batch,
                               int32_t width, Write write) {
  if (batch == 0 || width == 0) return;
  source += source_column;
  target += target_column;
  const Shape cells = shape_for_cells(batch, width);
  const bool fours = (source_stride | target_stride | width) % kPackWidth == 0 && begin_packs(source, target);
  if (write == Write::kAccumulate) {
    MTL_LAUNCH(launcher_, cells, add_columns_kernel, source, source_stride, target, target_stride, batch,
               width);
  } else if (fours) {
    MTL_LAUNCH(launcher_, shape_for_cells(batch, width / kPackWidth), (copy_columns_kernel<Four>),
               as_fours(source), source_stride / kPackWidth, as_fours(target), target_stride / kPackWidth,
               batch, width / kPackWidth);
  } else {
    MTL_LAUNCH(launcher_, cells, (copy_columns_kernel<float>), source, source_stride, target, target_stride,
               batch, width);
  }
}

}  // namespace mtl

// Sums down the columns of a matrix, of several terms at once: rows are cut into parts by the size alone, and
// the sums of the parts are added in their order.
#ifndef MTL_CUDA_COLUMN_SUMS_H
#define MTL_CUDA_COLUMN_SUMS_H

#include <algorithm>
#include <cstdint>

#include "cuda/device_scratch.h"
#include "cuda/kernel_tools.h"

namespace mtl {

// Where the sums of each term go, [columns]; those of part p, where there are several, [p, columns].
template <int kTerms>
struct ColumnTargets {
  float* of[kTerms];
};

// A block has the columns of a warp, and so many rows at a time.
inline constexpr int kColumnRows = kBlock / kWarp;

// Blocks (tile of columns, part of the rows). terms.add(row, column, sums) adds to the sums of each term.
template <int kTerms, typename Terms>
static __global__ void column_sums_kernel(Terms terms, int64_t rows, int64_t columns, int64_t rows_per_part,
                                          ColumnTargets<kTerms> targets) {
  __shared__ float shared[kTerms][kColumnRows][kWarp];
  const int64_t part = blockIdx.y, first = part * rows_per_part;
  const int64_t end = min(rows, first + rows_per_part);
  for (int64_t tile = int64_t{blockIdx.x} * kWarp; tile < columns; tile += int64_t{gridDim.x} * kWarp) {
    const int64_t c = tile + threadIdx.x;
    float sums[kTerms] = {};
    for (int64_t r = first + threadIdx.y; c < columns && r < end; r += kColumnRows) terms.add(r, c, sums);
    for (int t = 0; t < kTerms; ++t) shared[t][threadIdx.y][threadIdx.x] = sums[t];
    __syncthreads();
    for (int t = threadIdx.y; c < columns && t < kTerms; t += kColumnRows) {
      float sum = 0;
      for (int row = 0; row < kColumnRows; ++row) sum += shared[t][row][threadIdx.x];
      targets.of[t][part * columns + c] = sum;
    }
    __syncthreads();
  }
}

template <int kTerms>
static __global__ void column_parts_kernel(ColumnTargets<kTerms> parts, int64_t count, int64_t columns,
                                           ColumnTargets<kTerms> targets) {
  for_each_index(columns, [&](int64_t c) {
    for (int t = 0; t < kTerms; ++t) {
      float sum = 0;
      for (int64_t p = 0; p < count; ++p) sum += parts.of[t][p * columns + c];
      targets.of[t][c] = sum;
    }
  });
}

// The caller holds the scratch.
template <int kTerms, typename Terms>
void column_sums(const Launcher& launcher, const DeviceScratch& scratch, const Terms& terms, int64_t rows,
                 int64_t columns, const ColumnTargets<kTerms>& targets) {
  if (columns == 0) return;
  constexpr int64_t kRowsPerPart = 64, kMostParts = 64, kBlocks = 1024;
  const int64_t tiles = std::min((columns + kWarp - 1) / kWarp, kMostBlocks);
  const int64_t most = std::min({kMostParts, (kBlocks + tiles - 1) / tiles,
                                 DeviceScratch::kBytes / (kTerms * columns * int64_t{sizeof(float)})});
  int64_t parts = std::clamp<int64_t>(rows / kRowsPerPart, 1, std::max<int64_t>(most, 1));
  const int64_t rows_per_part = (rows + parts - 1) / parts;
  if (rows > 0) parts = (rows + rows_per_part - 1) / rows_per_part;
  const Shape shape{dim3(static_cast<unsigned>(tiles), static_cast<unsigned>(parts)),
                    dim3(kWarp, kColumnRows)};
  if (parts == 1) {
    MTL_LAUNCH(launcher, shape, (column_sums_kernel<kTerms, Terms>), terms, rows, columns, rows_per_part,
               targets);
    return;
  }
  ColumnTargets<kTerms> partial{};
  float* const memory = scratch.of<float>(kTerms * parts * columns);
  for (int t = 0; t < kTerms; ++t) partial.of[t] = memory + t * parts * columns;
  MTL_LAUNCH(launcher, shape, (column_sums_kernel<kTerms, Terms>), terms, rows, columns, rows_per_part,
             partial);
  MTL_LAUNCH(launcher, shape_for(columns), (column_parts_kernel<kTerms>), partial, parts, columns, targets);
}

}  // namespace mtl

#endif

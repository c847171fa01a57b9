// Work on the cells of a matrix: threads of a two-dimensional block run along rows, so that no cell costs a
// division and neighbouring threads have neighbouring addresses.
#ifndef MTL_CUDA_CELLS_H
#define MTL_CUDA_CELLS_H

#include <algorithm>
#include <cstdint>

#include "cuda/launch.h"

namespace mtl {

inline Shape shape_for_cells(int64_t rows, int64_t columns) {
  unsigned along = 1;
  while (along < kBlock && along < columns) along *= 2;
  const unsigned across = kBlock / along;
  const auto blocks = [](int64_t items, unsigned threads, int64_t most) {
    return std::clamp<int64_t>((items + threads - 1) / threads, 1, most);
  };
  const int64_t x = blocks(columns, along, kMostBlocks), y = blocks(rows, across, kMostBlocks / x);
  return {dim3(static_cast<unsigned>(x), static_cast<unsigned>(y)), dim3(along, across)};
}

// body(row, column) for every cell, shared out over all threads of a grid of shape_for_cells.
template <typename Body>
__device__ void for_each_cell(int64_t rows, int64_t columns, const Body& body) {
  for (int64_t r = int64_t{blockIdx.y} * blockDim.y + threadIdx.y; r < rows;
       r += int64_t{gridDim.y} * blockDim.y) {
    for (int64_t c = int64_t{blockIdx.x} * blockDim.x + threadIdx.x; c < columns;
         c += int64_t{gridDim.x} * blockDim.x) {
      body(r, c);
    }
  }
}

}  // namespace mtl

#endif

// Inner products of the rows of a matrix with few long rows, as the gradients of all tasks are.
#include "cuda/arithmetic.h"
#include "cuda/cuda_backend.h"
#include "cuda/kernel_tools.h"

namespace mtl {

// A block multiplies kTile rows with kTile rows over a range of columns. It copies some columns at a time to
// shared memory, where threads in groups of (kTile / 4)^2, each with 4 x 4 products, take the columns in
// turn: with few rows there are many groups. Sums are kept in single precision over kRun columns, in double
// precision beyond.
template <int kTile>
struct ProductTile {
  static constexpr int kStage = 2048 / kTile;  // columns in shared memory
  static constexpr int kThreads = (kTile / 4) * (kTile / 4);
  static constexpr int kGroups = kBlock / kThreads;
  static constexpr int kPerStage = kStage / kGroups;  // columns per group
  static constexpr int kRun = 128;
  // Adding up groups: those of one warp, or one larger group, at a turn.
  static constexpr int kTurnThreads = kThreads < kWarp ? kWarp : kThreads;
  static constexpr int kTurns = kBlock / kTurnThreads;
  // Of one column in shared memory: keeps four floats aligned, and its places in different banks.
  static constexpr int kPitch = kTile + 4;
};

// The pairs of tiles (i, j), i <= j, row by row: pair `index` of `tiles` tiles.
__device__ static void tile_pair(int64_t index, int64_t tiles, int64_t* i, int64_t* j) {
  *i = 0;
  while (index >= tiles - *i) index -= tiles - (*i)++;
  *j = *i + index;
}

// Columns begin ... begin + kStage - 1 of kTile rows; what lies outside of the matrix counts as 0. Eight
// neighbouring threads read 32 bytes of one row; a warp writes to 32 banks.
template <int kTile>
__device__ static void copy_tile(const float* rows, int64_t first, int64_t count, int64_t stride,
                                 int64_t begin, int64_t end, float* tile) {
  using Tile = ProductTile<kTile>;
  constexpr int kAcross = 8, kDown = kBlock / kAcross;
  const int across = threadIdx.x % kAcross, down = threadIdx.x / kAcross;
  for (int at = down; at < kTile * (Tile::kStage / kAcross); at += kDown) {
    const int row = at % kTile, column = at / kTile * kAcross + across;
    const bool inside = first + row < count && begin + column < end;
    tile[column * Tile::kPitch + row] = inside ? rows[(first + row) * stride + begin + column] : 0.0f;
  }
}

// partial[split, pair, kTile * kTile]: block (pair, split) takes the split's share of the columns.
template <int kTile>
static __global__ void inner_products_kernel(const float* rows, int64_t count, int64_t width, int64_t stride,
                                             int64_t first_pair, int64_t per_split, double* partial) {
  using Tile = ProductTile<kTile>;
  __shared__ __align__(16) float left_tile[Tile::kStage * Tile::kPitch];
  __shared__ __align__(16) float right_tile[Tile::kStage * Tile::kPitch];
  int64_t i, j;
  tile_pair(first_pair + blockIdx.x, (count + kTile - 1) / kTile, &i, &j);
  const float* const right_side = i == j ? left_tile : right_tile;
  const int group = threadIdx.x / Tile::kThreads, member = threadIdx.x % Tile::kThreads;
  const int top = member / (kTile / 4) * 4, side = member % (kTile / 4) * 4;

  double total[4][4] = {};
  float sums[4][4] = {};
  int run = 0;
  const auto flush = [&] {
    for (int a = 0; a < 4; ++a) {
      for (int b = 0; b < 4; ++b) {
        total[a][b] += static_cast<double>(sums[a][b]);
        sums[a][b] = 0;
      }
    }
    run = 0;
  };
  const int64_t from = blockIdx.y * per_split, end = from + per_split < width ? from + per_split : width;
  for (int64_t begin = from; begin < end; begin += Tile::kStage) {
    copy_tile<kTile>(rows, i * kTile, count, stride, begin, end, left_tile);
    if (i != j) copy_tile<kTile>(rows, j * kTile, count, stride, begin, end, right_tile);
    __syncthreads();
    MTL_UNROLL_BY(4)
    for (int c = group; c < Tile::kStage; c += Tile::kGroups) {
      const float4 x = *reinterpret_cast<const float4*>(left_tile + c * Tile::kPitch + top);
      const float4 y = *reinterpret_cast<const float4*>(right_side + c * Tile::kPitch + side);
      const float left[4] = {x.x, x.y, x.z, x.w}, right[4] = {y.x, y.y, y.z, y.w};
      MTL_UNROLL
      for (int a = 0; a < 4; ++a) {
        MTL_UNROLL
        for (int b = 0; b < 4; ++b) sums[a][b] += left[a] * right[b];
      }
    }
    __syncthreads();
    run += Tile::kPerStage;
    if (run >= Tile::kRun) flush();
  }
  flush();

  // Of the groups within a warp first, then of the warps in their order.
  MTL_UNROLL
  for (int a = 0; a < 4; ++a) {
    MTL_UNROLL
    for (int b = 0; b < 4; ++b) {
      for (int offset = kWarp / 2; offset >= Tile::kThreads; offset /= 2) {
        total[a][b] += __shfl_xor_sync(0xffffffffu, total[a][b], offset);
      }
    }
  }
  __shared__ double joined[Tile::kTurns > 1 ? kTile * kTile : 1];
  double* const out = partial + (int64_t{blockIdx.y} * gridDim.x + blockIdx.x) * (kTile * kTile);
  double* const sum = Tile::kTurns > 1 ? joined : out;
  const int own_turn = threadIdx.x / Tile::kTurnThreads, place_in_turn = threadIdx.x % Tile::kTurnThreads;
  for (int turn = 0; turn < Tile::kTurns; ++turn) {
    if (turn == own_turn && place_in_turn < Tile::kThreads) {
      MTL_UNROLL
      for (int a = 0; a < 4; ++a) {
        MTL_UNROLL
        for (int b = 0; b < 4; ++b) {
          double& place = sum[(top + a) * kTile + side + b];
          place = turn == 0 ? total[a][b] : place + total[a][b];
        }
      }
    }
    __syncthreads();
  }
  for (int k = threadIdx.x; Tile::kTurns > 1 && k < kTile * kTile; k += blockDim.x) out[k] = joined[k];
}

// products[r, c] += the sum over the splits, one warp per product.
template <int kTile>
static __global__ void add_splits_kernel(const double* partial, int64_t count, int64_t first_pair,
                                         int64_t pairs, int64_t splits, double* products) {
  const int64_t warps = int64_t{gridDim.x} * blockDim.x / kWarp;
  const int lane = threadIdx.x % kWarp;
  for (int64_t at = (int64_t{blockIdx.x} * blockDim.x + threadIdx.x) / kWarp; at < pairs * kTile * kTile;
       at += warps) {
    int64_t i, j;
    tile_pair(first_pair + at / (kTile * kTile), (count + kTile - 1) / kTile, &i, &j);
    const int64_t r = i * kTile + at / kTile % kTile, c = j * kTile + at % kTile;
    if (r > c || c >= count) continue;
    double own = 0;
    for (int64_t s = lane; s < splits; s += kWarp) own += partial[s * pairs * (kTile * kTile) + at];
    const double sum = warp_sum(own);
    if (lane == 0) products[r * count + c] += sum;
  }
}

template <int kTile>
static void add_products(const Launcher& launcher, const DeviceScratch& scratch, const float* rows,
                         int64_t count, int64_t width, int64_t stride, double* products) {
  using Tile = ProductTile<kTile>;
  constexpr int64_t kTileBytes = int64_t{kTile} * kTile * static_cast<int64_t>(sizeof(double));
  constexpr int64_t kMostPairs = DeviceScratch::kBytes / kTileBytes;
  // Blocks that fill a GPU; each has several stages of columns at least.
  constexpr int64_t kBlocks = 1024, kLeastStages = 4;
  const int64_t tiles = (count + kTile - 1) / kTile, pairs = tiles * (tiles + 1) / 2;
  const int64_t stages = (width + Tile::kStage - 1) / Tile::kStage;
  for (int64_t first = 0; first < pairs; first += kMostPairs) {
    const int64_t some = std::min(pairs - first, kMostPairs);
    const int64_t most = std::min(kMostPairs / some, std::max<int64_t>(kBlocks / some, 1));
    const int64_t wanted = std::clamp<int64_t>(stages / kLeastStages, 1, most);
    const int64_t per_split = (stages + wanted - 1) / wanted * Tile::kStage;
    const int64_t splits = (width + per_split - 1) / per_split;
    double* const partial = scratch.of<double>(splits * some * kTile * kTile);
    const Shape blocks{dim3(static_cast<unsigned>(some), static_cast<unsigned>(splits))};
    MTL_LAUNCH(launcher, blocks, (inner_products_kernel<kTile>), rows, count, width, stride, first, per_split,
               partial);
    MTL_LAUNCH(launcher, shape_for(some * kTile * kTile * kWarp), (add_splits_kernel<kTile>), partial, count,
               first, some, splits, products);
  }
}

void CudaBackend::add_inner_products(const float* rows, int32_t count, int64_t width, int64_t stride,
                                     double* products) {
  if (count == 0 || width == 0) return;
  const std::lock_guard lock(mutex_);
  if (count <= 8) {
    add_products<8>(launcher_, scratch_, rows, count, width, stride, products);
  } else if (count <= 16) {
    add_products<16>(launcher_, scratch_, rows, count, width, stride, products);
  } else if (count <= 32) {
    add_products<32>(launcher_, scratch_, rows, count, width, stride, products);
  } else {
    add_products<64>(launcher_, scratch_, rows, count, width, stride, products);
  }
}

}  // namespace mtl

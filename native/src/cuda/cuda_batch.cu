// Gathering a batch from a data set that lies on the device.
#include "cuda/cells.h"
#include "cuda/cuda_backend.h"
#include "cuda/packs.h"

namespace mtl {
namespace {

// Rows are staged so many at a time.
constexpr int32_t kMostRows =
    static_cast<int32_t>(Staging::kMostBytes / static_cast<int64_t>(sizeof(int32_t)));

}  // namespace

// Word is what a thread moves at a time; a row has `words` of them.
template <typename Word>
static __global__ void gather_rows_kernel(const Word* table, int64_t words, const int32_t* rows,
                                          int64_t count, Word* out) {
  for_each_cell(count, words,
                [&](int64_t i, int64_t j) { out[i * words + j] = table[int64_t{rows[i]} * words + j]; });
}

// Writes are side by side, reads are not: a few columns of one row share what one of them has fetched.
static __global__ void gather_columns_kernel(const float* table, int64_t width, const int32_t* rows,
                                             int64_t count, float* out, int64_t stride) {
  for_each_cell(width, count,
                [&](int64_t j, int64_t i) { out[j * stride + i] = table[int64_t{rows[i]} * width + j]; });
}

void CudaBackend::gather_rows(const void* table, int32_t width, const int32_t* rows, int32_t count,
                              void* out) {
  if (width == 0) return;
  const std::lock_guard<std::mutex> held(mutex_);
  for (int32_t first = 0; first < count; first += std::min(kMostRows, count - first)) {
    const int32_t some = std::min(kMostRows, count - first);
    const int32_t* const staged = staging_.put(rows + first, some);
    char* const target = static_cast<char*>(out) + int64_t{first} * width * 4;
    if (width % 4 == 0 && begin_packs(table, target)) {
      MTL_LAUNCH(launcher_, shape_for_cells(some, width / 4), (gather_rows_kernel<uint4>),
                 static_cast<const uint4*>(table), width / 4, staged, some, reinterpret_cast<uint4*>(target));
    } else {
      MTL_LAUNCH(launcher_, shape_for_cells(some, width), (gather_rows_kernel<uint32_t>),
                 static_cast<const uint32_t*>(table), width, staged, some,
                 reinterpret_cast<uint32_t*>(target));
    }
  }
}

void CudaBackend::gather_columns(const float* table, int32_t width, const int32_t* rows, int32_t count,
                                 float* out, int64_t stride) {
  if (width == 0) return;
  const std::lock_guard<std::mutex> held(mutex_);
  for (int32_t first = 0; first < count; first += std::min(kMostRows, count - first)) {
    const int32_t some = std::min(kMostRows, count - first);
    MTL_LAUNCH(launcher_, shape_for_cells(width, some), gather_columns_kernel, table, width,
               staging_.put(rows + first, some), some, out + first, stride);
  }
}

}  // namespace mtl

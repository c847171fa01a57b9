// Layer norm over rows: a warp per row, or a block where rows are long. The variance is computed from the
// differences, not from the sum of squares.
#include "cuda/cells.h"
#include "cuda/column_sums.h"
#include "cuda/cuda_backend.h"
#include "cuda/packs.h"

namespace mtl {
namespace {

constexpr int32_t kLongRow = 1024;

// The threads that work on one row together, and which row. kWide: those of a block, else those of a warp.
template <bool kWide>
struct RowTeam {
  static constexpr int kThreads = kWide ? kBlock : kWarp;
  static constexpr int kTeams = kBlock / kThreads;  // per block

  // body(row) for every row of this team; all threads of it go through the same rows.
  template <typename Body>
  __device__ static void for_each_row(int64_t rows, const Body& body) {
    for (int64_t r = int64_t{blockIdx.x} * kTeams + threadIdx.x / kThreads; r < rows;
         r += int64_t{gridDim.x} * kTeams) {
      body(r);
    }
  }

  // body(column) for every pack of a row that is this thread's.
  template <int kWidth, typename Body>
  __device__ static void for_each_pack(int64_t width, const Body& body) {
    for (int64_t c = int64_t{threadIdx.x % kThreads} * kWidth; c < width; c += kThreads * kWidth) body(c);
  }

  template <typename T>
  __device__ static T sum(T value) {
    return kWide ? block_sum(value) : warp_sum(value);
  }

  __device__ static bool is_first() { return threadIdx.x % kThreads == 0; }

  static Shape shape(int64_t rows) {
    const int64_t blocks = std::clamp<int64_t>((rows + kTeams - 1) / kTeams, 1, kMostBlocks);
    return {dim3(static_cast<unsigned>(blocks))};
  }
};

struct NormTerms {
  const float* x;
  const float* mean;
  const float* inverse;
  const float* dy;
  int64_t width;
  __device__ void add(int64_t r, int64_t c, float* sums) const {
    const float change = dy[r * width + c];
    sums[0] += change * ((x[r * width + c] - mean[r]) * inverse[r]);
    sums[1] += change;
  }
};

// launch(width of packs, kind of team) for rows of this length; packs: everything is aligned for them.
template <typename Launch>
void with_row_team(int32_t width, bool packs, const Launch& launch) {
  using Single = std::integral_constant<int, 1>;
  using Packed = std::integral_constant<int, kPackWidth>;
  packs = packs && width % kPackWidth == 0;
  if (width > kLongRow) {
    packs ? launch(Packed{}, RowTeam<true>{}) : launch(Single{}, RowTeam<true>{});
  } else {
    packs ? launch(Packed{}, RowTeam<false>{}) : launch(Single{}, RowTeam<false>{});
  }
}

}  // namespace

template <int kWidth, typename Team>
static __global__ void layer_norm_forward_kernel(const float* x, const float* gain, const float* shift,
                                                 float epsilon, float* y, float* mean, float* inverse,
                                                 int64_t rows, int64_t width) {
  const float share = 1.0f / static_cast<float>(width);
  Team::for_each_row(rows, [&](int64_t r) {
    const float* const row = x + r * width;
    float sum = 0, squares = 0;
    Team::template for_each_pack<kWidth>(width, [&](int64_t c) {
      const Pack<kWidth> values = load<kWidth>(row + c);
      for (const float value : values.at) sum += value;
    });
    const float m = Team::sum(sum) * share;
    Team::template for_each_pack<kWidth>(width, [&](int64_t c) {
      const Pack<kWidth> values = load<kWidth>(row + c);
      for (const float value : values.at) squares += (value - m) * (value - m);
    });
    const float inv = 1.0f / sqrtf(Team::sum(squares) * share + epsilon);
    Team::template for_each_pack<kWidth>(width, [&](int64_t c) {
      Pack<kWidth> values = load<kWidth>(row + c);
      const Pack<kWidth> gains = load<kWidth>(gain + c), shifts = load<kWidth>(shift + c);
      for (int j = 0; j < kWidth; ++j) values.at[j] = gains.at[j] * ((values.at[j] - m) * inv) + shifts.at[j];
      store(y + r * width + c, values);
    });
    if (Team::is_first()) {
      mean[r] = m;
      inverse[r] = inv;
    }
  });
}

// With n = (x - mean) inverse and g = dy gain:  dx = inverse (g - mean(g) - n mean(g n))
template <int kWidth, typename Team>
static __global__ void layer_norm_backward_kernel(const float* x, const float* gain, const float* mean,
                                                  const float* inverse, const float* dy, float* dx,
                                                  int64_t rows, int64_t width, bool accumulate) {
  const float share = 1.0f / static_cast<float>(width);
  Team::for_each_row(rows, [&](int64_t r) {
    const float m = mean[r], inv = inverse[r];
    float sum = 0, product = 0;
    Team::template for_each_pack<kWidth>(width, [&](int64_t c) {
      const Pack<kWidth> values = load<kWidth>(x + r * width + c), changes = load<kWidth>(dy + r * width + c),
                         gains = load<kWidth>(gain + c);
      for (int j = 0; j < kWidth; ++j) {
        const float g = changes.at[j] * gains.at[j];
        sum += g;
        product += g * ((values.at[j] - m) * inv);
      }
    });
    const float a = Team::sum(sum) * share, b = Team::sum(product) * share;
    Team::template for_each_pack<kWidth>(width, [&](int64_t c) {
      const Pack<kWidth> values = load<kWidth>(x + r * width + c), changes = load<kWidth>(dy + r * width + c),
                         gains = load<kWidth>(gain + c);
      Pack<kWidth> result{};
      if (accumulate) result = load<kWidth>(dx + r * width + c);
      for (int j = 0; j < kWidth; ++j) {
        result.at[j] += inv * (changes.at[j] * gains.at[j] - a - (values.at[j] - m) * inv * b);
      }
      store(dx + r * width + c, result);
    });
  });
}

// The sums are of changes that nearly cancel: in double precision, as on the processor.
template <typename Team>
static __global__ void layer_norm_tangent_kernel(const float* x, const float* gain, const float* mean,
                                                 const float* inverse, const float* dx, const float* dgain,
                                                 const float* dshift, float* out, int64_t rows,
                                                 int64_t width) {
  Team::for_each_row(rows, [&](int64_t r) {
    const float* const row = x + r * width;
    const float* const change = dx != nullptr ? dx + r * width : nullptr;
    const float m = mean[r], inv = inverse[r];
    float offset = 0, tilt = 0;
    if (change != nullptr) {
      double sum = 0, along = 0;  // of the change, and of its product with the normalised row
      Team::template for_each_pack<1>(width, [&](int64_t c) {
        sum += static_cast<double>(change[c]);
        along += static_cast<double>(change[c]) * static_cast<double>((row[c] - m) * inv);
      });
      offset = static_cast<float>(Team::sum(sum) / static_cast<double>(width));
      tilt = static_cast<float>(Team::sum(along) / static_cast<double>(width));
    }
    Team::template for_each_pack<1>(width, [&](int64_t c) {
      const float normal = (row[c] - m) * inv;
      float value = change != nullptr ? gain[c] * inv * (change[c] - offset - normal * tilt) : 0.0f;
      if (dgain != nullptr) value += dgain[c] * normal;
      if (dshift != nullptr) value += dshift[c];
      out[r * width + c] = value;
    });
  });
}

void CudaBackend::layer_norm_forward(const float* x, const float* gain, const float* shift, float epsilon,
                                     float* y, float* mean, float* inverse, int32_t batch, int32_t width) {
  if (batch == 0) return;
  with_row_team(width, begin_packs(x, gain, shift, y), [&](auto pack, auto team) {
    MTL_LAUNCH(launcher_, team.shape(batch), (layer_norm_forward_kernel<pack.value, decltype(team)>), x, gain,
               shift, epsilon, y, mean, inverse, batch, width);
  });
}

void CudaBackend::layer_norm_backward_input(const float* x, const float* gain, const float* mean,
                                            const float* inverse, const float* dy, float* dx, int32_t batch,
                                            int32_t width, Write write) {
  if (batch == 0) return;
  with_row_team(width, begin_packs(x, gain, dy, dx), [&](auto pack, auto team) {
    MTL_LAUNCH(launcher_, team.shape(batch), (layer_norm_backward_kernel<pack.value, decltype(team)>), x,
               gain, mean, inverse, dy, dx, batch, width, write == Write::kAccumulate);
  });
}

void CudaBackend::layer_norm_tangent(const float* x, const float* gain, const float* mean,
                                     const float* inverse, const float* dx, const float* dgain,
                                     const float* dshift, float* out, int32_t batch, int32_t width) {
  if (batch == 0) return;
  with_row_team(width, false, [&](auto, auto team) {
    MTL_LAUNCH(launcher_, team.shape(batch), (layer_norm_tangent_kernel<decltype(team)>), x, gain, mean,
               inverse, dx, dgain, dshift, out, batch, width);
  });
}

void CudaBackend::layer_norm_backward_parameters(const float* x, const float* mean, const float* inverse,
                                                 const float* dy, float* dgain, float* dshift, int32_t batch,
                                                 int32_t width) {
  const std::lock_guard<std::mutex> held(mutex_);
  column_sums<2>(launcher_, scratch_, NormTerms{x, mean, inverse, dy, width}, batch, width,
                 {{dgain, dshift}});
}

}  // namespace mtl

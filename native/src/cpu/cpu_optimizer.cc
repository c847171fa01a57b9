// Initial parameters, gradient clipping and optimizer steps.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "backend/philox.h"
#include "cpu/cpu_backend.h"

namespace mtl {
namespace {

constexpr int64_t kGrain = 8192;
constexpr int64_t kStep = 64;

// In (0, 1), from the top 24 bits.
double unit(uint32_t word) {
  return (static_cast<double>(word >> 8) + 0.5) * 0x1p-24;
}

}  // namespace

void CpuBackend::initialize(float* values, int64_t count, Initial initial, float scale, uint64_t seed,
                            uint32_t stream) {
  if (initial == Initial::kZeros || initial == Initial::kOnes) {
    std::fill(values, values + count, initial == Initial::kOnes ? 1.0f : 0.0f);
    return;
  }
  // The second counter word tells these numbers from those of dropout, which has a node there, below 2^31.
  for_ranges(count, kGrain, 4, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i += 4) {
      const uint64_t block = static_cast<uint64_t>(i) / 4;
      const PhiloxWords words = philox(
          {{static_cast<uint32_t>(block), 0x80000000u | stream, static_cast<uint32_t>(block >> 32), 0}},
          seed);
      float four[4];
      for (int pair = 0; pair < 2; ++pair) {
        const double u = unit(words.word[2 * pair]), v = unit(words.word[2 * pair + 1]);
        if (initial == Initial::kUniform) {
          four[2 * pair] = static_cast<float>(scale * (2 * u - 1));
          four[2 * pair + 1] = static_cast<float>(scale * (2 * v - 1));
        } else {  // Box and Muller
          const double radius = scale * std::sqrt(-2 * std::log(u));
          four[2 * pair] = static_cast<float>(radius * std::cos(2 * std::numbers::pi * v));
          four[2 * pair + 1] = static_cast<float>(radius * std::sin(2 * std::numbers::pi * v));
        }
      }
      for (int64_t j = 0; j < std::min<int64_t>(4, end - i); ++j) values[i + j] = four[j];
    }
  });
}

void CpuBackend::scale(float* values, int64_t count, double factor) {
  const float single = static_cast<float>(factor);
  for_ranges(count, kGrain, kStep, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) values[i] *= single;
  });
}

void CpuBackend::clip_scale(const float* gradients, const int64_t* offsets, const int64_t* counts,
                            int32_t slices, float clip_norm, float* scale) {
  double sum = 0;
  for (int32_t s = 0; s < slices; ++s) sum += kernels_.sum_of_squares(gradients + offsets[s], counts[s]);
  const double norm = std::sqrt(sum);
  scale[0] = norm > clip_norm ? static_cast<float>(clip_norm / norm) : 1.0f;
}

void CpuBackend::optimizer_step(const OptimizerStep& step, float* parameters, const float* gradients,
                                float* first, float* second, int64_t count, const float* scale) {
  const float factor = scale != nullptr ? scale[0] : 1.0f;
  for_ranges(count, kGrain, kStep, [&](int64_t begin, int64_t end) {
    kernels_.optimizer_step(step, parameters + begin, gradients + begin, first + begin, second + begin,
                            end - begin, factor);
  });
}

}  // namespace mtl

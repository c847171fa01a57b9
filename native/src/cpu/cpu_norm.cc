// Layer norm: rows are independent; the parameters' gradients are sums over rows, cut by columns.
#include "cpu/cpu_backend.h"

namespace mtl {
namespace {

constexpr int64_t kElementsPerPart = 8192;

}  // namespace

void CpuBackend::layer_norm_forward(const float* x, const float* gain, const float* shift, float epsilon,
                                    float* y, float* mean, float* inverse, int32_t batch, int32_t width) {
  for_ranges(batch, 1 + kElementsPerPart / width, 1, [&](int64_t begin, int64_t end) {
    kernels_.layer_norm_forward(x + begin * width, gain, shift, epsilon, y + begin * width, mean + begin,
                                inverse + begin, end - begin, width);
  });
}

void CpuBackend::layer_norm_backward_input(const float* x, const float* gain, const float* mean,
                                           const float* inverse, const float* dy, float* dx, int32_t batch,
                                           int32_t width, Write write) {
  for_ranges(batch, 1 + kElementsPerPart / width, 1, [&](int64_t begin, int64_t end) {
    kernels_.layer_norm_backward_input(x + begin * width, gain, mean + begin, inverse + begin,
                                       dy + begin * width, dx + begin * width, end - begin, width,
                                       write == Write::kAccumulate);
  });
}

void CpuBackend::layer_norm_backward_parameters(const float* x, const float* mean, const float* inverse,
                                                const float* dy, float* dgain, float* dshift, int32_t batch,
                                                int32_t width) {
  for_ranges(width, 1 + kElementsPerPart / batch, 16, [&](int64_t begin, int64_t end) {
    kernels_.layer_norm_backward_parameters(x, mean, inverse, dy, dgain, dshift, batch, width, begin, end);
  });
}

void CpuBackend::layer_norm_tangent(const float* x, const float* gain, const float* mean,
                                    const float* inverse, const float* dx, const float* dgain,
                                    const float* dshift, float* out, int32_t batch, int32_t width) {
  for_ranges(batch, 1 + kElementsPerPart / width, 1, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      const float* row = x + r * width;
      const float* change = dx == nullptr ? nullptr : dx + r * width;
      double sum = 0, along = 0;  // of the change, and of its product with the normalised row
      for (int32_t c = 0; change != nullptr && c < width; ++c) {
        sum += change[c];
        along += double{change[c]} * ((row[c] - mean[r]) * inverse[r]);
      }
      const float shift = static_cast<float>(sum / width), tilt = static_cast<float>(along / width);
      for (int32_t c = 0; c < width; ++c) {
        const float normal = (row[c] - mean[r]) * inverse[r];
        float value = change == nullptr ? 0.0f : gain[c] * inverse[r] * (change[c] - shift - normal * tilt);
        if (dgain != nullptr) value += dgain[c] * normal;
        if (dshift != nullptr) value += dshift[c];
        out[r * width + c] = value;
      }
    }
  });
}

}  // namespace mtl

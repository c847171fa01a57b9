// Activations and their derivatives. kFromValue: the derivative follows from the value y = f(x), x is not
// read.
#ifndef MTL_CUDA_ACTIVATION_H
#define MTL_CUDA_ACTIVATION_H

#include <cuda_runtime.h>

#include "mtl/mtl.h"

namespace mtl {

struct Logistic {
  float value;       // 1 / (1 + exp(-x))
  float complement;  // 1 - value, without cancellation
};

__device__ inline Logistic logistic(float x) {
  const float e = expf(-fabsf(x));
  const float large = 1.0f / (1.0f + e), small = e * large;
  return x < 0.0f ? Logistic{small, large} : Logistic{large, small};
}

// Of the normal distribution. The complementary error function has no cancellation in the left tail.
__device__ inline float cumulative_normal(float x) {
  return 0.5f * erfcf(-0.707106781f * x);
}

__device__ inline float normal_density(float x) {
  return 0.398942280f * expf(-0.5f * (x * x));
}

struct Relu {
  static constexpr bool kFromValue = true;
  __device__ static float value(float x) { return x < 0.0f ? 0.0f : x; }  // NaN stays
  __device__ static float slope(float, float y) { return y > 0.0f ? 1.0f : 0.0f; }
};

struct Gelu {
  static constexpr bool kFromValue = false;
  __device__ static float value(float x) { return x * cumulative_normal(x); }
  __device__ static float slope(float x, float) { return cumulative_normal(x) + x * normal_density(x); }
};

// 0.5 x (1 + tanh u) = x sigmoid(2 u), u = sqrt(2 / pi) (x + 0.044715 x^3)
struct GeluTanh {
  static constexpr bool kFromValue = false;
  __device__ static float twice(float x) { return 1.59576912f * (x + 0.044715f * (x * x * x)); }
  __device__ static float value(float x) { return x * logistic(twice(x)).value; }
  __device__ static float slope(float x, float) {
    const Logistic s = logistic(twice(x));
    return s.value + x * (s.value * s.complement) * (1.59576912f * (1.0f + 0.134145f * (x * x)));
  }
};

struct Silu {
  static constexpr bool kFromValue = false;
  __device__ static float value(float x) { return x * logistic(x).value; }
  __device__ static float slope(float x, float) {
    const Logistic s = logistic(x);
    return s.value + x * (s.value * s.complement);
  }
};

struct Tanh {
  static constexpr bool kFromValue = true;
  __device__ static float value(float x) { return tanhf(x); }
  __device__ static float slope(float, float y) { return 1.0f - y * y; }
};

struct Sigmoid {
  static constexpr bool kFromValue = true;
  __device__ static float value(float x) { return logistic(x).value; }
  __device__ static float slope(float, float y) { return y * (1.0f - y); }
};

// visit(F{}) for the activation of this kind.
template <typename Visitor>
void with_activation(mtl_activation kind, const Visitor& visit) {
  switch (kind) {
    case MTL_RELU:
      return visit(Relu{});
    case MTL_GELU:
      return visit(Gelu{});
    case MTL_GELU_TANH:
      return visit(GeluTanh{});
    case MTL_SILU:
      return visit(Silu{});
    case MTL_TANH:
      return visit(Tanh{});
    default:
      return visit(Sigmoid{});
  }
}

}  // namespace mtl

#endif

// What kernels are written in: qualifiers, built-in variables, vector types, and the functions of the device.
#pragma once

#include <math.h>

#include <cstdint>
#include <cstring>
#include <type_traits>

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))
#define __constant__ static
// A section of its own, so that it can be poisoned. GCC leaves those of templates out of it.
#define __shared__ static __attribute__((section("mtl_shared")))

struct uint3 {
  unsigned x, y, z;
};
struct dim3 {
  constexpr dim3(unsigned x_size = 1, unsigned y_size = 1, unsigned z_size = 1)
      : x(x_size), y(y_size), z(z_size) {}
  unsigned x, y, z;
};
struct alignas(8) float2 {
  float x, y;
};
struct alignas(16) float4 {
  float x, y, z, w;
};
struct alignas(8) int2 {
  int x, y;
};
struct alignas(16) int4 {
  int x, y, z, w;
};
struct alignas(8) uint2 {
  unsigned x, y;
};
struct alignas(16) uint4 {
  unsigned x, y, z, w;
};
struct alignas(16) double2 {
  double x, y;
};
inline float2 make_float2(float x, float y) {
  return {x, y};
}
inline float4 make_float4(float x, float y, float z, float w) {
  return {x, y, z, w};
}
inline int2 make_int2(int x, int y) {
  return {x, y};
}
inline int4 make_int4(int x, int y, int z, int w) {
  return {x, y, z, w};
}
inline uint2 make_uint2(unsigned x, unsigned y) {
  return {x, y};
}
inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) {
  return {x, y, z, w};
}
inline double2 make_double2(double x, double y) {
  return {x, y};
}

// Of the thread that is running.
extern uint3 threadIdx;
extern uint3 blockIdx;
extern dim3 blockDim;
extern dim3 gridDim;

namespace emulation {

// A place in the sources.
struct Site {
  const char* file;
  int line;
};

enum class Barrier { kPlain, kOr, kAnd, kCount };
// Waits until every thread of the block is here; what the predicates of all make of it.
int synchronize_block(Barrier barrier, int predicate, Site site);

// An operation that the lanes of a mask do together.
enum class WarpOperation { kSync, kIndex, kUp, kDown, kXor, kAny, kAll, kBallot };
// `bits` is what the lane gives, `argument` the lane, distance or mask of a shuffle.
uint64_t together(WarpOperation operation, unsigned mask, uint64_t bits, int argument, int width, Site site);

[[noreturn]] void trap();

template <typename T>
T shuffle(WarpOperation operation, unsigned mask, T value, int argument, int width, Site site) {
  static_assert(std::is_arithmetic<T>::value && (sizeof(T) == 4 || sizeof(T) == 8),
                "shuffles move 4 or 8 bytes");
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof(T));
  bits = together(operation, mask, bits, argument, width, site);
  std::memcpy(&value, &bits, sizeof(T));
  return value;
}

}  // namespace emulation

// Each takes the place of its call by default arguments, so that failures can name it.
#define MTL_EMULATION_SITE const char *file = __builtin_FILE(), int line = __builtin_LINE()

inline void __syncthreads(MTL_EMULATION_SITE) {
  emulation::synchronize_block(emulation::Barrier::kPlain, 0, {file, line});
}
inline int __syncthreads_or(int predicate, MTL_EMULATION_SITE) {
  return emulation::synchronize_block(emulation::Barrier::kOr, predicate, {file, line});
}
inline int __syncthreads_and(int predicate, MTL_EMULATION_SITE) {
  return emulation::synchronize_block(emulation::Barrier::kAnd, predicate, {file, line});
}
inline int __syncthreads_count(int predicate, MTL_EMULATION_SITE) {
  return emulation::synchronize_block(emulation::Barrier::kCount, predicate, {file, line});
}
inline void __syncwarp(unsigned mask = 0xffffffffu, MTL_EMULATION_SITE) {
  emulation::together(emulation::WarpOperation::kSync, mask, 0, 0, 32, {file, line});
}
template <typename T>
T __shfl_sync(unsigned mask, T value, int lane, int width = 32, MTL_EMULATION_SITE) {
  return emulation::shuffle(emulation::WarpOperation::kIndex, mask, value, lane, width, {file, line});
}
template <typename T>
T __shfl_up_sync(unsigned mask, T value, unsigned distance, int width = 32, MTL_EMULATION_SITE) {
  return emulation::shuffle(emulation::WarpOperation::kUp, mask, value, static_cast<int>(distance), width,
                            {file, line});
}
template <typename T>
T __shfl_down_sync(unsigned mask, T value, unsigned distance, int width = 32, MTL_EMULATION_SITE) {
  return emulation::shuffle(emulation::WarpOperation::kDown, mask, value, static_cast<int>(distance), width,
                            {file, line});
}
template <typename T>
T __shfl_xor_sync(unsigned mask, T value, int lanes, int width = 32, MTL_EMULATION_SITE) {
  return emulation::shuffle(emulation::WarpOperation::kXor, mask, value, lanes, width, {file, line});
}
inline int __any_sync(unsigned mask, int predicate, MTL_EMULATION_SITE) {
  return static_cast<int>(
      emulation::together(emulation::WarpOperation::kAny, mask, predicate != 0, 0, 32, {file, line}));
}
inline int __all_sync(unsigned mask, int predicate, MTL_EMULATION_SITE) {
  return static_cast<int>(
      emulation::together(emulation::WarpOperation::kAll, mask, predicate != 0, 0, 32, {file, line}));
}
inline unsigned __ballot_sync(unsigned mask, int predicate, MTL_EMULATION_SITE) {
  return static_cast<unsigned>(
      emulation::together(emulation::WarpOperation::kBallot, mask, predicate != 0, 0, 32, {file, line}));
}

#undef MTL_EMULATION_SITE

// Threads take turns only at the calls above, so that these are atomic as they stand.
template <typename T>
T atomicAdd(T* target, std::common_type_t<T> value) {
  static_assert(std::is_integral<T>::value, "sums of floats by atomics have no fixed order");
  const T old = *target;
  *target = static_cast<T>(old + value);
  return old;
}
template <typename T>
T atomicMax(T* target, std::common_type_t<T> value) {
  static_assert(std::is_integral<T>::value, "the device has this for integers only");
  const T old = *target;
  if (value > old) *target = value;
  return old;
}
template <typename T>
T atomicMin(T* target, std::common_type_t<T> value) {
  static_assert(std::is_integral<T>::value, "the device has this for integers only");
  const T old = *target;
  if (value < old) *target = value;
  return old;
}
template <typename T>
T atomicExch(T* target, std::common_type_t<T> value) {
  const T old = *target;
  *target = value;
  return old;
}
template <typename T>
T atomicCAS(T* target, std::common_type_t<T> expected, std::common_type_t<T> value) {
  static_assert(std::is_integral<T>::value, "the device has this for integers only");
  const T old = *target;
  if (old == expected) *target = value;
  return old;
}
inline void __threadfence() {}
inline void __threadfence_block() {}

[[noreturn]] inline void __trap() {
  emulation::trap();
}

template <typename T>
T __ldg(const T* address) {
  return *address;
}

inline float rsqrtf(float x) {
  return static_cast<float>(1.0 / ::sqrt(static_cast<double>(x)));
}
inline double rsqrt(double x) {
  return 1.0 / ::sqrt(x);
}
inline float __expf(float x) {
  return ::expf(x);
}
inline float __logf(float x) {
  return ::logf(x);
}
inline float __fdividef(float x, float y) {
  return x / y;
}
inline float __fmaf_rn(float x, float y, float z) {
  return ::fmaf(x, y, z);
}
inline float __fadd_rn(float x, float y) {
  return x + y;
}
inline float __fsub_rn(float x, float y) {
  return x - y;
}
inline float __fmul_rn(float x, float y) {
  return x * y;
}
inline float __fdiv_rn(float x, float y) {
  return x / y;
}
inline float __fsqrt_rn(float x) {
  return ::sqrtf(x);
}
inline double __dadd_rn(double x, double y) {
  return x + y;
}
inline double __dmul_rn(double x, double y) {
  return x * y;
}
inline double __fma_rn(double x, double y, double z) {
  return ::fma(x, y, z);
}
inline int __float2int_rn(float x) {
  return static_cast<int>(::nearbyintf(x));
}
inline unsigned __float_as_uint(float x) {
  unsigned bits;
  std::memcpy(&bits, &x, sizeof(bits));
  return bits;
}
inline int __float_as_int(float x) {
  return static_cast<int>(__float_as_uint(x));
}
inline float __uint_as_float(unsigned bits) {
  float x;
  std::memcpy(&x, &bits, sizeof(x));
  return x;
}
inline float __int_as_float(int bits) {
  return __uint_as_float(static_cast<unsigned>(bits));
}
inline long long __double_as_longlong(double x) {
  long long bits;
  std::memcpy(&bits, &x, sizeof(bits));
  return bits;
}
inline double __longlong_as_double(long long bits) {
  double x;
  std::memcpy(&x, &bits, sizeof(x));
  return x;
}
inline unsigned __umulhi(unsigned a, unsigned b) {
  return static_cast<unsigned>((uint64_t{a} * b) >> 32);
}
inline int __popc(unsigned x) {
  return __builtin_popcount(x);
}
inline int __ffs(int x) {
  return __builtin_ffs(x);
}
inline int __clz(int x) {
  return x == 0 ? 32 : __builtin_clz(static_cast<unsigned>(x));
}

// The device's own overloads.
template <typename A, typename B>
constexpr std::enable_if_t<std::is_arithmetic<A>::value && std::is_arithmetic<B>::value,
                           std::common_type_t<A, B>>
min(A a, B b) {
  using T = std::common_type_t<A, B>;
  return static_cast<T>(b) < static_cast<T>(a) ? static_cast<T>(b) : static_cast<T>(a);
}
template <typename A, typename B>
constexpr std::enable_if_t<std::is_arithmetic<A>::value && std::is_arithmetic<B>::value,
                           std::common_type_t<A, B>>
max(A a, B b) {
  using T = std::common_type_t<A, B>;
  return static_cast<T>(a) < static_cast<T>(b) ? static_cast<T>(b) : static_cast<T>(a);
}

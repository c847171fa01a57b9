// The table of vector kernels: one source (kernels_*.inc), compiled once per instruction set. All work on one
// thread; pointers do not overlap unless a comment says so.
#ifndef MTL_CPU_KERNELS_H
#define MTL_CPU_KERNELS_H

#include <stdint.h>

#include "backend/backend.h"

namespace mtl {

struct Kernels {
  const char* name;

  // y[r, c] += bias[c], y with the row length `stride`
  void (*add_bias)(float* y, int64_t stride, const float* bias, int64_t rows, int64_t width);
  // y[i] = a[i] + b[i]; y may be a
  void (*add)(const float* a, const float* b, float* y, int64_t count);
  // y[r] = x[r, :] . w + bias
  void (*row_dots)(const float* x, const float* w, float bias, float* y, int64_t rows, int64_t width);
  // y[r, c] = x[r, :] . w[c, :], y with the row length `y_stride`
  void (*few_rows)(const float* x, const float* w, float* y, int64_t y_stride, int64_t rows, int64_t columns,
                   int64_t width);
  int64_t most_few_rows;  // with more rows a matrix product is faster
  // y[r, :] (+)= a[r] w
  void (*outer)(const float* a, const float* w, float* y, int64_t rows, int64_t width, bool accumulate);
  // y[c] = sum over r of a[r] x[r, c]; a == nullptr: ones; x with the row length `stride`
  void (*weighted_column_sums)(const float* a, const float* x, int64_t stride, float* y, int64_t rows,
                               int64_t width);

  void (*activation_forward)(mtl_activation kind, const float* x, float* y, int64_t count);
  void (*activation_backward)(mtl_activation kind, const float* x, const float* y, const float* dy, float* dx,
                              int64_t count, bool accumulate);

  // z[r, c] += bias[c] (nullptr: nothing), y = f(z), both with the row length `stride`; y may be z.
  void (*bias_activation)(mtl_activation kind, float* z, const float* bias, float* y, int64_t stride,
                          int64_t rows, int64_t width);
  // d[i] *= f'(z[i]); where the slope follows from y, z is not read.
  void (*activation_slope)(mtl_activation kind, const float* z, const float* y, float* d, int64_t count);

  void (*layer_norm_forward)(const float* x, const float* gain, const float* shift, float epsilon, float* y,
                             float* mean, float* inverse, int64_t rows, int64_t width);
  void (*layer_norm_backward_input)(const float* x, const float* gain, const float* mean,
                                    const float* inverse, const float* dy, float* dx, int64_t rows,
                                    int64_t width, bool accumulate);
  // columns begin ... end - 1
  void (*layer_norm_backward_parameters)(const float* x, const float* mean, const float* inverse,
                                         const float* dy, float* dgain, float* dshift, int64_t rows,
                                         int64_t width, int64_t begin, int64_t end);

  // x and y are the elements begin ... end - 1 of what is masked; begin is a multiple of 64
  void (*dropout)(const float* x, float* y, int64_t begin, int64_t end, float probability, const MaskKey& key,
                  bool accumulate);
  void (*optimizer_step)(const OptimizerStep& step, float* parameters, const float* gradients, float* first,
                         float* second, int64_t count, float scale);
  // products[i, j] += rows[i, :] . rows[j, :] for i <= j; products [count, count]
  void (*add_inner_products)(const float* rows, int64_t count, int64_t width, int64_t stride,
                             double* products);
  // the sum of left[r, c] (right[r, c] + shift)
  double (*matched_product)(const float* left, int64_t left_stride, const float* right, int64_t right_stride,
                            float shift, int64_t rows, int64_t columns);
  // out[c] = sum over i of weights[i] rows[i, c]; out may be the only row
  void (*weighted_sum)(const float* rows, int64_t count, int64_t width, int64_t stride, const double* weights,
                       float* out);
  double (*sum_of_squares)(const float* x, int64_t count);
};

extern const Kernels kBaselineKernels;
#ifdef MTL_X86_KERNELS
extern const Kernels kAvx2Kernels;
extern const Kernels kAvx512Kernels;
#endif

// The best table this processor can run.
const Kernels& best_kernels();

}  // namespace mtl

#endif

// The backend on the processor: BLAS for matrix products, vector kernels for the rest, threads over
// independent parts.
//
// Everything is deterministic for a given number of threads: work is cut into parts by size alone and every
// sum is taken in a fixed order, so the deterministic option of a context changes nothing here.
#ifndef MTL_CPU_CPU_BACKEND_H
#define MTL_CPU_CPU_BACKEND_H

#include <algorithm>
#include <memory>

#include "backend/backend.h"
#include "cpu/kernels.h"
#include "cpu/thread_pool.h"

namespace mtl {

class CpuBackend : public Backend {
 public:
  explicit CpuBackend(int32_t threads, const Kernels& kernels = best_kernels());

  Backend& serial() override { return serial_ ? *serial_ : *this; }

  int32_t parallel_parts() const override { return pool_.threads(); }

  // cpu_memory.cc
  bool host_memory() const override { return true; }
  void* allocate(int64_t bytes, const char* what) override;
  void release(void* memory) noexcept override;
  void upload(void* target, const void* host_source, int64_t bytes) override;
  void download(void* host_target, const void* source, int64_t bytes) override;
  std::unique_ptr<ReadBack> make_read_back(int64_t bytes, const char* what) override;
  void copy(void* target, const void* source, int64_t bytes) override;
  void zero(void* memory, int64_t bytes) override;
  void fill(double* values, int64_t count, double value) override;

  // cpu_batch.cc
  void gather_rows(const void* table, int32_t width, const int32_t* rows, int32_t count, void* out) override;
  void gather_columns(const float* table, int32_t width, const int32_t* rows, int32_t count, float* out,
                      int64_t stride) override;

  // cpu_optimizer.cc
  void initialize(float* values, int64_t count, Initial initial, float scale, uint64_t seed,
                  uint32_t stream) override;
  void scale(float* values, int64_t count, double factor) override;
  void clip_scale(const float* gradients, const int64_t* offsets, const int64_t* counts, int32_t slices,
                  float clip_norm, float* scale) override;
  void optimizer_step(const OptimizerStep& step, float* parameters, const float* gradients, float* first,
                      float* second, int64_t count, const float* scale) override;

  // cpu_linear.cc
  void linear_forward(const float* x, const float* w, const float* bias, float* y, int32_t batch, int32_t in,
                      int32_t out) override;
  void linear_product(const float* x, const float* w, float* y, int32_t batch, int32_t in, int32_t out,
                      Write write) override;
  void linear_backward_input(const float* dy, const float* w, float* dx, int32_t batch, int32_t in,
                             int32_t out, Write write) override;
  void linear_activation_forward(const float* x, const float* w, const float* bias, mtl_activation kind,
                                 float* z, float* y, int32_t batch, int32_t in, int32_t out) override;
  void linear_backward_parameters(const float* dy, const float* x, float* dw, float* dbias, int32_t batch,
                                  int32_t in, int32_t out, int32_t first, int32_t count) override;

  // cpu_elementwise.cc
  void activation_forward(mtl_activation kind, const float* x, float* y, int64_t count) override;
  void activation_backward(mtl_activation kind, const float* x, const float* y, const float* dy, float* dx,
                           int64_t count, Write write) override;
  void activation_slope(mtl_activation kind, const float* z, const float* y, float* d,
                        int64_t count) override;
  void dropout(const float* x, float* y, int64_t first, int64_t count, float probability, const MaskKey& key,
               Write write) override;
  void add(const float* left, const float* right, float* sum, int64_t count) override;
  void pass_gradient(const float* dy, float* dx, int64_t count, Write write) override;

  // cpu_norm.cc
  void layer_norm_forward(const float* x, const float* gain, const float* shift, float epsilon, float* y,
                          float* mean, float* inverse, int32_t batch, int32_t width) override;
  void layer_norm_backward_input(const float* x, const float* gain, const float* mean, const float* inverse,
                                 const float* dy, float* dx, int32_t batch, int32_t width,
                                 Write write) override;
  void layer_norm_tangent(const float* x, const float* gain, const float* mean, const float* inverse,
                          const float* dx, const float* dgain, const float* dshift, float* out, int32_t batch,
                          int32_t width) override;
  void layer_norm_backward_parameters(const float* x, const float* mean, const float* inverse,
                                      const float* dy, float* dgain, float* dshift, int32_t batch,
                                      int32_t width) override;

  // cpu_embedding.cc
  void embedding_forward(const float* table, const int32_t* codes, int32_t columns, int32_t column, float* y,
                         int32_t batch, int32_t width) override;
  void embedding_backward(const float* dy, const int32_t* codes, int32_t columns, int32_t column,
                          float* dtable, int32_t categories, int32_t batch, int32_t width) override;
  void copy_columns(const float* source, int32_t source_stride, int32_t source_column, float* target,
                    int32_t target_stride, int32_t target_column, int32_t batch, int32_t width,
                    Write write) override;

  // cpu_loss.cc
  void loss(const LossSpec& spec, const float* prediction, const float* labels, int32_t batch, double* out,
            const LossGradient& gradient) override;
  void combine_losses(const double* partial, int32_t parts, int32_t tasks, const uint8_t* take,
                      const double* divisors, double* losses) override;
  // cpu_affinity.cc
  void add_losses(const double* losses, const uint8_t* take, int32_t tasks, double* sums) override;
  void update_affinity(const AffinityUpdate& update) override;

  // cpu_task_gradients.cc
  void add_inner_products(const float* rows, int32_t count, int64_t width, int64_t stride,
                          double* products) override;
  void add_matched_product(const float* left, int64_t left_stride, const float* right, int64_t right_stride,
                           float shift, int32_t rows, int32_t columns, double* sum) override;
  void weighted_sum(const float* rows, int32_t count, int64_t width, int64_t stride, const double* weights,
                    float* out) override;

  void blend(float* target, const float* source, int64_t count, double keep, double take) override;
  void accumulate_squares(float* squares, const float* x, int64_t count, double* sum) override;
  void sign_vote(const float* matrix, int64_t stride, const int32_t* rows, int32_t count, int64_t first,
                 int64_t width, double leak, uint64_t seed, uint32_t batch, float* out) override;
  void trimmed_mean(const float* matrix, int64_t stride, const int32_t* rows, int32_t count, int64_t width,
                    int32_t trim, float* column, float* out) override;

  // cpu_product.cc
  void matrix_product(const float* a, const float* b, float* c, int32_t m, int32_t n, int32_t k) override;

 private:
  // body(begin, end) over [0, count) in parts of a multiple of `step`, each worth at least `grain` items.
  template <typename Body>
  void for_ranges(int64_t count, int64_t grain, int64_t step, const Body& body) {
    const int64_t wanted = std::min<int64_t>(pool_.threads(), count / std::max<int64_t>(grain, 1));
    if (wanted <= 1) {
      if (count > 0) body(int64_t{0}, count);
      return;
    }
    const int64_t size = (count + wanted - 1) / wanted;
    const int64_t part_size = (size + step - 1) / step * step;
    pool_.run(static_cast<int32_t>((count + part_size - 1) / part_size), [&](int32_t part) {
      const int64_t begin = part * part_size;
      body(begin, std::min(count, begin + part_size));
    });
  }

  template <typename Finish>
  void product_blocks(const float* x, const float* w, float* y, int32_t batch, int32_t in, int32_t out,
                      const Finish& finish);

  void run_parts_of(int32_t parts, PartBody body, const void* context) override;

  const Kernels& kernels_;
  ThreadPool pool_;
  std::unique_ptr<CpuBackend> serial_;  // nullptr: this one works on one thread itself
};

}  // namespace mtl

#endif

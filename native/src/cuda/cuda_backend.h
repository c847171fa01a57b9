// The backend on an NVIDIA GPU: cuBLASLt for matrix products, own kernels for the rest, one stream.
//
// Nothing here waits for the device but upload, download, the calls that return a value, and allocate. What a
// call gets in host memory is staged: copied to pinned memory at once, and from there in the order of the
// stream. Within a step (Backend::in_step) calls are put off and done together, as a CUDA graph where the
// same step has come before; see steps.h. Several threads may call at once: their work meets in the one
// stream. No sum is taken by atomic operations on floats: work is cut by size alone and every sum has a fixed
// order, so that results are the same bit for bit on one kind of GPU with one version of cuBLAS.
#ifndef MTL_CUDA_CUDA_BACKEND_H
#define MTL_CUDA_CUDA_BACKEND_H

#include <mutex>

#include "backend/backend.h"
#include "cuda/device_scratch.h"
#include "cuda/launch.h"
#include "cuda/matrix_library.h"
#include "cuda/staging.h"
#include "cuda/steps.h"

namespace mtl {

class CudaBackend final : public Backend {
 public:
  // On the device with this index; throws MTL_DEVICE_ERROR with the reason when it cannot be used. graphs:
  // whether steps are launched as CUDA graphs.
  CudaBackend(int32_t device, Precision precision, bool graphs);
  ~CudaBackend() override;
  CudaBackend(const CudaBackend&) = delete;
  CudaBackend& operator=(const CudaBackend&) = delete;

  Backend& serial() override { return *this; }
  int32_t parallel_parts() const override { return 1; }

  // cuda_memory.cc
  StepCounts step_counts() const override;
  bool host_memory() const override { return false; }
  void* allocate(int64_t bytes, const char* what) override;
  void release(void* memory) noexcept override;
  void upload(void* target, const void* host_source, int64_t bytes) override;
  void download(void* host_target, const void* source, int64_t bytes) override;
  void copy(void* target, const void* source, int64_t bytes) override;
  void zero(void* memory, int64_t bytes) override;

  // cuda_read_back.cc
  std::unique_ptr<ReadBack> make_read_back(int64_t bytes, const char* what) override;

  // cuda_batch.cu
  void gather_rows(const void* table, int32_t width, const int32_t* rows, int32_t count, void* out) override;
  void gather_columns(const float* table, int32_t width, const int32_t* rows, int32_t count, float* out,
                      int64_t stride) override;

  // cuda_optimizer.cu
  void initialize(float* values, int64_t count, Initial initial, float scale, uint64_t seed,
                  uint32_t stream) override;
  void scale(float* values, int64_t count, double factor) override;
  void clip_scale(const float* gradients, const int64_t* offsets, const int64_t* counts, int32_t slices,
                  float clip_norm, float* scale) override;
  void optimizer_step(const OptimizerStep& step, float* parameters, const float* gradients, float* first,
                      float* second, int64_t count, const float* scale) override;

  // cuda_linear.cu
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

  // cuda_elementwise.cu
  void fill(double* values, int64_t count, double value) override;
  void activation_forward(mtl_activation kind, const float* x, float* y, int64_t count) override;
  void activation_backward(mtl_activation kind, const float* x, const float* y, const float* dy, float* dx,
                           int64_t count, Write write) override;
  void activation_slope(mtl_activation kind, const float* z, const float* y, float* d,
                        int64_t count) override;
  void dropout(const float* x, float* y, int64_t first, int64_t count, float probability, const MaskKey& key,
               Write write) override;
  void add(const float* left, const float* right, float* sum, int64_t count) override;
  void pass_gradient(const float* dy, float* dx, int64_t count, Write write) override;

  // cuda_norm.cu
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

  // cuda_embedding.cu
  void embedding_forward(const float* table, const int32_t* codes, int32_t columns, int32_t column, float* y,
                         int32_t batch, int32_t width) override;
  void embedding_backward(const float* dy, const int32_t* codes, int32_t columns, int32_t column,
                          float* dtable, int32_t categories, int32_t batch, int32_t width) override;
  void copy_columns(const float* source, int32_t source_stride, int32_t source_column, float* target,
                    int32_t target_stride, int32_t target_column, int32_t batch, int32_t width,
                    Write write) override;

  // cuda_loss.cu
  void loss(const LossSpec& spec, const float* prediction, const float* labels, int32_t batch, double* out,
            const LossGradient& gradient) override;
  void combine_losses(const double* partial, int32_t parts, int32_t tasks, const uint8_t* take,
                      const double* divisors, double* losses) override;

  // cuda_affinity.cu
  void add_losses(const double* losses, const uint8_t* take, int32_t tasks, double* sums) override;
  void update_affinity(const AffinityUpdate& update) override;

  // cuda_task_gradients.cu
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

  // cuda_ranges.cc
  bool shows_ranges() const override { return true; }
  void range_begin(const char* name) override;
  void range_end() override;

  // cuda_product.cu
  void matrix_product(const float* a, const float* b, float* c, int32_t m, int32_t n, int32_t k) override;

 private:
  void run_parts_of(int32_t parts, PartBody body, const void* context) override;
  void begin_step() override;
  void end_step() override;
  // What the calling thread has put off; its step goes on.
  void do_deferred();

  // Predictors work on several threads: who stages, or uses the scratch, holds mutex_ from the first launch
  // to the last, as the launches of others come in between otherwise.
  Launcher launcher_;  // device and stream; first, as the others are freed through it
  MatrixLibrary matrices_;
  Staging staging_;
  DeviceScratch scratch_;
  std::mutex mutex_;
  Steps steps_;
};

}  // namespace mtl

#endif

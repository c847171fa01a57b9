// What any device must be able to do. A network is written in terms of these calls alone.
//
// Calls on one backend take effect in order. Pointers named here point into memory of the backend (allocate)
// unless a comment says host. Matrices are row-major [batch, width] without gaps. Only download, upload and
// the calls that return a value wait for the device. No call allocates, allocate excepted.
#ifndef MTL_BACKEND_BACKEND_H
#define MTL_BACKEND_BACKEND_H

#include <cstdint>
#include <memory>
#include <string>

#include "mtl/mtl.h"

namespace mtl {

// Masks of dropout are drawn in blocks of this many elements.
inline constexpr int32_t kDropoutStep = 64;

// What happens to the old contents of a gradient.
enum class Write { kOverwrite, kAccumulate };

// Distribution of the initial values of a parameter tensor.
enum class Initial { kZeros, kOnes, kUniform, kNormal };

// A place in the stream of random numbers of dropout.
struct MaskKey {
  uint64_t seed;
  uint64_t batch_index;
  uint32_t node;
};

struct LossSpec {
  mtl_loss_kind kind = MTL_MEAN_SQUARE;
  int32_t width = 1;  // of the prediction: the number of classes, else 1
  float huber_delta = 1;
  float positive_weight = 1;
  float label_smoothing = 0;
  int32_t ignore_index = -100;
  const float* class_weights = nullptr;  // [width] or nullptr
};

// Where the gradient of a loss goes.
struct LossGradient {
  float* target = nullptr;  // [batch, width] of the prediction; nullptr: not wanted
  double scale = 1;         // the gradient is that of the summed loss times this
  Write write = Write::kOverwrite;
};

struct OptimizerStep {
  mtl_optimizer_kind kind = MTL_ADAM;
  float learning_rate = 0;
  float momentum = 0;
  bool nesterov = false;
  bool first_step = false;  // SGD: the momentum buffer starts as the gradient
  float beta1 = 0;
  float beta2 = 0;
  float epsilon = 0;
  float weight_decay = 0;
  double correction1 = 1;  // 1 - beta1^t
  double correction2 = 1;  // 1 - beta2^t
};

struct AffinityUpdate {
  int32_t tasks = 0;
  const uint8_t* member = nullptr;  // host [tasks]: 1 for the tasks of the credited group
  int32_t members = 0;
  const double* loss = nullptr;      // [tasks] just measured; NaN: undefined
  const double* previous = nullptr;  // [tasks] at the forward before
  double decay = 0;
  double limit = 0;                 // a gain below -limit counts as -limit; 0: no limit
  double* affinity = nullptr;       // [tasks, tasks]
  int64_t* observations = nullptr;  // [tasks, tasks]
};

// How the steps of a backend were carried out since it was made.
struct StepCounts {
  int64_t launched = 0;  // as graphs
  int64_t direct = 0;    // call by call
  int64_t built = 0;     // graphs
  int64_t refused = 0;   // graphs that the device would not have: their steps are done call by call
  int64_t kept = 0;      // graphs that are there now
};

// Host memory that values of the device are brought to without a wait. Belongs to a backend, which must
// outlive it.
class ReadBack {
 public:
  virtual ~ReadBack() = default;
  // Brings values to the byte `offset` of the host memory, at their place in the order of the backend's
  // calls. Not within a step.
  virtual void request(int64_t offset, const void* source, int64_t bytes) = 0;
  // The host memory, once all that was requested has arrived. Waits for nothing that came after that.
  virtual const char* take() = 0;
};

class Backend {
 public:
  virtual ~Backend() = default;
  // A backend that works on the calling thread, with the memory of this one; several threads may use it at
  // once, and beside this one.
  virtual Backend& serial() = 0;

  // ---- parts
  // How many parts can be worked on at the same time.
  virtual int32_t parallel_parts() const = 0;
  // body(part, backend) for every part in [0, parts), in any order and at the same time where the device can;
  // returns when all are done. The backend handed to the body does its work on the calling thread and may be
  // used beside the others'. The body must not throw.
  template <typename Body>
  void run_parts(int32_t parts, const Body& body) {
    run_parts_of(
        parts,
        [](const void* context, int32_t part, Backend& backend) {
          (*static_cast<const Body*>(context))(part, backend);
        },
        &body);
  }

  // ---- steps
  // body() as one step: the device may put off what it is asked for until the body ends or wants a value on
  // the host, and then do it all at once; the results are the same. No memory is allocated or released
  // within, and no step begun; other threads may use the backend meanwhile. What was asked for before an
  // exception is done.
  template <typename Body>
  void in_step(const Body& body) {
    begin_step();
    try {
      body();
    } catch (...) {
      try {
        end_step();
      } catch (...) {  // the first failure is the one to be told
      }
      throw;
    }
    end_step();
  }
  virtual StepCounts step_counts() const { return {}; }

  // ---- memory
  // Whether host code can read the memory of this backend where it lies.
  virtual bool host_memory() const = 0;
  // Zeroed memory, aligned to 64 bytes; throws MTL_OUT_OF_MEMORY naming `what`.
  virtual void* allocate(int64_t bytes, const char* what) = 0;
  virtual void release(void* memory) noexcept = 0;
  virtual void upload(void* target, const void* host_source, int64_t bytes) = 0;
  virtual void download(void* host_target, const void* source, int64_t bytes) = 0;
  virtual std::unique_ptr<ReadBack> make_read_back(int64_t bytes, const char* what) = 0;
  virtual void copy(void* target, const void* source, int64_t bytes) = 0;
  virtual void zero(void* memory, int64_t bytes) = 0;
  virtual void fill(double* values, int64_t count, double value) = 0;

  // ---- batches
  // out[i, :] = table[rows[i], :]; 4-byte elements, rows on the host.
  virtual void gather_rows(const void* table, int32_t width, const int32_t* rows, int32_t count,
                           void* out) = 0;
  // out[j, i] = table[rows[i], j]; out has the row length `stride`.
  virtual void gather_columns(const float* table, int32_t width, const int32_t* rows, int32_t count,
                              float* out, int64_t stride) = 0;

  // ---- parameters
  // values[i] from the distribution; the i-th number of stream `stream` of the seed.
  virtual void initialize(float* values, int64_t count, Initial initial, float scale, uint64_t seed,
                          uint32_t stream) = 0;
  // values *= factor
  virtual void scale(float* values, int64_t count, double factor) = 0;
  // scale[0] = min(1, clip_norm / norm of the slices together); offsets and counts on the host.
  virtual void clip_scale(const float* gradients, const int64_t* offsets, const int64_t* counts,
                          int32_t slices, float clip_norm, float* scale) = 0;
  // One step on a slice; the gradient is multiplied by scale[0] first when scale is given.
  virtual void optimizer_step(const OptimizerStep& step, float* parameters, const float* gradients,
                              float* first, float* second, int64_t count, const float* scale) = 0;

  // ---- ops, forward and backward
  // y = x w^T + bias; x [batch, in], w [out, in], bias [out] or nullptr.
  virtual void linear_forward(const float* x, const float* w, const float* bias, float* y, int32_t batch,
                              int32_t in, int32_t out) = 0;
  // y (+)= x w^T
  virtual void linear_product(const float* x, const float* w, float* y, int32_t batch, int32_t in,
                              int32_t out, Write write) = 0;
  // dx (+)= dy w
  virtual void linear_backward_input(const float* dy, const float* w, float* dx, int32_t batch, int32_t in,
                                     int32_t out, Write write) = 0;
  // z = x w^T + bias, y = f(z). z may be nullptr: it is not kept then. It is kept for activation_slope alone:
  // where that uses y, z may be anything.
  virtual void linear_activation_forward(const float* x, const float* w, const float* bias,
                                         mtl_activation kind, float* z, float* y, int32_t batch, int32_t in,
                                         int32_t out) = 0;
  // dw = dy^T x; dbias = column sums of dy, unless nullptr. Only for the outputs first ... first + count - 1
  // of `out`: dw [count, in] and dbias [count] hold these alone.
  virtual void linear_backward_parameters(const float* dy, const float* x, float* dw, float* dbias,
                                          int32_t batch, int32_t in, int32_t out, int32_t first,
                                          int32_t count) = 0;
  virtual void activation_forward(mtl_activation kind, const float* x, float* y, int64_t count) = 0;
  // dx (+)= dy f'(x); y = f(x) may be used instead of x.
  virtual void activation_backward(mtl_activation kind, const float* x, const float* y, const float* dy,
                                   float* dx, int64_t count, Write write) = 0;
  // d *= f'(z), in place; y = f(z) may be used instead of z, which is nullptr where z was not kept.
  virtual void activation_slope(mtl_activation kind, const float* z, const float* y, float* d,
                                int64_t count) = 0;
  // y = gain (x - mean) / sqrt(variance + epsilon) + shift; mean [batch] and inverse [batch] = 1 /
  // sqrt(variance
  // + epsilon) are kept.
  virtual void layer_norm_forward(const float* x, const float* gain, const float* shift, float epsilon,
                                  float* y, float* mean, float* inverse, int32_t batch, int32_t width) = 0;
  virtual void layer_norm_backward_input(const float* x, const float* gain, const float* mean,
                                         const float* inverse, const float* dy, float* dx, int32_t batch,
                                         int32_t width, Write write) = 0;
  // How y changes when x changes by dx, gain by dgain and shift by dshift, [batch, width] and [width];
  // nullptr: it does not.
  virtual void layer_norm_tangent(const float* x, const float* gain, const float* mean, const float* inverse,
                                  const float* dx, const float* dgain, const float* dshift, float* out,
                                  int32_t batch, int32_t width) = 0;
  virtual void layer_norm_backward_parameters(const float* x, const float* mean, const float* inverse,
                                              const float* dy, float* dgain, float* dshift, int32_t batch,
                                              int32_t width) = 0;
  // y (+)= x times mask; mask = 0 with the given probability, else 1 / (1 - probability). Its own backward. x
  // and y [count] are the elements from `first` on, a multiple of kDropoutStep, of what is masked.
  virtual void dropout(const float* x, float* y, int64_t first, int64_t count, float probability,
                       const MaskKey& key, Write write) = 0;
  // y[i, :] = table[codes[i, column], :]
  virtual void embedding_forward(const float* table, const int32_t* codes, int32_t columns, int32_t column,
                                 float* y, int32_t batch, int32_t width) = 0;
  // dtable = 0, then dtable[codes[i, column], :] += dy[i, :] in the order of i.
  virtual void embedding_backward(const float* dy, const int32_t* codes, int32_t columns, int32_t column,
                                  float* dtable, int32_t categories, int32_t batch, int32_t width) = 0;
  // target[i, target_column + j] (+)= source[i, source_column + j], j < width.
  virtual void copy_columns(const float* source, int32_t source_stride, int32_t source_column, float* target,
                            int32_t target_stride, int32_t target_column, int32_t batch, int32_t width,
                            Write write) = 0;
  virtual void add(const float* left, const float* right, float* sum, int64_t count) = 0;
  // dx (+)= dy
  virtual void pass_gradient(const float* dy, float* dx, int64_t count, Write write) = 0;

  // ---- losses
  // out[0] = sum over the labelled samples of the weighted loss; the gradient of that sum, times a scale,
  // goes where `gradient` says: 0 for samples without a label.
  virtual void loss(const LossSpec& spec, const float* prediction, const float* labels, int32_t batch,
                    double* out, const LossGradient& gradient) = 0;
  // losses[k] = (sum over p of partial[p, k]) / divisors[k] (host) where take[k] (host) is not 0, else NaN.
  virtual void combine_losses(const double* partial, int32_t parts, int32_t tasks, const uint8_t* take,
                              const double* divisors, double* losses) = 0;
  // sums[k] += losses[k] where take[k] (host) is not 0.
  virtual void add_losses(const double* losses, const uint8_t* take, int32_t tasks, double* sums) = 0;
  virtual void update_affinity(const AffinityUpdate& update) = 0;

  // ---- gradients of several tasks
  // products[i, j] += rows[i, :] . rows[j, :] for i <= j; rows [count, width] with the row length `stride`,
  // products [count, count].
  virtual void add_inner_products(const float* rows, int32_t count, int64_t width, int64_t stride,
                                  double* products) = 0;
  // sum[0] += the sum over r < rows, c < columns of left[r, c] (right[r, c] + shift); row lengths as given.
  virtual void add_matched_product(const float* left, int64_t left_stride, const float* right,
                                   int64_t right_stride, float shift, int32_t rows, int32_t columns,
                                   double* sum) = 0;
  // out[c] = sum over i of weights[i] rows[i, c]; weights on the host, [count]. out may be the only row.
  virtual void weighted_sum(const float* rows, int32_t count, int64_t width, int64_t stride,
                            const double* weights, float* out) = 0;

  // target = keep target + take source
  virtual void blend(float* target, const float* source, int64_t count, double keep, double take) = 0;
  // squares[i] += x[i]^2; sum[0] = the sum of x[i]^2 / sqrt(squares[i] + 1e-7).
  virtual void accumulate_squares(float* squares, const float* x, int64_t count, double* sum) = 0;
  // For the elements first ... first + width - 1 of rows [count] (host) of a matrix, whose element `first` is
  // matrix[0]: what a vote on the sign leaves of their sum; see MTL_COMBINE_SIGN_VOTE.
  virtual void sign_vote(const float* matrix, int64_t stride, const int32_t* rows, int32_t count,
                         int64_t first, int64_t width, double leak, uint64_t seed, uint32_t batch,
                         float* out) = 0;
  // Their mean without the `trim` largest and smallest. column: scratch [count].
  virtual void trimmed_mean(const float* matrix, int64_t stride, const int32_t* rows, int32_t count,
                            int64_t width, int32_t trim, float* column, float* out) = 0;

  // ---- tools of the device
  // Whether ranges are to be told at all; the same answer always.
  virtual bool shows_ranges() const { return false; }
  // A range of time of the calling thread, for the device's own profilers. Ranges lie inside each other; name
  // has static storage.
  virtual void range_begin(const char*) {}
  virtual void range_end() {}

  // ---- the yardstick
  // c [m, n] = a [m, k] b [k, n] by the device's own matrix library, and nothing else.
  virtual void matrix_product(const float* a, const float* b, float* c, int32_t m, int32_t n, int32_t k) = 0;

 protected:
  using PartBody = void (*)(const void* context, int32_t part, Backend& backend);
  virtual void run_parts_of(int32_t parts, PartBody body, const void* context) = 0;
  // Both by the same thread. The step has ended also when end_step throws.
  virtual void begin_step() {}
  virtual void end_step() {}
};

}  // namespace mtl

#endif

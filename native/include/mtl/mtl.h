/* The C interface of the MtlHybrid core: the one contract between the native code and everything else.
 *
 * Conventions
 * - Every function that can fail returns mtl_status; outputs come last, through pointers, and are written
 * only on MTL_OK. After a failure mtl_last_error() gives the text, per thread.
 * - Handles are opaque. Every *_destroy accepts NULL. Networks and datasets keep their context alive, and
 * predictors their network, so handles may be destroyed in any order.
 * - A context, and everything made from it, is used by one thread at a time; a second thread gets MTL_BUSY.
 * Predictors are the exception: each is used by one thread at a time, any number of them at the same time.
 * - Option structs start with struct_size (bytes, set by *_init). A caller compiled against an older header
 * passes a smaller size; the fields it does not know keep their defaults. New fields go to the end.
 * - Matrices are row-major, values are 32-bit floats, a missing label is NaN.
 * - owner: -1 (MTL_SHARED) means the shared trunk, k >= 0 the head of task k.
 */
#ifndef MTL_MTL_H
#define MTL_MTL_H

#include <stddef.h>
#include <stdint.h>

#if defined(MTL_BINDGEN)
#define MTL_API
#elif defined(_WIN32)
#if defined(MTL_BUILDING)
#define MTL_API __declspec(dllexport)
#else
#define MTL_API __declspec(dllimport)
#endif
#else
#define MTL_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Raised whenever a caller compiled against an older header would misbehave. */
#define MTL_ABI_VERSION 1
/* The owner of parameters that all tasks share. */
#define MTL_SHARED (-1)

typedef enum mtl_status {
  MTL_OK = 0,
  MTL_INVALID_ARGUMENT = 1, /* an argument is outside its documented range */
  MTL_INVALID_STATE = 2,    /* the call does not fit what was called before */
  MTL_OUT_OF_MEMORY = 3,
  MTL_DEVICE_ERROR = 4, /* the device is not there, or refused */
  MTL_DEVICE_LOST = 5,  /* the device failed for good; every later call on the context answers so */
  MTL_BUSY = 6,         /* another thread is inside a call on the same context or predictor */
  MTL_CANCELLED = 7,    /* mtl_context_request_cancel was called during a long call */
  MTL_INTERNAL = 8,     /* a defect of the library */
  MTL_STATUS_MAX = 0x7fffffff
} mtl_status;

typedef enum mtl_device_kind {
  MTL_DEVICE_CPU = 0,
  MTL_DEVICE_CUDA = 1,
  MTL_DEVICE_KIND_MAX = 0x7fffffff
} mtl_device_kind;

/* How matrix products are computed. Parameters, gradients and sums are 32-bit floats in any case. */
typedef enum mtl_precision {
  MTL_PRECISION_FLOAT32 = 0,
  MTL_PRECISION_TENSOR_FLOAT32 = 1, /* CUDA: factors rounded to 10 bits of mantissa, sums in 32 bits */
  MTL_PRECISION_BFLOAT16 = 2,       /* CUDA: factors rounded to bfloat16, sums in 32 bits */
  MTL_PRECISION_MAX = 0x7fffffff
} mtl_precision;

/* Whether CUDA devices can be used, and if not, what stands in the way. */
typedef enum mtl_cuda_state {
  MTL_CUDA_USABLE = 0,        /* the plug-in is open and the driver shows a device */
  MTL_CUDA_NO_PLUGIN = 1,     /* the plug-in's file is not there */
  MTL_CUDA_NOT_LOADED = 2,    /* the system's loader refuses it, for want of a library for example */
  MTL_CUDA_OTHER_VERSION = 3, /* the file belongs to another version of the library */
  MTL_CUDA_NO_DRIVER = 4,     /* there is no driver, or it does not answer */
  MTL_CUDA_NO_DEVICE = 5,     /* the driver shows no device */
  MTL_CUDA_STATE_MAX = 0x7fffffff
} mtl_cuda_state;

typedef enum mtl_activation {
  MTL_RELU = 0,
  MTL_GELU = 1,      /* x Phi(x), exact */
  MTL_GELU_TANH = 2, /* the tanh approximation */
  MTL_SILU = 3,      /* x sigmoid(x) */
  MTL_TANH = 4,
  MTL_SIGMOID = 5,
  MTL_ACTIVATION_MAX = 0x7fffffff
} mtl_activation;

typedef enum mtl_loss_kind {
  MTL_MEAN_SQUARE = 0,           /* (prediction - label)^2 */
  MTL_MEAN_ABSOLUTE = 1,         /* |prediction - label| */
  MTL_HUBER = 2,                 /* 0.5 d^2 for |d| <= delta, else delta (|d| - 0.5 delta) */
  MTL_BINARY_CROSS_ENTROPY = 3,  /* on a logit; label in [0, 1] */
  MTL_SOFTMAX_CROSS_ENTROPY = 4, /* on logits; label is a class index */
  MTL_LOSS_KIND_MAX = 0x7fffffff
} mtl_loss_kind;

typedef enum mtl_optimizer_kind {
  MTL_SGD = 0,
  MTL_ADAM = 1,  /* weight decay is added to the gradient (L2) */
  MTL_ADAMW = 2, /* weight decay shrinks the parameter directly */
  MTL_OPTIMIZER_KIND_MAX = 0x7fffffff
} mtl_optimizer_kind;

typedef enum mtl_group_reduction {
  MTL_REDUCTION_SUM = 0,  /* the group's loss is the weighted sum of its tasks' losses */
  MTL_REDUCTION_MEAN = 1, /* that sum divided by the number of tasks of the group with a label in the batch */
  MTL_GROUP_REDUCTION_MAX = 0x7fffffff
} mtl_group_reduction;

typedef enum mtl_affinity_credit {
  /* A change of the losses is credited to the group whose step caused it. */
  MTL_CREDIT_STEPPED_GROUP = 0,
  /* The authors' program: losses measured BEFORE a group's step are credited to that group, so that it is
   * credited with the effect of the group before it. For reproduction only. */
  MTL_CREDIT_OFFICIAL_CODE = 1,
  MTL_AFFINITY_CREDIT_MAX = 0x7fffffff
} mtl_affinity_credit;

typedef enum mtl_parameter_role {
  MTL_ROLE_WEIGHT = 0, /* linear: [out, in]; layer norm: the scale [1, width] */
  MTL_ROLE_BIAS = 1,   /* linear: [1, out]; layer norm: the shift [1, width] */
  MTL_ROLE_TABLE = 2,  /* embedding: [categories, width] */
  MTL_PARAMETER_ROLE_MAX = 0x7fffffff
} mtl_parameter_role;

/* The flat arrays of a network; all have the layout [shared | task 0 | task 1 | ...]. */
typedef enum mtl_buffer {
  MTL_BUFFER_PARAMETERS = 0,
  MTL_BUFFER_GRADIENTS = 1,     /* of the last update or mtl_network_gradients; defined for its slices only */
  MTL_BUFFER_FIRST_MOMENT = 2,  /* SGD: the momentum buffer; Adam: m */
  MTL_BUFFER_SECOND_MOMENT = 3, /* Adam: v; unused by SGD */
  MTL_BUFFER_MAX = 0x7fffffff
} mtl_buffer;

typedef struct mtl_context mtl_context;
typedef struct mtl_dataset mtl_dataset;
typedef struct mtl_graph mtl_graph;
typedef struct mtl_network mtl_network;
typedef struct mtl_predictor mtl_predictor;

/* ---- library ---- */

/* MTL_ABI_VERSION of the library as built. */
MTL_API uint32_t mtl_abi_version(void);
/* Version, compiler, BLAS, instruction sets, and how the CUDA plug-in was built, if it is there; static
 * storage, UTF-8. */
MTL_API const char* mtl_build_info(void);
/* The text of the calling thread's last failure (function, argument, expected, actual); empty when there was
 * none. Valid until this thread's next failure. */
MTL_API const char* mtl_last_error(void);
/* "invalid argument" and the like; static storage; never NULL. */
MTL_API const char* mtl_status_name(mtl_status status);

/* ---- devices and contexts ---- */

typedef struct mtl_device_info {
  uint32_t struct_size;
  int32_t kind;          /* mtl_device_kind */
  int32_t index;         /* among the devices of this kind */
  int32_t threads;       /* processor: hardware threads this process may use; else 0 */
  int64_t memory_bytes;  /* total memory */
  char name[128];        /* UTF-8, zero-terminated */
  char detail[256];      /* instruction sets, driver version, ...; UTF-8, zero-terminated */
  int64_t free_bytes;    /* CUDA: memory that can be had now; else 0 */
  int32_t compute_major; /* CUDA: compute capability; else 0 */
  int32_t compute_minor;
  int32_t driver_version; /* CUDA: what the driver can do, as CUDA writes it: 12040 is 12.4; else 0 */
  int32_t reserved;
} mtl_device_info;

/* Number of usable devices: the processor, which is always device 0, and behind it those of CUDA. */
MTL_API mtl_status mtl_device_count(int32_t* out_count);
MTL_API void mtl_device_info_init(mtl_device_info* info);
/* info->struct_size must be set (mtl_device_info_init). */
MTL_API mtl_status mtl_device_describe(int32_t device, mtl_device_info* info);
/* A tiny computation on the device, compared with the host; MTL_DEVICE_ERROR with the reason when it goes
 * wrong. */
MTL_API mtl_status mtl_device_self_test(int32_t device);

typedef struct mtl_cuda_info {
  uint32_t struct_size;
  int32_t state;   /* mtl_cuda_state */
  int32_t devices; /* that the driver shows */
  int32_t reserved;
  char reason[1024]; /* why CUDA is not used, for people; empty when it can be */
  char path[1024];   /* of the plug-in's file, there or not */
  char build[256];   /* how the plug-in was built: toolkit, architectures; empty when it is not open */
} mtl_cuda_info;

MTL_API void mtl_cuda_info_init(mtl_cuda_info* info);
/* CUDA devices are served by a plug-in library, which is opened once, by the first call of the process that
 * has to know: mtlhybrid_cuda beside this library, or the file that the environment variable
 * MTLHYBRID_CUDA_PATH names. That it cannot be used is no failure of this call. */
MTL_API mtl_status mtl_cuda_describe(mtl_cuda_info* info);

typedef struct mtl_context_options {
  uint32_t struct_size;
  int32_t device_kind;   /* mtl_device_kind; default MTL_DEVICE_CPU */
  int32_t device_index;  /* among the devices of this kind; default 0 */
  int32_t threads;       /* processor threads; 0 (default): every hardware thread this process may use */
  int32_t deterministic; /* 1 (default): results do not depend on timing; the same bits for the same thread
                            count */
  int32_t precision;     /* mtl_precision; default, and all the processor has, MTL_PRECISION_FLOAT32 */
} mtl_context_options;

MTL_API void mtl_context_options_init(mtl_context_options* options);
/* options may be NULL (defaults). MTL_DEVICE_ERROR with the reason when a CUDA device cannot be had. */
MTL_API mtl_status mtl_context_create(const mtl_context_options* options, mtl_context** out_context);
MTL_API void mtl_context_destroy(mtl_context* context);
/* The threads the context works with. */
MTL_API mtl_status mtl_context_threads(const mtl_context* context, int32_t* out_threads);
/* May be called from any thread: a long call (predict, evaluate, ...) in progress returns MTL_CANCELLED soon.
 * Without a call in progress, the next long call returns so. */
MTL_API mtl_status mtl_context_request_cancel(mtl_context* context);

/* ---- data that live on the device ---- */

typedef struct mtl_dataset_options {
  uint32_t struct_size;
  int32_t features;            /* dense inputs per row; 0 or more */
  int32_t categorical_columns; /* categorical inputs per row; 0 or more */
  int32_t tasks;               /* labels per row; 0 or more */
  int64_t rows;                /* at least 1, below 2^31 */
} mtl_dataset_options;

MTL_API void mtl_dataset_options_init(mtl_dataset_options* options);
/* A new dataset: features and categories 0, all labels missing. */
MTL_API mtl_status mtl_dataset_create(mtl_context* context, const mtl_dataset_options* options,
                                      mtl_dataset** out_dataset);
MTL_API void mtl_dataset_destroy(mtl_dataset* dataset);
/* Copies values [rows, features] into rows first_row ... first_row + rows - 1. */
MTL_API mtl_status mtl_dataset_set_features(mtl_dataset* dataset, int64_t first_row, int64_t rows,
                                            const float* values);
/* Copies codes [rows, categorical_columns]; codes are checked against the tables when a batch is begun. */
MTL_API mtl_status mtl_dataset_set_categories(mtl_dataset* dataset, int64_t first_row, int64_t rows,
                                              const int32_t* codes);
/* Copies labels [rows, tasks]; NaN means missing; class indices are stored as floats. */
MTL_API mtl_status mtl_dataset_set_labels(mtl_dataset* dataset, int64_t first_row, int64_t rows,
                                          const float* labels);

/* ---- the network as a graph ---- */

/* Nodes are numbered from 0 in the order they are added; every node is a matrix [batch, width]. A node
 * belongs to the trunk when it depends on no task's parameters, else to that one task; mixing two tasks, or
 * putting shared parameters behind a task's, is an invalid argument. */
MTL_API mtl_status mtl_graph_create(int32_t tasks, mtl_graph** out_graph);
MTL_API void mtl_graph_destroy(mtl_graph* graph);
/* The dense inputs [batch, features]; at most one per graph. */
MTL_API mtl_status mtl_graph_dense_input(mtl_graph* graph, int32_t features, int32_t* out_node);
/* The categorical inputs [batch, columns] of codes; at most one per graph; only embeddings may read it. */
MTL_API mtl_status mtl_graph_categorical_input(mtl_graph* graph, int32_t columns, int32_t* out_node);
/* y = x W^T + b; W [out_features, width of x]. bias: 0 or 1. */
MTL_API mtl_status mtl_graph_linear(mtl_graph* graph, int32_t input, int32_t out_features, int32_t bias,
                                    int32_t owner, int32_t* out_node);
MTL_API mtl_status mtl_graph_activation(mtl_graph* graph, int32_t input, mtl_activation kind,
                                        int32_t* out_node);
/* y = scale (x - mean) / sqrt(variance + epsilon) + shift over each row; biased variance. */
MTL_API mtl_status mtl_graph_layer_norm(mtl_graph* graph, int32_t input, float epsilon, int32_t owner,
                                        int32_t* out_node);
/* Zeroes with the given probability in [0, 1) and scales the rest by 1 / (1 - probability); identity outside
 * training. The mask is keyed by (seed, batch index, node): all groups of one batch see the same mask, so
 * that their losses differ by the updates only. */
MTL_API mtl_status mtl_graph_dropout(mtl_graph* graph, int32_t input, float probability, int32_t* out_node);
/* Row `code` of a table [categories, width]; the code is that of `column` of the categorical input. */
MTL_API mtl_status mtl_graph_embedding(mtl_graph* graph, int32_t input, int32_t column, int32_t categories,
                                       int32_t width, int32_t owner, int32_t* out_node);
/* Joins at least one node along the width. */
MTL_API mtl_status mtl_graph_concatenate(mtl_graph* graph, const int32_t* inputs, int32_t count,
                                         int32_t* out_node);
/* Element-wise sum of two nodes of one width. */
MTL_API mtl_status mtl_graph_add(mtl_graph* graph, int32_t left, int32_t right, int32_t* out_node);

typedef struct mtl_loss_options {
  uint32_t struct_size;
  int32_t kind;               /* mtl_loss_kind; default MTL_MEAN_SQUARE */
  float weight;               /* of the task in a group's loss; finite, at least 0; default 1 */
  float huber_delta;          /* above 0; default 1 */
  float positive_weight;      /* binary: factor of the positive term; above 0; default 1 */
  float label_smoothing;      /* softmax: in [0, 1); default 0 */
  int32_t ignore_index;       /* softmax: a label with this class index counts as missing; default -100 */
  int32_t class_weight_count; /* softmax: 0 (none) or the number of classes */
  const float* class_weights; /* softmax: each at least 0; copied; NULL when the count is 0 */
} mtl_loss_options;

MTL_API void mtl_loss_options_init(mtl_loss_options* options);
/* Declares `prediction` the output of `task`, with its loss: every task exactly once. The prediction has
 * width 1, or for softmax the number of classes (at least 2). The loss is the mean over the samples with a
 * label; with class weights w it is, as in PyTorch, sum(w_y l) / sum(w_y), the smoothed part weighted class
 * by class. */
MTL_API mtl_status mtl_graph_loss(mtl_graph* graph, int32_t task, int32_t prediction,
                                  const mtl_loss_options* options);
MTL_API mtl_status mtl_graph_node_width(const mtl_graph* graph, int32_t node, int32_t* out_width);

/* ---- the compiled network ---- */

typedef struct mtl_compile_options {
  uint32_t struct_size;
  int32_t max_batch; /* rows per batch at most; at least 1; default 256 */
  uint64_t seed;     /* of initial parameters and dropout; default 0 */
} mtl_compile_options;

typedef struct mtl_network_info {
  uint32_t struct_size;
  int32_t tasks;
  int32_t outputs; /* sum of the widths of all predictions */
  int32_t max_batch;
  int32_t parameter_tensors;
  int32_t reserved;
  int64_t parameters;   /* elements of each flat array, padding between slices included */
  int64_t memory_bytes; /* everything the network allocated */
} mtl_network_info;

typedef struct mtl_parameter_info {
  uint32_t struct_size;
  int32_t node;  /* the graph node that owns the tensor */
  int32_t role;  /* mtl_parameter_role */
  int32_t owner; /* MTL_SHARED or the task */
  int32_t rows;
  int32_t columns;
  int64_t offset; /* of the first element in the flat arrays */
} mtl_parameter_info;

MTL_API void mtl_compile_options_init(mtl_compile_options* options);
/* Checks the graph, plans and allocates all memory, and initialises the parameters from options->seed. The
 * graph may be destroyed afterwards. */
MTL_API mtl_status mtl_network_compile(mtl_context* context, const mtl_graph* graph,
                                       const mtl_compile_options* options, mtl_network** out_network);
MTL_API void mtl_network_destroy(mtl_network* network);
MTL_API void mtl_network_info_init(mtl_network_info* info);
MTL_API mtl_status mtl_network_describe(const mtl_network* network, mtl_network_info* info);
MTL_API void mtl_parameter_info_init(mtl_parameter_info* info);
/* The tensor-th parameter tensor, in the order of the layout. */
MTL_API mtl_status mtl_network_parameter(const mtl_network* network, int32_t tensor,
                                         mtl_parameter_info* info);
/* Where an owner's slice lies in the flat arrays. */
MTL_API mtl_status mtl_network_slice(const mtl_network* network, int32_t owner, int64_t* out_offset,
                                     int64_t* out_count);
/* New parameters from a seed (linear: uniform in +-1/sqrt(in) for weight and bias; layer norm: 1 and 0;
 * embedding: standard normal); optimizer state, step counts, loss totals and affinity are cleared. */
MTL_API mtl_status mtl_network_initialize(mtl_network* network, uint64_t seed);
/* Copies `count` elements from `offset` of a flat array. */
MTL_API mtl_status mtl_network_read(mtl_network* network, mtl_buffer buffer, int64_t offset, int64_t count,
                                    float* out_values);
MTL_API mtl_status mtl_network_write(mtl_network* network, mtl_buffer buffer, int64_t offset, int64_t count,
                                     const float* values);
/* Optimizer steps taken per slice: [shared, task 0, task 1, ...]; tasks + 1 entries. */
MTL_API mtl_status mtl_network_read_step_counts(mtl_network* network, int64_t* out_counts);
MTL_API mtl_status mtl_network_write_step_counts(mtl_network* network, const int64_t* counts);

typedef struct mtl_optimizer_options {
  uint32_t struct_size;
  int32_t kind;       /* mtl_optimizer_kind; default MTL_ADAM */
  float momentum;     /* SGD: in [0, 1); default 0. buffer = momentum buffer + g, first step: buffer = g */
  int32_t nesterov;   /* SGD: 0 or 1 (needs momentum); default 0 */
  float beta1;        /* Adam: in [0, 1); default 0.9 */
  float beta2;        /* Adam: in [0, 1); default 0.999 */
  float epsilon;      /* Adam: above 0; default 1e-8; added to sqrt(v / (1 - beta2^t)) */
  float weight_decay; /* at least 0; default 0 */
  float clip_norm;    /* gradient norm over the shared and the active heads' slices at most this; 0 (default):
                         off */
} mtl_optimizer_options;

MTL_API void mtl_optimizer_options_init(mtl_optimizer_options* options);
/* May be called again between batches; state and step counts stay. A new network has the defaults. */
MTL_API mtl_status mtl_network_configure_optimizer(mtl_network* network,
                                                   const mtl_optimizer_options* options);

typedef struct mtl_affinity_options {
  uint32_t struct_size;
  int32_t enabled; /* 0 or 1; default 0 */
  int32_t credit;  /* mtl_affinity_credit; default MTL_CREDIT_STEPPED_GROUP */
  float decay;     /* beta in B <- (1 - beta) B + beta b; in (0, 1]; default 0.001 */
  float limit;     /* a_t below -limit counts as -limit; finite, at least 0; 0 (default): no limit */
} mtl_affinity_options;

MTL_API void mtl_affinity_options_init(mtl_affinity_options* options);
MTL_API mtl_status mtl_network_configure_affinity(mtl_network* network, const mtl_affinity_options* options);

/* ---- one batch ---- */

/* Gathers the batch: rows [count] are indices into the dataset, 1 <= count <= max_batch, repeats allowed.
 * Forgets the losses known from the batch before. batch_index keys dropout. The dataset must have the
 * network's inputs and tasks. */
MTL_API mtl_status mtl_network_begin_batch(mtl_network* network, const mtl_dataset* dataset,
                                           const int32_t* rows, int32_t count, uint64_t batch_index);

typedef struct mtl_update_options {
  uint32_t struct_size;
  float shared_learning_rate; /* finite, at least 0 */
  float head_learning_rate;   /* finite, at least 0 */
  int32_t reduction;          /* mtl_group_reduction; default MTL_REDUCTION_SUM */
  int32_t all_losses;         /* 1 (default): the losses of all tasks are measured; 0: only the group's */
} mtl_update_options;

MTL_API void mtl_update_options_init(mtl_update_options* options);
/* One group update on the current batch: forward, losses, affinity update, backward of the group's loss,
 * optimizer step on the shared slice and on the heads of the group. Members without a label in the batch take
 * no part: their heads, momentum and step counts stay, and the group size in the affinity and in the mean
 * counts the others. When no member has a label nothing at all happens. tasks [count]: distinct, in range.
 *
 * Affinity: source s, target t, L the loss just measured, p the loss at the forward before on the same batch,
 * G the credited group without members that took no part, a_t = (1 - L_t / p_t) / |G|, at least -limit where
 * one is set.
 * - t not in G: b = a_t;
 * - t == s: b = a_t if a_t >= 0, else no observation;
 * - t in G, t != s: b = a_t if a_t a_s >= 0, else -max(a_t, a_s);
 * - B[s, t] <- (1 - decay) B[s, t] + decay b.
 *
 * A loss that is undefined or not finite, or p_t <= 0, gives no observation. */
MTL_API mtl_status mtl_network_update_group(mtl_network* network, const int32_t* tasks, int32_t count,
                                            const mtl_update_options* options);
/* One step on a weighted sum of losses: the trunk steps on d = sum over the tasks of shared_weights[i] g_i,
 * the head of tasks[i] on its own gradient times head_weights[i] (NULL: as shared_weights). [count] each,
 * finite. g_i includes the task's weight in its loss options; options->reduction is not used.
 *
 * Uses the values and losses of the last forward where there is one on this batch since the last step
 * (mtl_network_measure, mtl_network_task_gradients), and makes one, as mtl_network_update_group does, where
 * there is none. Members without a label take no part; affinity is credited as by mtl_network_update_group.
 */
MTL_API mtl_status mtl_network_step_weighted(mtl_network* network, const int32_t* tasks, int32_t count,
                                             const double* shared_weights, const double* head_weights,
                                             const mtl_update_options* options);
/* Forward and losses of all tasks on the current batch, with training behaviour, and the affinity update for
 * the last group that stepped; no step. With MTL_CREDIT_OFFICIAL_CODE no affinity is recorded. */
MTL_API mtl_status mtl_network_measure(mtl_network* network);
/* Which gradients are meant by a task's gradient. */
typedef enum mtl_gradient_scope {
  MTL_GRADIENTS_SHARED = 0,         /* of all shared parameters */
  MTL_GRADIENTS_REPRESENTATION = 1, /* of the shared values that heads read, over the rows of the batch */
  MTL_GRADIENTS_LAST_LAYER = 2, /* of the parameters of the last shared layer that has weights, and of what
                                   lies behind it */
  MTL_GRADIENT_SCOPE_MAX = 0x7fffffff
} mtl_gradient_scope;

typedef struct mtl_gradient_options {
  uint32_t struct_size;
  int32_t max_parts;   /* into how many parts of the batch gradients are told apart: 1 (default) or 2 */
  double memory_share; /* memory for task gradients, as a share of what the network takes without them; finite
                          and above 0, default 0.5. At least one task fits in any case, and with two parts
                          all. Where not all fit at once, the rest costs twice the arithmetic */
  int32_t matrices;   /* 0 (default); 1: the gradients themselves are kept too, [tasks, shared parameters]; 2:
                         and a second such matrix, for moving averages or squares. Beside memory_share */
  int32_t directions; /* 1: mtl_network_project_gradients can be called; 0 (default) */
} mtl_gradient_options;

MTL_API void mtl_gradient_options_init(mtl_gradient_options* options);
/* Allocates what mtl_network_task_gradients needs; may be called again between batches. */
MTL_API mtl_status mtl_network_configure_gradients(mtl_network* network, const mtl_gradient_options* options);

typedef struct mtl_gradient_request {
  uint32_t struct_size;
  int32_t scope;      /* mtl_gradient_scope; default MTL_GRADIENTS_SHARED */
  int32_t parts;      /* 1 (default), or 2: gradients of each half of the rows */
  int32_t rows;       /* only the first `rows` rows of the batch; 0 (default): all */
  int32_t all_losses; /* as in mtl_update_options; default 1 */
} mtl_gradient_request;

MTL_API void mtl_gradient_request_init(mtl_gradient_request* request);
/* The inner products of the tasks' gradients: out_products[i, j] = g_i . g_j, g_i the gradient of the
 * weighted loss of tasks[i] over the rows asked for, as their mean. [parts * count, parts * count], double
 * precision, symmetric; with two parts the tasks of the first half come first. Tasks without a label there
 * have rows of zeros.
 *
 * One forward (unless there is one on this batch since the last step), and one backward through the trunk
 * for all tasks at once; the gradients themselves are not kept. What is left for mtl_network_step_weighted:
 * the values, and the gradients of the members' heads. Affinity is credited as by mtl_network_update_group.
 */
MTL_API mtl_status mtl_network_task_gradients(mtl_network* network, const int32_t* tasks, int32_t count,
                                              const mtl_gradient_request* request, double* out_products);
/* out_products[i, r] = g_i . v_r for directions v_r of independent standard normal numbers, drawn from the
 * seed: [count, directions]. The mean over r of out_products[i, r] out_products[j, r] is an unbiased estimate
 * of g_i . g_j, at the price of one pass like a forward for each direction, whatever the number of tasks.
 * Forward as in mtl_network_task_gradients. Members without a label have rows of zeros. */
MTL_API mtl_status mtl_network_project_gradients(mtl_network* network, const int32_t* tasks, int32_t count,
                                                 int32_t directions, uint64_t seed, double* out_products);

/* What a combination of kept task gradients is made of. */
typedef enum mtl_combination_kind {
  MTL_COMBINE_GRADIENTS = 0, /* sum of weights[i] g_i */
  MTL_COMBINE_AVERAGES = 1,  /* sum of weights[i] a_i, a_i the moving averages */
  MTL_COMBINE_SIGN_VOTE =
      2, /* element by element: P = (1 + sum g / sum |g|) / 2, u uniform; positive parts stay
            where P > u, negative ones where P < u; of what does not stay, the share `leak` does */
  MTL_COMBINE_TRIMMED_MEAN = 3, /* element by element the mean without the `trim` largest and smallest */
  MTL_COMBINATION_KIND_MAX = 0x7fffffff
} mtl_combination_kind;

typedef struct mtl_combination {
  uint32_t struct_size;
  int32_t kind;  /* mtl_combination_kind; default MTL_COMBINE_GRADIENTS */
  int32_t trim;  /* at least 0; at most (members - 1) / 2 are taken; default 0 */
  double leak;   /* in [0, 1]; default 0 */
  uint64_t seed; /* of the uniform numbers of MTL_COMBINE_SIGN_VOTE: element p takes word 0 of Philox4x32-10
                    of the counter (p low, p high, 0x64726F70, batch low) under this key, times 2^-32 */
  uint64_t batch;
} mtl_combination;

/* Moves the averages of the tasks towards their kept gradients: a_i <- keep[i] a_i + take[i] g_i; [count]
 * each, finite. Members without a label in the batch keep theirs. out_products [count, count]: the inner
 * products of the averages of those with a label, rows of zeros for the others. */
MTL_API mtl_status mtl_network_average_gradients(mtl_network* network, const int32_t* tasks, int32_t count,
                                                 const double* keep, const double* take,
                                                 double* out_products);
/* Adds the squares of the kept gradients to the second matrix, element by element, s_i += g_i^2, and gives
 * out_sums[i] = sum over the elements of g_i^2 / sqrt(s_i + 1e-7), [count]; 0 for members without a label. */
MTL_API mtl_status mtl_network_accumulate_squares(mtl_network* network, const int32_t* tasks, int32_t count,
                                                  double* out_sums);
MTL_API void mtl_combination_init(mtl_combination* combination);
/* As mtl_network_step_weighted, but the trunk steps on a combination of the gradients that
 * mtl_network_task_gradients has kept on this batch. weights [count], finite; NULL: all 1. Averages of
 * members without a label are left out. */
MTL_API mtl_status mtl_network_step_combined(mtl_network* network, const int32_t* tasks, int32_t count,
                                             const double* weights, const double* head_weights,
                                             const mtl_combination* combination,
                                             const mtl_update_options* options);
/* As mtl_network_update_group, without affinity and step: leaves the gradients in MTL_BUFFER_GRADIENTS. */
MTL_API mtl_status mtl_network_gradients(mtl_network* network, const int32_t* tasks, int32_t count,
                                         mtl_group_reduction reduction);

/* ---- what is kept beside the network ---- */

/* Unweighted losses [tasks] of the last forward of the current batch; NaN where undefined or not measured. */
MTL_API mtl_status mtl_network_read_losses(mtl_network* network, double* out_losses);
/* Per task, over the batches since the last call: the sum of the loss at the first forward that measured it
 * in each batch, and the number of batches with a defined loss; then both are cleared. A loss that is not
 * finite makes the sum not finite. [tasks] each. */
MTL_API mtl_status mtl_network_take_loss_totals(mtl_network* network, double* out_sums, int64_t* out_batches);
/* B [tasks, tasks], row = source, column = target, and the number of observations of each entry
 * (out_observations may be NULL). */
MTL_API mtl_status mtl_network_read_affinity(mtl_network* network, double* out_affinity,
                                             int64_t* out_observations);
/* Asks for the affinity and the observations as they are after every call so far, and returns without waiting
 * for the device; what was asked for before is forgotten. */
MTL_API mtl_status mtl_network_request_affinity(mtl_network* network);
/* What mtl_network_request_affinity asked for last, [tasks, tasks] each (out_observations may be NULL),
 * however often. Waits only if it has not arrived, and for nothing that came after it. MTL_INVALID_STATE when
 * nothing was asked for. */
MTL_API mtl_status mtl_network_take_affinity(mtl_network* network, double* out_affinity,
                                             int64_t* out_observations);
/* observations may be NULL: taken as 0. */
MTL_API mtl_status mtl_network_write_affinity(mtl_network* network, const double* affinity,
                                              const int64_t* observations);

/* ---- inference ---- */

/* Raw outputs (logits, standardised values) [rows, outputs] in task order, without dropout; any number of
 * rows. features [rows, features], categories [rows, columns]; NULL where the network has no such input. All
 * rows are checked before the first is computed; after MTL_CANCELLED some of out_outputs may be written. Ends
 * the current batch. */
MTL_API mtl_status mtl_network_predict(mtl_network* network, const float* features, const int32_t* categories,
                                       int64_t rows, float* out_outputs);
/* The same for rows [count] of a dataset. */
MTL_API mtl_status mtl_network_predict_rows(mtl_network* network, const mtl_dataset* dataset,
                                            const int32_t* rows, int64_t count, float* out_outputs);
/* Losses without dropout over rows [count] of a dataset: per task the weighted sum over the labelled samples
 * and the sum of weights; their quotient is the mean loss. Ends the current batch. [tasks] each. */
MTL_API mtl_status mtl_network_evaluate(mtl_network* network, const mtl_dataset* dataset, const int32_t* rows,
                                        int64_t count, double* out_loss_sums, double* out_weight_sums);

/* ---- predictors: one network, several threads ---- */

typedef struct mtl_predictor_options {
  uint32_t struct_size;
  int32_t max_batch; /* rows computed at a time, which decides the memory; at least 1; default 256 */
} mtl_predictor_options;

MTL_API void mtl_predictor_options_init(mtl_predictor_options* options);
/* A predictor has activations of its own and reads the network's parameters in place: it follows what is
 * trained into the network. It computes on the calling thread alone, so that several threads, each with a
 * predictor of its own, predict at the same time. May be called at any time, whatever other threads do with
 * the network. options may be NULL (defaults). */
MTL_API mtl_status mtl_predictor_create(mtl_network* network, const mtl_predictor_options* options,
                                        mtl_predictor** out_predictor);
MTL_API void mtl_predictor_destroy(mtl_predictor* predictor);
/* Bytes the predictor allocated. */
MTL_API mtl_status mtl_predictor_memory(const mtl_predictor* predictor, int64_t* out_bytes);
/* What mtl_network_predict computes (up to rounding), for any number of rows, without allocating; the current
 * batch of the network stays. All rows are checked before the first is computed. For the same arguments the
 * results are the same bits.
 *
 * MTL_BUSY: another thread is inside a call on this predictor, or inside a call that changes the network's
 * parameters (mtl_network_update_group, _initialize, _write of parameters). Such a call in turn answers
 * MTL_BUSY, and changes nothing, while a predictor of the network computes. */
MTL_API mtl_status mtl_predictor_predict(mtl_predictor* predictor, const float* features,
                                         const int32_t* categories, int64_t rows, float* out_outputs);

/* ---- what the device can do ---- */

/* How fast the context multiplies matrices: plain single-precision products of [m, k] by [k, n] by the BLAS
 * that the networks use too, cut over the context's threads as a linear layer is. Multiplies for about
 * `seconds` (finite, at least 0), at least 5 and at most 100,000 times, and takes the median. m, n, k: at
 * least 1. out_flops_per_second: 2 m n k / that time. A long call. */
MTL_API mtl_status mtl_context_matrix_product_rate(mtl_context* context, int32_t m, int32_t n, int32_t k,
                                                   double seconds, double* out_flops_per_second);

/* ---- what a context does, over time ---- */

typedef enum mtl_trace_kind {
  MTL_TRACE_CALL = 0, /* "begin_batch", "group" (mtl_network_update_group), "weighted_step", "measure", ... */
  MTL_TRACE_PHASE = 1, /* within a call: "forward", "losses", "backward", "affinity", "step" */
  MTL_TRACE_OP = 2,    /* within forward or backward: "linear", "activation", "layer_norm", ... */
  MTL_TRACE_KIND_MAX = 0x7fffffff
} mtl_trace_kind;

/* A range of time on one thread of the host. On a GPU that is the time it took to ask for the work, not the
 * work itself. */
typedef struct mtl_trace_event {
  uint32_t struct_size;
  int32_t kind;     /* mtl_trace_kind */
  const char* name; /* static storage, UTF-8 */
  int64_t start;    /* nanoseconds since mtl_context_start_trace, by a steady clock */
  int64_t duration; /* nanoseconds */
  int64_t index;    /* begin_batch: its batch_index; ops: the graph node; else -1 */
  uint64_t tasks;   /* calls on a group: bit k is 1 when task k, below 64, takes part; else 0 */
  int32_t thread;   /* threads are numbered from 0 as they are first seen */
  int32_t reserved;
} mtl_trace_event;

/* From now on records what the calls on this context and on its networks do; predictors are left out. Keeps
 * the latest max_events, 1 to 2^26, about 64 bytes each, which are allocated here; forgets those of a trace
 * before. Results do not change. */
MTL_API mtl_status mtl_context_start_trace(mtl_context* context, int64_t max_events);
/* What was recorded can still be read. Without a trace: nothing happens. */
MTL_API mtl_status mtl_context_stop_trace(mtl_context* context);
/* Events that can be read, and how many before them were dropped for want of room. */
MTL_API mtl_status mtl_context_trace_count(const mtl_context* context, int64_t* out_events,
                                           int64_t* out_dropped);
MTL_API void mtl_trace_event_init(mtl_trace_event* event);
/* The event-th, in the order in which they ended. out_event->struct_size must be set (mtl_trace_event_init).
 */
MTL_API mtl_status mtl_context_trace_event(const mtl_context* context, int64_t event,
                                           mtl_trace_event* out_event);

#ifdef __cplusplus
}
#endif

#endif /* MTL_MTL_H */

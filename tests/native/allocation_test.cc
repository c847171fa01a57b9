// After compile, training and inference allocate nothing. This program's malloc counts the calls of every
// thread; the sanitizers bring their own, so that under them there is nothing to test here.
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <new>
#include <tuple>

#include "support/data.h"
#include "support/example_graphs.h"
#include "support/network.h"

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && defined(__GLIBC__)

namespace {

std::atomic<int64_t> allocations{0};
thread_local bool in_blas = false;

void Count() {
  if (!in_blas) allocations.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

extern "C" {

void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);

void* malloc(size_t size) {
  Count();
  return __libc_malloc(size);
}
void* calloc(size_t count, size_t size) {
  Count();
  return __libc_calloc(count, size);
}
void* realloc(void* old, size_t size) {
  Count();
  return __libc_realloc(old, size);
}
void* memalign(size_t alignment, size_t size) {
  Count();
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(size_t alignment, size_t size) {
  return memalign(alignment, size);
}
int posix_memalign(void** out, size_t alignment, size_t size) {
  *out = memalign(alignment, size);
  return *out ? 0 : ENOMEM;
}

// The linker sends the calls of cblas_sgemm here (--wrap).
void __real_cblas_sgemm(int, int, int, int, int, int, float, const float*, int, const float*, int, float,
                        float*, int);
void __wrap_cblas_sgemm(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha,
                        const float* a, int lda, const float* b, int ldb, float beta, float* c, int ldc) {
  in_blas = true;
  __real_cblas_sgemm(order, transpose_a, transpose_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  in_blas = false;
}

}  // extern "C"

namespace {

template <typename Call>
int64_t AllocationsOf(Call call) {
  const int64_t before = allocations.load();
  call();
  return allocations.load() - before;
}

TEST(Allocation, IsCounted) {
  EXPECT_EQ(AllocationsOf([] {
              void* volatile block = std::malloc(100);
              std::free(block);
            }),
            1);
  EXPECT_EQ(AllocationsOf([] {
              std::vector<int>* volatile vector = new std::vector<int>(10);
              delete vector;
            }),
            2);
}

// Threads, and whether there is a trace: one with a ring that is soon full.
class NoAllocationTest : public testing::TestWithParam<std::tuple<int, bool>> {};

TEST_P(NoAllocationTest, AfterCompile) {
  const auto [threads, traced] = GetParam();
  const support::Context context = support::MakeContext(threads);
  reference::Graph graph;
  const int dense = graph.DenseInput(20);
  const int embedded = graph.Embedding(graph.CategoricalInput(1), 0, 7, 6, MTL_SHARED);
  int trunk = graph.Activation(graph.Linear(graph.Concatenate({dense, embedded}), 130, MTL_SHARED), MTL_GELU);
  trunk = graph.Dropout(graph.LayerNorm(trunk, 1e-5f, MTL_SHARED), 0.1f);
  trunk = graph.Add(trunk, graph.Activation(graph.Linear(trunk, 130, MTL_SHARED), MTL_RELU));
  graph.Output(graph.Linear(trunk, 1, 0));
  graph.Output(graph.Linear(trunk, 4, 1), {.kind = MTL_SOFTMAX_CROSS_ENTROPY});
  graph.Output(graph.Linear(trunk, 1, 2), {.kind = MTL_BINARY_CROSS_ENTROPY});
  const reference::Rows rows = support::RandomRows(graph, 300, 201, 0.2);
  const support::Dataset dataset = support::MakeDataset(context.get(), rows);
  support::Network network(context.get(), graph, 128);
  network.Configure({.kind = MTL_ADAMW, .weight_decay = 0.01f, .clip_norm = 1.0f});
  network.ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 0.1f);

  mtl_network* n = network.get();
  mtl_update_options options;
  mtl_update_options_init(&options);
  options.shared_learning_rate = options.head_learning_rate = 1e-3f;
  const std::vector<int32_t> all = support::Indices(300);
  const int32_t groups[] = {0, 2, 1};
  const support::Predictor predictor = support::MakePredictor(n, 64);
  std::vector<float> outputs(300 * network.info().outputs);
  std::vector<double> sums(9);
  std::vector<double> weights(9);
  std::vector<int64_t> counts(9);
  mtl_gradient_options wanted;
  mtl_gradient_options_init(&wanted);
  wanted.max_parts = wanted.matrices = 2;
  wanted.directions = 1;
  EXPECT_OK(mtl_network_configure_gradients(n, &wanted));
  mtl_gradient_request shared, halves, representation;
  for (mtl_gradient_request* request : {&shared, &halves, &representation})
    mtl_gradient_request_init(request);
  halves.parts = 2;
  representation.scope = MTL_GRADIENTS_REPRESENTATION;
  mtl_combination combination;
  mtl_combination_init(&combination);
  combination.kind = MTL_COMBINE_TRIMMED_MEAN;
  const double ones[] = {1, 1, 1}, others[] = {0.5, 2, 0};
  std::vector<double> products(36);
  if (traced) {
    EXPECT_OK(mtl_context_start_trace(context.get(), 1000));
  }
  mtl_status worst = MTL_OK;
  const auto call = [&](mtl_status status) {
    if (status != MTL_OK) worst = status;
  };
  const int64_t allocated = AllocationsOf([&] {
    for (int batch = 0; batch < 20; ++batch) {
      const int count = batch % 4 == 3 ? 37 : 128;
      call(
          mtl_network_begin_batch(n, dataset.get(), all.data() + batch, count, static_cast<uint64_t>(batch)));
      call(mtl_network_update_group(n, groups, 2, &options));
      call(mtl_network_update_group(n, groups + 2, 1, &options));
      call(mtl_network_update_group(n, groups, 3, &options));
      call(mtl_network_measure(n));
      call(mtl_network_gradients(n, groups, 2, MTL_REDUCTION_MEAN));
      call(mtl_network_read_losses(n, sums.data()));
      call(mtl_network_read_affinity(n, sums.data(), counts.data()));
      call(mtl_network_take_loss_totals(n, sums.data(), counts.data()));
      call(mtl_network_task_gradients(n, groups, 3, &halves, products.data()));
      call(mtl_network_task_gradients(n, groups, 2, &representation, products.data()));
      call(mtl_network_step_weighted(n, groups, 2, ones, others, &options));
      call(mtl_network_project_gradients(n, groups, 3, 2, 7, products.data()));
      call(mtl_network_task_gradients(n, groups, 3, &shared, products.data()));
      call(mtl_network_average_gradients(n, groups, 3, ones, others, products.data()));
      call(mtl_network_accumulate_squares(n, groups, 3, sums.data()));
      call(mtl_network_step_combined(n, groups, 3, ones, others, &combination, &options));
      if (batch % 5 == 0) {
        for (int64_t count : {1, 128, 300}) {
          call(mtl_network_predict(n, rows.dense.data(), rows.categories.data(), count, outputs.data()));
          call(mtl_network_predict_rows(n, dataset.get(), all.data(), count, outputs.data()));
          call(mtl_predictor_predict(predictor.get(), rows.dense.data(), rows.categories.data(), count,
                                     outputs.data()));
        }
        call(mtl_network_evaluate(n, dataset.get(), all.data(), 300, sums.data(), weights.data()));
      }
    }
  });
  EXPECT_EQ(worst, MTL_OK) << mtl_last_error();
  EXPECT_EQ(allocated, 0);
}

INSTANTIATE_TEST_SUITE_P(Threads, NoAllocationTest, testing::Combine(testing::Values(1, 2), testing::Bool()));

}  // namespace

#endif

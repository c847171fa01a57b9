// Sizes beyond any machine: an error, and never a crash, a wrapped-around product or a half-made object.
#include <limits>

#include "support/data.h"
#include "support/example_graphs.h"
#include "support/network.h"

namespace {

constexpr int32_t kHuge = std::numeric_limits<int32_t>::max();

testing::AssertionResult Impossible(mtl_status status) {
  if ((status == MTL_OUT_OF_MEMORY || status == MTL_INVALID_ARGUMENT) && *mtl_last_error() != 0) {
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << mtl_status_name(status) << ": " << mtl_last_error();
}

TEST(Limits, Datasets) {
  const support::Context context = support::MakeContext();
  struct Size {
    int32_t features, columns, tasks;
    int64_t rows;
  };
  for (const Size& size : {Size{kHuge, 0, 0, kHuge}, Size{0, kHuge, 0, kHuge}, Size{0, 0, kHuge, kHuge},
                           Size{kHuge, kHuge, kHuge, kHuge}, Size{1 << 30, 0, 0, int64_t{1} << 30},
                           Size{1 << 20, 1 << 20, 1 << 20, int64_t{1} << 30}}) {
    mtl_dataset_options options;
    mtl_dataset_options_init(&options);
    options.features = size.features;
    options.categorical_columns = size.columns;
    options.tasks = size.tasks;
    options.rows = size.rows;
    mtl_dataset* out = nullptr;
    EXPECT_TRUE(Impossible(mtl_dataset_create(context.get(), &options, &out)));
    EXPECT_EQ(out, nullptr);
  }
}

TEST(Limits, Graphs) {
  mtl_graph* graph = nullptr;
  ASSERT_OK(mtl_graph_create(1, &graph));
  const support::GraphHandle handle(graph);
  int32_t wide = -1;
  ASSERT_OK(mtl_graph_dense_input(graph, kHuge, &wide));
  const int32_t twice[] = {wide, wide};
  int32_t node = -7;
  EXPECT_TRUE(Impossible(mtl_graph_concatenate(graph, twice, 2, &node)));
  EXPECT_EQ(node, -7);
}

mtl_status Compile(const reference::Graph& graph, int32_t max_batch, mtl_network** out) {
  const support::Context context = support::MakeContext();
  const support::GraphHandle handle = support::MakeGraph(graph);
  mtl_compile_options options;
  mtl_compile_options_init(&options);
  options.max_batch = max_batch;
  return mtl_network_compile(context.get(), handle.get(), &options, out);
}

TEST(Limits, Networks) {
  mtl_network* out = nullptr;
  reference::Graph linear;
  linear.Output(linear.Linear(linear.Linear(linear.DenseInput(kHuge), kHuge, MTL_SHARED), 1, 0));
  EXPECT_TRUE(Impossible(Compile(linear, 1, &out)));

  reference::Graph table;
  table.Output(table.Linear(table.Embedding(table.CategoricalInput(1), 0, kHuge, 1 << 20, MTL_SHARED), 1, 0));
  EXPECT_TRUE(Impossible(Compile(table, 1, &out)));

  // Small parameters, but activations of 2^62 elements.
  reference::Graph batch;
  const int32_t width = 1 << 24;
  batch.Output(batch.Linear(batch.Concatenate(std::vector<int>(64, batch.DenseInput(width))), 1, 0));
  EXPECT_TRUE(Impossible(Compile(batch, kHuge, &out)));
  EXPECT_EQ(out, nullptr);
}

TEST(Limits, ContextsOfTooManyThreads) {
  mtl_context_options options;
  mtl_context_options_init(&options);
  options.threads = kHuge;
  mtl_context* context = nullptr;
  EXPECT_TRUE(Impossible(mtl_context_create(&options, &context)));
  EXPECT_EQ(context, nullptr);
}

TEST(Limits, TheLibraryWorksOnAfterARefusal) {
  mtl_network* out = nullptr;
  reference::Graph linear;
  linear.Output(linear.Linear(linear.Linear(linear.DenseInput(kHuge), kHuge, MTL_SHARED), 1, 0));
  EXPECT_TRUE(Impossible(Compile(linear, 1, &out)));
  const support::Context context = support::MakeContext();
  support::Network network(context.get(), support::RegressionGraph(2), 8);
  network.Begin(support::MakeDataset(context.get(), support::RandomRows(network.graph(), 8, 181)),
                support::Indices(8));
  network.Update({.tasks = {0, 1}});
  EXPECT_TRUE(std::isfinite(network.Losses()[0]));
}

// Thirty-three tasks need more than one machine word of flags; 139 is the largest data set that ships.
TEST(Limits, ManyTasks) {
  const support::Context context = support::MakeContext();
  for (int tasks : {34, 65, 139}) {
    const reference::Graph graph = support::RegressionGraph(tasks);
    support::Network network(context.get(), graph, 8);
    network.ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 0.5f);
    network.Begin(support::MakeDataset(context.get(), support::RandomRows(graph, 8, 182)),
                  support::Indices(8));
    network.Update({.tasks = {0, 32, tasks - 1}});
    network.Measure();
    const std::vector<int64_t> steps = network.Steps();
    const std::vector<int64_t> observations = network.Affinity().second;
    for (int task = 0; task < tasks; ++task) {
      const bool member = task == 0 || task == 32 || task == tasks - 1;
      EXPECT_EQ(steps[task + 1], member) << task;
      EXPECT_EQ(observations[static_cast<size_t>(32) * tasks + task] > 0, true) << task;
      EXPECT_EQ(observations[static_cast<size_t>(5) * tasks + task], 0) << task;
    }
  }
}

}  // namespace

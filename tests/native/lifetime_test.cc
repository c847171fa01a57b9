// Thousands of objects made and dropped: nothing is left behind, and it does not take long. The leak checker
// of the address sanitizer sees what a count of bytes does not.
#include <ctime>
#include <fstream>

#include "support/data.h"
#include "support/example_graphs.h"
#include "support/network.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kRounds = 100;
constexpr bool kMeasured = false;
#else
constexpr int kRounds = 2000;
constexpr bool kMeasured = true;
#endif

namespace {

// Resident memory of this process.
int64_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  int64_t total = 0;
  int64_t resident = 0;
  file >> total >> resident;
  return resident * 4096;
}

template <typename Round>
void ExpectNothingLeftBehind(int rounds, Round round) {
  if (support::OnCuda()) rounds /= 20;  // device memory takes its time, and is emulated in most places
  for (int i = 0; i < rounds / 5; ++i) round();
  const int64_t before = ResidentBytes();
  const std::clock_t started = std::clock();
  for (int i = 0; i < rounds; ++i) round();
  const double seconds = static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC;
  if (!kMeasured) return;
  EXPECT_LT(ResidentBytes() - before, int64_t{4} << 20);
  if (support::OnCuda()) return;
  EXPECT_LT(seconds / rounds, 0.01) << "processor time per round";
}

TEST(Lifetime, Contexts) {
  ExpectNothingLeftBehind(kRounds / 2, [] { support::MakeContext(2); });
}

TEST(Lifetime, ContextsWithEverythingMadeFromThem) {
  const reference::Graph graph = support::FourTaskGraph();
  const reference::Rows rows = support::RandomRows(graph, 50, 191);
  ExpectNothingLeftBehind(kRounds / 4, [&] {
    const support::Context context = support::MakeContext(1);
    const support::Dataset dataset = support::MakeDataset(context.get(), rows);
    support::Network network(context.get(), graph, 16);
    network.Begin(dataset, support::Indices(16));
    network.Update({.tasks = {0, 1, 2, 3}});
    network.Predict(rows);
  });
}

TEST(Lifetime, NetworksOfOneContext) {
  const support::Context context = support::MakeContext(2);
  const reference::Graph graph = support::FourTaskGraph();
  ExpectNothingLeftBehind(kRounds, [&] { support::Network(context.get(), graph, 16); });
}

TEST(Lifetime, PredictorsOfOneNetwork) {
  const support::Context context = support::MakeContext(1);
  const support::Network network(context.get(), support::FourTaskGraph(), 16);
  ExpectNothingLeftBehind(kRounds, [&] { support::MakePredictor(network.get(), 16); });
}

TEST(Lifetime, DatasetsOfOneContext) {
  const support::Context context = support::MakeContext(1);
  reference::Rows rows{1000, 20, 0, 5, {}, {}, {}};
  rows.dense.assign(20000, 1.0f);
  rows.labels.assign(5000, 1.0f);
  ExpectNothingLeftBehind(kRounds, [&] { support::MakeDataset(context.get(), rows); });
}

TEST(Lifetime, FailedCalls) {
  const support::Context context = support::MakeContext(1);
  ExpectNothingLeftBehind(kRounds, [&] {
    mtl_graph* raw = nullptr;
    EXPECT_OK(mtl_graph_create(2, &raw));
    const support::GraphHandle graph(raw);
    int32_t node = -1;
    EXPECT_OK(mtl_graph_dense_input(raw, 4, &node));
    EXPECT_NE(mtl_graph_linear(raw, 99, 1, 1, 0, &node), MTL_OK);
    mtl_compile_options options;
    mtl_compile_options_init(&options);
    mtl_network* network = nullptr;
    EXPECT_NE(mtl_network_compile(context.get(), raw, &options, &network), MTL_OK);
  });
}

}  // namespace

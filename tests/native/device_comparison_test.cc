// The device under test (MTL_TEST_DEVICE: cpu or cuda; the processor with two threads where that is not set)
// beside the processor on one thread: the same graphs, parameters and rows. Every comparison is a normalised
// mean square error, sum (a - e)^2 / sum e^2, which goes to the end of the file that MTL_COMPARISON_CSV
// names, too. MTL_TEST_PRECISION: float32, tf32 or bf16, each with its own bound.
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/compare.h"
#include "support/data.h"
#include "support/example_graphs.h"
#include "support/loss_cases.h"
#include "support/network.h"
#include "support/op_cases.h"
#include "support/parameters.h"

namespace {

std::string Setting(const char* name, const char* fallback) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != 0 ? value : fallback;
}

const std::string& Precision() {
  static const std::string precision = Setting("MTL_TEST_PRECISION", "float32");
  return precision;
}

// Factors of TF32 are rounded by up to 2^-11, those of bfloat16 by up to 2^-9: with the squares of these, and
// room for what a few layers make of them.
double Bound() {
  if (Precision() == "tf32") return 1e-5;
  return Precision() == "bf16" ? 1e-3 : 1e-7;
}

support::Context Open(const std::string& device, int threads, const std::string& precision) {
  mtl_context_options options;
  mtl_context_options_init(&options);
  EXPECT_TRUE(device == "cpu" || device == "cuda") << "MTL_TEST_DEVICE is " << device;
  options.device_kind = device == "cuda" ? MTL_DEVICE_CUDA : MTL_DEVICE_CPU;
  options.threads = threads;
  options.precision = MTL_PRECISION_MAX;
  if (precision == "float32") options.precision = MTL_PRECISION_FLOAT32;
  if (precision == "tf32") options.precision = MTL_PRECISION_TENSOR_FLOAT32;
  if (precision == "bf16") options.precision = MTL_PRECISION_BFLOAT16;
  mtl_context* context = nullptr;
  EXPECT_OK(mtl_context_create(&options, &context));
  if (context == nullptr) throw std::runtime_error("there is no device to compare");
  return support::Context(context);
}

support::Context DeviceUnderTest() {
  return Open(Setting("MTL_TEST_DEVICE", "cpu"), 2, Precision());
}

support::Context Processor() {
  return Open("cpu", 1, "float32");
}

void Report(const std::string& name, const std::string& quantity, double error, double bound, bool within) {
  const std::string path = Setting("MTL_COMPARISON_CSV", "");
  if (path.empty()) return;
  std::ofstream file(path, std::ios::app | std::ios::ate);
  if (file.tellp() == 0) file << "precision,case,quantity,nmse,bound,within\n";
  file << Precision() << ",\"" << name << "\"," << quantity << ',' << error << ',' << bound << ',' << within
       << '\n';
  EXPECT_TRUE(file.good()) << "cannot write to " << path;
}

// NaN where a value is not finite or nothing is there to compare.
template <typename A, typename E>
double NormalisedMeanSquareError(const std::vector<A>& actual, const std::vector<E>& expected) {
  if (actual.size() != expected.size() || expected.empty()) return std::nan("");
  double errors = 0, squares = 0;
  for (size_t i = 0; i < actual.size(); ++i) {
    const double a = static_cast<double>(actual[i]), e = static_cast<double>(expected[i]);
    errors += (a - e) * (a - e);
    squares += e * e;
  }
  return errors / squares;
}

template <typename A, typename E>
void Compare(const std::string& name, const std::string& quantity, const std::vector<A>& actual,
             const std::vector<E>& expected, double bound = Bound()) {
  const double error = NormalisedMeanSquareError(actual, expected);
  const bool within = error <= bound;
  Report(name, quantity, error, bound, within);
  EXPECT_TRUE(within) << name << ", " << quantity << ": " << error << ", expected at most " << bound;
}

// One network on one of the two, with the parameters that both have.
struct Side {
  Side(support::Context made, const reference::Graph& graph, const reference::Rows& rows, int max_batch)
      : context(std::move(made)),
        dataset(support::MakeDataset(context.get(), rows)),
        network(context.get(), graph, max_batch) {
    support::RandomizeParameters(network, 71);
  }

  support::Context context;
  support::Dataset dataset;
  support::Network network;
};

std::vector<int32_t> EveryTask(const reference::Graph& graph) {
  return support::Indices(graph.tasks());
}

// Outputs, losses, gradients and inner products of task gradients of one batch.
void CompareBatch(const std::string& name, const reference::Graph& graph, int rows) {
  SCOPED_TRACE(name);
  // Among a few rows a task might have no label at all.
  const reference::Rows table = support::RandomRows(graph, rows, 19, rows < 16 ? 0 : 0.1);
  Side device(DeviceUnderTest(), graph, table, rows), processor(Processor(), graph, table, rows);
  std::vector<std::vector<float>> gradients;
  std::vector<std::vector<double>> losses, products;
  for (Side* side : {&device, &processor}) {
    side->network.ConfigureGradients();
    side->network.Begin(side->dataset, support::Indices(rows), 3);
    gradients.push_back(side->network.Gradients(EveryTask(graph)));
    losses.push_back(side->network.Losses());
    products.push_back(side->network.TaskGradients(EveryTask(graph)));
  }
  Compare(name, "losses", losses[0], losses[1]);
  Compare(name, "gradients", gradients[0], gradients[1]);
  Compare(name, "inner products", products[0], products[1]);
  Compare(name, "predictions", device.network.Predict(table), processor.network.Predict(table));
}

TEST(DeviceComparison, EveryOp) {
  for (const support::OpCase& op : support::OpCases()) {
    for (const auto& [rows, width] : {std::pair{3, 5}, std::pair{65, 33}, std::pair{257, 130}}) {
      CompareBatch(op.name + " " + std::to_string(rows) + "x" + std::to_string(width),
                   support::OpGraph(op, width), rows);
    }
  }
}

TEST(DeviceComparison, EveryLoss) {
  for (const support::LossCase& loss : support::LossCases()) {
    for (const int rows : {17, 300}) {
      reference::Graph graph;
      const int trunk = graph.Activation(graph.Linear(graph.DenseInput(5), 24, MTL_SHARED), MTL_TANH);
      graph.Output(graph.Linear(trunk, loss.width, 0), loss.loss);
      graph.Output(graph.Linear(trunk, 1, 1));
      CompareBatch(loss.name + " " + std::to_string(rows), graph, rows);
    }
  }
}

TEST(DeviceComparison, WholeNetworks) {
  CompareBatch("four tasks", support::FourTaskGraph(), 129);
  for (const mtl_activation kind : {MTL_RELU, MTL_GELU, MTL_SILU}) {
    CompareBatch("wide, activation " + std::to_string(kind), support::WideGraph(kind), 200);
  }
}

struct Training {
  std::string name;
  reference::Optimizer optimizer;
};

// Adam's epsilon is large: with its default, elements whose gradient is nearly zero step by its sign.
std::vector<Training> Trainings() {
  return {{"sgd", {.kind = MTL_SGD, .momentum = 0.9f, .nesterov = true, .weight_decay = 0.01f}},
          {"adam, clipped", {.kind = MTL_ADAM, .epsilon = 1e-3f, .clip_norm = 1.0f}},
          {"adamw", {.kind = MTL_ADAMW, .epsilon = 1e-3f, .weight_decay = 0.02f}}};
}

struct Trained {
  std::vector<float> parameters, first;
  std::vector<double> loss_sums, affinity, evaluation;
};

// Selective steps, a measurement and a weighted step on task gradients in each batch.
Trained Train(support::Context context, const Training& training) {
  const reference::Graph graph = support::WideGraph(MTL_GELU);
  const reference::Rows rows = support::RandomRows(graph, 400, 23, 0.1);
  Side side(std::move(context), graph, rows, 128);
  support::Network& network = side.network;
  network.Configure(training.optimizer);
  network.ConfigureAffinity(MTL_CREDIT_STEPPED_GROUP, 0.1f);
  network.ConfigureGradients();
  for (int batch = 0; batch < 8; ++batch) {
    const int count = batch % 3 == 2 ? 77 : 128;
    network.Begin(side.dataset, support::Indices(count, 30 * batch), static_cast<uint64_t>(batch));
    network.Update({.tasks = {0, 2, 4}, .shared_rate = 0.003f, .head_rate = 0.003f});
    network.Update({.tasks = {1, 3, 5}, .shared_rate = 0.003f, .head_rate = 0.003f});
    network.Measure();
    network.TaskGradients({0, 1, 2, 3, 4, 5});
    network.StepWeighted({0, 1, 2, 3, 4, 5}, {0.5, 1, 0.25, 1, 2, 1}, {1, 1, 1, 1, 1, 1}, 0.003f, 0.003f);
  }
  return {network.Read(MTL_BUFFER_PARAMETERS), network.Read(MTL_BUFFER_FIRST_MOMENT),
          network.TakeLossTotals().first, network.Affinity().first,
          network.Evaluate(side.dataset, support::Indices(400)).first};
}

TEST(DeviceComparison, TrainingSteps) {
  for (const Training& training : Trainings()) {
    const Trained device = Train(DeviceUnderTest(), training), processor = Train(Processor(), training);
    Compare(training.name, "parameters", device.parameters, processor.parameters);
    Compare(training.name, "first moment", device.first, processor.first);
    Compare(training.name, "sums of losses", device.loss_sums, processor.loss_sums);
    Compare(training.name, "losses of an evaluation", device.evaluation, processor.evaluation);
    // A difference of nearly equal losses: rounding counts for more.
    Compare(training.name, "affinity", device.affinity, processor.affinity, 100 * Bound());
  }
}

TEST(DeviceComparison, TheSameRunTwiceGivesTheSameBits) {
  for (const Training& training : Trainings()) {
    const Trained once = Train(DeviceUnderTest(), training), again = Train(DeviceUnderTest(), training);
    EXPECT_TRUE(support::SameBits(once.parameters, again.parameters)) << training.name;
    EXPECT_TRUE(support::SameBits(once.first, again.first)) << training.name;
    EXPECT_TRUE(support::SameBits(once.loss_sums, again.loss_sums)) << training.name;
    EXPECT_TRUE(support::SameBits(once.affinity, again.affinity)) << training.name;
    EXPECT_TRUE(support::SameBits(once.evaluation, again.evaluation)) << training.name;
  }
}

TEST(DeviceComparisonMeasure, FindsWhatDiffersAndWhatIsNoNumber) {
  EXPECT_EQ(NormalisedMeanSquareError<float>({3, 4}, std::vector<double>{3, 4}), 0);
  EXPECT_EQ(NormalisedMeanSquareError<float>({3, 5}, std::vector<double>{3, 4}), 1.0 / 25);
  EXPECT_FALSE(NormalisedMeanSquareError<float>({1, std::nanf("")}, std::vector<double>{1, 2}) <= 1);
  EXPECT_FALSE(NormalisedMeanSquareError<float>({0}, std::vector<double>{0}) <= 1);
  EXPECT_FALSE(NormalisedMeanSquareError<float>({1}, std::vector<double>{1, 2}) <= 1);
}

}  // namespace

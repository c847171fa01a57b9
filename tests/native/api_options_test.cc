// Option and information structs: defaults, older callers, and sizes that cannot be.
#include <algorithm>
#include <cstring>
#include <limits>

#include "support/data.h"
#include "support/example_graphs.h"
#include "support/network.h"

namespace {

using support::FailedWith;

// Whatever lay in the struct before, its initialiser leaves no trace of.
template <typename T>
T Initialised(void (*init)(T*)) {
  T a;
  T b;
  std::memset(&a, 0xaa, sizeof(T));
  std::memset(&b, 0x55, sizeof(T));
  init(&a);
  init(&b);
  EXPECT_EQ(a.struct_size, sizeof(T));
  EXPECT_EQ(std::memcmp(&a, &b, sizeof(T)), 0) << "a field is left as it was";
  return a;
}

TEST(OptionDefaults, AreTheDocumentedOnes) {
  const auto context = Initialised(mtl_context_options_init);
  EXPECT_EQ(context.device_kind, MTL_DEVICE_CPU);
  EXPECT_EQ(context.device_index, 0);
  EXPECT_EQ(context.threads, 0);
  EXPECT_EQ(context.deterministic, 1);
  EXPECT_EQ(context.precision, MTL_PRECISION_FLOAT32);

  const auto loss = Initialised(mtl_loss_options_init);
  EXPECT_EQ(loss.kind, MTL_MEAN_SQUARE);
  EXPECT_EQ(loss.weight, 1);
  EXPECT_EQ(loss.huber_delta, 1);
  EXPECT_EQ(loss.positive_weight, 1);
  EXPECT_EQ(loss.label_smoothing, 0);
  EXPECT_EQ(loss.ignore_index, -100);
  EXPECT_EQ(loss.class_weight_count, 0);
  EXPECT_EQ(loss.class_weights, nullptr);

  const auto compile = Initialised(mtl_compile_options_init);
  EXPECT_EQ(compile.max_batch, 256);
  EXPECT_EQ(compile.seed, 0u);

  EXPECT_EQ(Initialised(mtl_predictor_options_init).max_batch, 256);

  const auto optimizer = Initialised(mtl_optimizer_options_init);
  EXPECT_EQ(optimizer.kind, MTL_ADAM);
  EXPECT_EQ(optimizer.momentum, 0);
  EXPECT_EQ(optimizer.nesterov, 0);
  EXPECT_EQ(optimizer.beta1, 0.9f);
  EXPECT_EQ(optimizer.beta2, 0.999f);
  EXPECT_EQ(optimizer.epsilon, 1e-8f);
  EXPECT_EQ(optimizer.weight_decay, 0);
  EXPECT_EQ(optimizer.clip_norm, 0);

  const auto affinity = Initialised(mtl_affinity_options_init);
  EXPECT_EQ(affinity.enabled, 0);
  EXPECT_EQ(affinity.credit, MTL_CREDIT_STEPPED_GROUP);
  EXPECT_EQ(affinity.decay, 0.001f);

  const auto update = Initialised(mtl_update_options_init);
  EXPECT_EQ(update.reduction, MTL_REDUCTION_SUM);
  EXPECT_EQ(update.all_losses, 1);

  Initialised(mtl_device_info_init);
  Initialised(mtl_cuda_info_init);
  Initialised(mtl_dataset_options_init);
  Initialised(mtl_network_info_init);
  Initialised(mtl_parameter_info_init);
  Initialised(mtl_trace_event_init);
}

TEST(OptionDefaults, InitialisersAcceptNull) {
  mtl_context_options_init(nullptr);
  mtl_device_info_init(nullptr);
  mtl_cuda_info_init(nullptr);
  mtl_dataset_options_init(nullptr);
  mtl_loss_options_init(nullptr);
  mtl_compile_options_init(nullptr);
  mtl_predictor_options_init(nullptr);
  mtl_network_info_init(nullptr);
  mtl_parameter_info_init(nullptr);
  mtl_trace_event_init(nullptr);
  mtl_optimizer_options_init(nullptr);
  mtl_affinity_options_init(nullptr);
  mtl_update_options_init(nullptr);
}

class StructSizeTest : public testing::Test {
 protected:
  StructSizeTest()
      : context_(support::MakeContext()),
        network_(context_.get(), support::RegressionGraph(2), 8),
        dataset_(support::MakeDataset(context_.get(), support::RandomRows(network_.graph(), 8, 141))) {}

  // A caller with a newer header: its struct goes on where the known one ends.
  template <typename T>
  struct Newer {
    T known;
    int32_t field;
    int32_t rest[3];
  };

  // Sizes that no header ever had are refused; so is a newer field that is set, as what it asks for would not
  // be done; one that is zero asks for nothing.
  template <typename T, typename Call>
  void ExpectOptionSizesChecked(void (*init)(T*), Call call) {
    ExpectSizesRefused<T>(init, call);
    Newer<T> options{};
    init(&options.known);
    options.known.struct_size = sizeof(options);
    options.field = 1;
    EXPECT_TRUE(FailedWith(MTL_INVALID_ARGUMENT, call(&options.known), {"newer"}));
    options.field = 0;
    EXPECT_OK(call(&options.known));
  }

  template <typename T, typename Call>
  void ExpectInfoSizesChecked(void (*init)(T*), Call call) {
    ExpectSizesRefused<T>(init, call);
    Newer<T> info{};
    init(&info.known);
    info.known.struct_size = sizeof(info);
    info.field = -7;
    EXPECT_OK(call(&info.known));
    EXPECT_EQ(info.known.struct_size, sizeof(info));
    EXPECT_EQ(info.field, -7) << "a field that the library does not know";
  }

  template <typename T, typename Call>
  void ExpectSizesRefused(void (*init)(T*), Call call) {
    for (uint32_t size : {0u, 3u, 1u << 20, 0xffffffffu}) {
      T options;
      init(&options);
      options.struct_size = size;
      EXPECT_TRUE(FailedWith(MTL_INVALID_ARGUMENT, call(&options), {"struct_size"})) << size;
    }
  }

  support::Context context_;
  support::Network network_;
  support::Dataset dataset_;
};

TEST_F(StructSizeTest, IsChecked) {
  ExpectOptionSizesChecked<mtl_context_options>(mtl_context_options_init, [](const auto* o) {
    mtl_context* out = nullptr;
    const mtl_status status = mtl_context_create(o, &out);
    mtl_context_destroy(out);
    return status;
  });
  ExpectInfoSizesChecked<mtl_device_info>(mtl_device_info_init,
                                          [](auto* o) { return mtl_device_describe(0, o); });
  ExpectInfoSizesChecked<mtl_cuda_info>(mtl_cuda_info_init, [](auto* o) { return mtl_cuda_describe(o); });
  ExpectOptionSizesChecked<mtl_dataset_options>(mtl_dataset_options_init, [&](auto* o) {
    o->rows = 1;
    mtl_dataset* out = nullptr;
    const mtl_status status = mtl_dataset_create(context_.get(), o, &out);
    mtl_dataset_destroy(out);
    return status;
  });
  ExpectOptionSizesChecked<mtl_loss_options>(mtl_loss_options_init, [](const auto* o) {
    mtl_graph* raw = nullptr;
    EXPECT_OK(mtl_graph_create(1, &raw));
    const support::GraphHandle graph(raw);
    int32_t node = -1;
    EXPECT_OK(mtl_graph_dense_input(raw, 1, &node));
    EXPECT_OK(mtl_graph_linear(raw, node, 1, 1, 0, &node));
    return mtl_graph_loss(raw, 0, node, o);
  });
  const support::GraphHandle graph = support::MakeGraph(network_.graph());
  ExpectOptionSizesChecked<mtl_compile_options>(mtl_compile_options_init, [&](const auto* o) {
    mtl_network* out = nullptr;
    const mtl_status status = mtl_network_compile(context_.get(), graph.get(), o, &out);
    mtl_network_destroy(out);
    return status;
  });
  ExpectOptionSizesChecked<mtl_predictor_options>(mtl_predictor_options_init, [&](const auto* o) {
    mtl_predictor* out = nullptr;
    const mtl_status status = mtl_predictor_create(network_.get(), o, &out);
    mtl_predictor_destroy(out);
    return status;
  });
  mtl_network* network = network_.get();
  ExpectInfoSizesChecked<mtl_network_info>(mtl_network_info_init,
                                           [&](auto* o) { return mtl_network_describe(network, o); });
  ExpectInfoSizesChecked<mtl_parameter_info>(mtl_parameter_info_init,
                                             [&](auto* o) { return mtl_network_parameter(network, 0, o); });
  ExpectOptionSizesChecked<mtl_optimizer_options>(
      mtl_optimizer_options_init, [&](const auto* o) { return mtl_network_configure_optimizer(network, o); });
  ExpectOptionSizesChecked<mtl_affinity_options>(
      mtl_affinity_options_init, [&](const auto* o) { return mtl_network_configure_affinity(network, o); });
  network_.Begin(dataset_, support::Indices(8));
  ExpectOptionSizesChecked<mtl_update_options>(mtl_update_options_init, [&](const auto* o) {
    const int32_t task = 0;
    return mtl_network_update_group(network, &task, 1, o);
  });
  EXPECT_EQ(network_.Steps(), (std::vector<int64_t>{1, 1, 0})) << "one call was allowed";
}

TEST_F(StructSizeTest, FieldsAnOlderCallerDoesNotKnowKeepTheirDefaults) {
  // Everything behind the size given is rubbish that must not be looked at.
  mtl_update_options update;
  std::memset(&update, 0xff, sizeof(update));
  update.struct_size = offsetof(mtl_update_options, reduction);
  update.shared_learning_rate = 0.01f;
  update.head_learning_rate = 0.01f;
  network_.Begin(dataset_, support::Indices(8));
  const int32_t task = 0;
  EXPECT_OK(mtl_network_update_group(network_.get(), &task, 1, &update));
  EXPECT_FALSE(std::isnan(network_.Losses()[1])) << "all_losses is 1 by default";

  mtl_affinity_options affinity;
  std::memset(&affinity, 0xff, sizeof(affinity));
  affinity.struct_size = offsetof(mtl_affinity_options, credit);
  affinity.enabled = 1;
  EXPECT_OK(mtl_network_configure_affinity(network_.get(), &affinity));

  mtl_optimizer_options optimizer;
  std::memset(&optimizer, 0xff, sizeof(optimizer));
  optimizer.struct_size = offsetof(mtl_optimizer_options, momentum);
  optimizer.kind = MTL_SGD;
  EXPECT_OK(mtl_network_configure_optimizer(network_.get(), &optimizer));

  mtl_context_options context;
  std::memset(&context, 0xff, sizeof(context));
  context.struct_size = sizeof(uint32_t);
  mtl_context* raw = nullptr;
  EXPECT_OK(mtl_context_create(&context, &raw));
  mtl_context_destroy(raw);
}

TEST_F(StructSizeTest, NothingIsWrittenBehindAnOlderCallersInformation) {
  mtl_network_info info;
  std::memset(&info, 0xff, sizeof(info));
  info.struct_size = offsetof(mtl_network_info, max_batch);
  EXPECT_OK(mtl_network_describe(network_.get(), &info));
  EXPECT_EQ(info.struct_size, offsetof(mtl_network_info, max_batch));
  EXPECT_EQ(info.tasks, 2);
  EXPECT_EQ(info.outputs, 2);
  EXPECT_EQ(info.max_batch, -1);
  EXPECT_EQ(info.memory_bytes, -1);

  mtl_parameter_info tensor;
  std::memset(&tensor, 0xff, sizeof(tensor));
  tensor.struct_size = offsetof(mtl_parameter_info, rows);
  EXPECT_OK(mtl_network_parameter(network_.get(), 0, &tensor));
  EXPECT_EQ(tensor.owner, MTL_SHARED);
  EXPECT_EQ(tensor.rows, -1);
  EXPECT_EQ(tensor.offset, -1);

  mtl_device_info device;
  std::memset(&device, 0xff, sizeof(device));
  device.struct_size = offsetof(mtl_device_info, name);
  EXPECT_OK(mtl_device_describe(0, &device));
  EXPECT_EQ(device.kind, MTL_DEVICE_CPU);
  const auto untouched = [](char c) { return static_cast<unsigned char>(c) == 0xff; };
  EXPECT_TRUE(std::all_of(std::begin(device.name), std::end(device.name), untouched));
  EXPECT_TRUE(std::all_of(std::begin(device.detail), std::end(device.detail), untouched));
}

}  // namespace

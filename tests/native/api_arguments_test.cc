// Every function with every argument outside its documented range: the right status, a text that names
// function and argument, and outputs that stay as they were.
#include <functional>
#include <limits>

#include "support/data.h"
#include "support/example_graphs.h"
#include "support/network.h"

namespace {

using support::FailedWith;
using support::Guarded;
using support::kMissing;

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr int32_t kHuge = std::numeric_limits<int32_t>::max();
constexpr int32_t kLeast = std::numeric_limits<int32_t>::min();

class ArgumentsTest : public testing::Test {
 protected:
  ArgumentsTest()
      : context_(support::MakeContext()),
        fixture_(context_.get(), support::FourTaskGraph(), 8),
        rows_(support::RandomRows(fixture_.graph(), 10, 151)),
        dataset_(support::MakeDataset(context_.get(), rows_)),
        network_(fixture_.get()) {}

  void Refused(const char* function, const char* argument, mtl_status status) {
    EXPECT_TRUE(FailedWith(MTL_INVALID_ARGUMENT, status, {function, argument}))
        << function << ", " << argument;
  }

  support::Context context_;
  support::Network fixture_;
  reference::Rows rows_;
  support::Dataset dataset_;
  mtl_network* network_;
};

TEST_F(ArgumentsTest, Contexts) {
  Refused("mtl_device_count", "out_count", mtl_device_count(nullptr));
  Refused("mtl_device_describe", "info", mtl_device_describe(0, nullptr));
  Refused("mtl_cuda_describe", "info", mtl_cuda_describe(nullptr));
  Refused("mtl_context_create", "out_context", mtl_context_create(nullptr, nullptr));
  int32_t threads = -7;
  Refused("mtl_context_threads", "context", mtl_context_threads(nullptr, &threads));
  EXPECT_EQ(threads, -7);
  Refused("mtl_context_threads", "out_threads", mtl_context_threads(context_.get(), nullptr));
  Refused("mtl_context_request_cancel", "context", mtl_context_request_cancel(nullptr));

  const auto refused = [&](const char* field, auto set) {
    mtl_context_options options;
    mtl_context_options_init(&options);
    set(options);
    mtl_context* out = nullptr;
    Refused("mtl_context_create", field, mtl_context_create(&options, &out));
    EXPECT_EQ(out, nullptr);
  };
  for (int32_t bad : {-1, 2, kHuge}) {
    refused("device_kind", [&](auto& o) { o.device_kind = bad; });
    refused("deterministic", [&](auto& o) { o.deterministic = bad; });
  }
  for (int32_t bad : {-1, kLeast, kHuge}) refused("threads", [&](auto& o) { o.threads = bad; });
  refused("device_index", [&](auto& o) { o.device_index = -1; });
  for (int32_t bad : {-1, 3, kHuge}) refused("precision", [&](auto& o) { o.precision = bad; });
  for (int32_t bad : {1, 2}) refused("on the processor", [&](auto& o) { o.precision = bad; });
}

TEST_F(ArgumentsTest, DatasetOptions) {
  mtl_dataset* out = nullptr;
  mtl_dataset_options good;
  mtl_dataset_options_init(&good);
  good.features = 1;
  good.rows = 1;
  Refused("mtl_dataset_create", "context", mtl_dataset_create(nullptr, &good, &out));
  Refused("mtl_dataset_create", "options", mtl_dataset_create(context_.get(), nullptr, &out));
  Refused("mtl_dataset_create", "out_dataset", mtl_dataset_create(context_.get(), &good, nullptr));
  const auto refused = [&](const char* field, auto set) {
    mtl_dataset_options options = good;
    set(options);
    Refused("mtl_dataset_create", field, mtl_dataset_create(context_.get(), &options, &out));
    EXPECT_EQ(out, nullptr);
  };
  for (int32_t bad : {-1, kLeast}) {
    refused("features", [&](auto& o) { o.features = bad; });
    refused("categorical_columns", [&](auto& o) { o.categorical_columns = bad; });
    refused("tasks", [&](auto& o) { o.tasks = bad; });
  }
  for (int64_t bad : {int64_t{-1}, int64_t{0}, int64_t{1} << 31, std::numeric_limits<int64_t>::max()}) {
    refused("rows", [&](auto& o) { o.rows = bad; });
  }
}

TEST_F(ArgumentsTest, DatasetValues) {
  const std::vector<float> floats(100, 0.0f);
  const std::vector<int32_t> codes(100, 0);
  struct Setter {
    const char* function;
    const char* values;
    std::function<mtl_status(mtl_dataset*, int64_t, int64_t, bool)> call;
  };
  const Setter setters[] = {
      {"mtl_dataset_set_features", "values",
       [&](mtl_dataset* d, int64_t first, int64_t rows, bool null) {
         return mtl_dataset_set_features(d, first, rows, null ? nullptr : floats.data());
       }},
      {"mtl_dataset_set_categories", "codes",
       [&](mtl_dataset* d, int64_t first, int64_t rows, bool null) {
         return mtl_dataset_set_categories(d, first, rows, null ? nullptr : codes.data());
       }},
      {"mtl_dataset_set_labels", "labels", [&](mtl_dataset* d, int64_t first, int64_t rows, bool null) {
         return mtl_dataset_set_labels(d, first, rows, null ? nullptr : floats.data());
       }}};
  const int64_t most = std::numeric_limits<int64_t>::max();
  for (const Setter& setter : setters) {
    Refused(setter.function, "dataset", setter.call(nullptr, 0, 1, false));
    Refused(setter.function, setter.values, setter.call(dataset_.get(), 0, 1, true));
    for (int64_t bad : {int64_t{-1}, int64_t{10}, most, std::numeric_limits<int64_t>::min()}) {
      Refused(setter.function, "row", setter.call(dataset_.get(), bad, 1, false));
    }
    Refused(setter.function, "rows", setter.call(dataset_.get(), 0, -1, false));
    Refused(setter.function, "rows", setter.call(dataset_.get(), 0, 11, false));
    Refused(setter.function, "rows", setter.call(dataset_.get(), 9, 2, false));
    Refused(setter.function, "rows", setter.call(dataset_.get(), 1, most, false));
  }
}

TEST_F(ArgumentsTest, Compile) {
  const support::GraphHandle graph = support::MakeGraph(fixture_.graph());
  mtl_compile_options options;
  mtl_compile_options_init(&options);
  mtl_network* out = nullptr;
  Refused("mtl_network_compile", "context", mtl_network_compile(nullptr, graph.get(), &options, &out));
  Refused("mtl_network_compile", "graph", mtl_network_compile(context_.get(), nullptr, &options, &out));
  Refused("mtl_network_compile", "out_network",
          mtl_network_compile(context_.get(), graph.get(), &options, nullptr));
  for (int32_t bad : {0, -1, kLeast}) {
    options.max_batch = bad;
    Refused("mtl_network_compile", "max_batch",
            mtl_network_compile(context_.get(), graph.get(), &options, &out));
  }
  EXPECT_EQ(out, nullptr);
}

TEST_F(ArgumentsTest, Descriptions) {
  mtl_network_info info;
  mtl_network_info_init(&info);
  Refused("mtl_network_describe", "network", mtl_network_describe(nullptr, &info));
  Refused("mtl_network_describe", "info", mtl_network_describe(network_, nullptr));
  mtl_parameter_info tensor;
  mtl_parameter_info_init(&tensor);
  Refused("mtl_network_parameter", "network", mtl_network_parameter(nullptr, 0, &tensor));
  Refused("mtl_network_parameter", "info", mtl_network_parameter(network_, 0, nullptr));
  for (int32_t bad : {-1, fixture_.info().parameter_tensors, kHuge, kLeast}) {
    Refused("mtl_network_parameter", "tensor", mtl_network_parameter(network_, bad, &tensor));
  }
  int64_t offset = -7;
  int64_t count = -7;
  Refused("mtl_network_slice", "network", mtl_network_slice(nullptr, 0, &offset, &count));
  Refused("mtl_network_slice", "out_offset", mtl_network_slice(network_, 0, nullptr, &count));
  Refused("mtl_network_slice", "out_count", mtl_network_slice(network_, 0, &offset, nullptr));
  for (int32_t bad : {-2, 4, kHuge, kLeast}) {
    Refused("mtl_network_slice", "owner", mtl_network_slice(network_, bad, &offset, &count));
  }
  EXPECT_EQ(offset, -7);
  EXPECT_EQ(count, -7);
  Refused("mtl_network_initialize", "network", mtl_network_initialize(nullptr, 0));
}

TEST_F(ArgumentsTest, FlatArrays) {
  const int64_t total = fixture_.layout().parameters;
  const int64_t most = std::numeric_limits<int64_t>::max();
  Guarded<float> out(8);
  const std::vector<float> values(8, 0.0f);
  const auto read = [&](mtl_network* n, int buffer, int64_t offset, int64_t count, bool null = false) {
    return mtl_network_read(n, static_cast<mtl_buffer>(buffer), offset, count, null ? nullptr : out.data());
  };
  const auto write = [&](mtl_network* n, int buffer, int64_t offset, int64_t count, bool null = false) {
    return mtl_network_write(n, static_cast<mtl_buffer>(buffer), offset, count,
                             null ? nullptr : values.data());
  };
  const auto both = [&](const char* argument, int buffer, int64_t offset, int64_t count) {
    Refused("mtl_network_read", argument, read(network_, buffer, offset, count));
    Refused("mtl_network_write", argument, write(network_, buffer, offset, count));
  };
  Refused("mtl_network_read", "network", read(nullptr, 0, 0, 1));
  Refused("mtl_network_write", "network", write(nullptr, 0, 0, 1));
  Refused("mtl_network_read", "out_values", read(network_, 0, 0, 1, true));
  Refused("mtl_network_write", "values", write(network_, 0, 0, 1, true));
  for (int bad : {-1, 4, static_cast<int>(MTL_BUFFER_MAX)}) both("buffer", bad, 0, 1);
  for (int64_t bad : {int64_t{-1}, std::numeric_limits<int64_t>::min(), most}) both("offset", 0, bad, 1);
  for (int64_t bad : {int64_t{-1}, total + 1, most}) both("count", 0, 0, bad);
  both("count", 0, total, 1);
  both("count", 0, total - 1, 2);
  both("count", 0, 1, most);
  EXPECT_TRUE(out.Unwritten());

  Guarded<int64_t> counts(5);
  Refused("mtl_network_read_step_counts", "network", mtl_network_read_step_counts(nullptr, counts.data()));
  Refused("mtl_network_read_step_counts", "out_counts", mtl_network_read_step_counts(network_, nullptr));
  Refused("mtl_network_write_step_counts", "network", mtl_network_write_step_counts(nullptr, counts.data()));
  Refused("mtl_network_write_step_counts", "counts", mtl_network_write_step_counts(network_, nullptr));
  EXPECT_TRUE(counts.Unwritten());
  const std::vector<int64_t> negative = {0, 0, -1, 0, 0};
  Refused("mtl_network_write_step_counts", "counts",
          mtl_network_write_step_counts(network_, negative.data()));
  EXPECT_EQ(fixture_.Steps(), std::vector<int64_t>(5, 0));
}

TEST_F(ArgumentsTest, OptimizerOptions) {
  mtl_optimizer_options good;
  mtl_optimizer_options_init(&good);
  Refused("mtl_network_configure_optimizer", "network", mtl_network_configure_optimizer(nullptr, &good));
  Refused("mtl_network_configure_optimizer", "options", mtl_network_configure_optimizer(network_, nullptr));
  const auto refused = [&](const char* field, auto set) {
    mtl_optimizer_options options = good;
    set(options);
    Refused("mtl_network_configure_optimizer", field, mtl_network_configure_optimizer(network_, &options));
  };
  for (int32_t bad : {-1, 3, kHuge}) refused("kind", [&](auto& o) { o.kind = bad; });
  for (float bad : {-0.1f, 1.0f, 2.0f, kMissing, kInfinity}) {
    refused("momentum", [&](auto& o) {
      o.kind = MTL_SGD;
      o.momentum = bad;
    });
    refused("beta1", [&](auto& o) { o.beta1 = bad; });
    refused("beta2", [&](auto& o) { o.beta2 = bad; });
  }
  for (float bad : {0.0f, -1e-8f, kMissing, kInfinity}) refused("epsilon", [&](auto& o) { o.epsilon = bad; });
  for (float bad : {-0.1f, kMissing, kInfinity}) {
    refused("weight_decay", [&](auto& o) { o.weight_decay = bad; });
    refused("clip_norm", [&](auto& o) { o.clip_norm = bad; });
  }
  refused("nesterov", [&](auto& o) {
    o.kind = MTL_SGD;
    o.nesterov = 1;
  });
  refused("nesterov", [&](auto& o) {
    o.kind = MTL_SGD;
    o.momentum = 0.5f;
    o.nesterov = 2;
  });
}

TEST_F(ArgumentsTest, AffinityOptions) {
  mtl_affinity_options good;
  mtl_affinity_options_init(&good);
  Refused("mtl_network_configure_affinity", "network", mtl_network_configure_affinity(nullptr, &good));
  Refused("mtl_network_configure_affinity", "options", mtl_network_configure_affinity(network_, nullptr));
  const auto refused = [&](const char* field, auto set) {
    mtl_affinity_options options = good;
    options.enabled = 1;
    set(options);
    Refused("mtl_network_configure_affinity", field, mtl_network_configure_affinity(network_, &options));
  };
  for (int32_t bad : {-1, 2}) {
    refused("enabled", [&](auto& o) { o.enabled = bad; });
    refused("credit", [&](auto& o) { o.credit = bad; });
  }
  for (float bad : {0.0f, -0.1f, 1.5f, kMissing, kInfinity})
    refused("decay", [&](auto& o) { o.decay = bad; });

  Guarded<double> values(16);
  Guarded<int64_t> counts(16);
  Refused("mtl_network_read_affinity", "network",
          mtl_network_read_affinity(nullptr, values.data(), counts.data()));
  Refused("mtl_network_request_affinity", "network", mtl_network_request_affinity(nullptr));
  Refused("mtl_network_take_affinity", "network",
          mtl_network_take_affinity(nullptr, values.data(), counts.data()));
  Refused("mtl_network_take_affinity", "out_affinity",
          mtl_network_take_affinity(network_, nullptr, counts.data()));
  Refused("mtl_network_read_affinity", "out_affinity",
          mtl_network_read_affinity(network_, nullptr, counts.data()));
  Refused("mtl_network_write_affinity", "network",
          mtl_network_write_affinity(nullptr, values.data(), nullptr));
  Refused("mtl_network_write_affinity", "affinity", mtl_network_write_affinity(network_, nullptr, nullptr));
  EXPECT_TRUE(values.Unwritten());
  EXPECT_TRUE(counts.Unwritten());
}

TEST_F(ArgumentsTest, BeginBatch) {
  const std::vector<int32_t> rows = support::Indices(9);
  const auto begin = [&](mtl_network* n, const mtl_dataset* d, const int32_t* r, int32_t count) {
    return mtl_network_begin_batch(n, d, r, count, 0);
  };
  Refused("mtl_network_begin_batch", "network", begin(nullptr, dataset_.get(), rows.data(), 1));
  Refused("mtl_network_begin_batch", "dataset", begin(network_, nullptr, rows.data(), 1));
  Refused("mtl_network_begin_batch", "rows", begin(network_, dataset_.get(), nullptr, 1));
  for (int32_t bad : {0, -1, 9, kHuge, kLeast}) {
    Refused("mtl_network_begin_batch", "count", begin(network_, dataset_.get(), rows.data(), bad));
  }
  for (int32_t bad : {-1, 10, kHuge, kLeast}) {
    const std::vector<int32_t> with_bad = {0, 3, bad, 1};
    Refused("mtl_network_begin_batch", "rows", begin(network_, dataset_.get(), with_bad.data(), 4));
  }
}

TEST_F(ArgumentsTest, GroupUpdates) {
  fixture_.Begin(dataset_, support::Indices(8));
  mtl_update_options good;
  mtl_update_options_init(&good);
  good.shared_learning_rate = good.head_learning_rate = 0.01f;
  const std::vector<float> before = fixture_.Read(MTL_BUFFER_PARAMETERS);
  const std::vector<int32_t> group = {0, 1};
  const auto update = [&](mtl_network* n, const int32_t* tasks, int32_t count, const mtl_update_options* o) {
    return mtl_network_update_group(n, tasks, count, o);
  };
  Refused("mtl_network_update_group", "network", update(nullptr, group.data(), 2, &good));
  Refused("mtl_network_update_group", "tasks", update(network_, nullptr, 2, &good));
  Refused("mtl_network_update_group", "options", update(network_, group.data(), 2, nullptr));
  const auto both = [&](const char* argument, const std::vector<int32_t>& tasks, int32_t count) {
    Refused("mtl_network_update_group", argument, update(network_, tasks.data(), count, &good));
    Refused("mtl_network_gradients", argument,
            mtl_network_gradients(network_, tasks.data(), count, MTL_REDUCTION_SUM));
  };
  for (int32_t bad : {0, -1, 5, kHuge, kLeast}) both("count", {0, 1, 2, 3, 0}, bad);
  for (int32_t bad : {-1, 4, kHuge, kLeast}) both("tasks", {0, bad}, 2);
  both("tasks", {2, 2}, 2);
  both("tasks", {0, 1, 0}, 3);
  const auto refused = [&](const char* field, auto set) {
    mtl_update_options options = good;
    set(options);
    Refused("mtl_network_update_group", field, update(network_, group.data(), 2, &options));
  };
  for (float bad : {-0.1f, kMissing, kInfinity}) {
    refused("shared_learning_rate", [&](auto& o) { o.shared_learning_rate = bad; });
    refused("head_learning_rate", [&](auto& o) { o.head_learning_rate = bad; });
  }
  for (int32_t bad : {-1, 2}) {
    refused("reduction", [&](auto& o) { o.reduction = bad; });
    refused("all_losses", [&](auto& o) { o.all_losses = bad; });
    Refused("mtl_network_gradients", "reduction",
            mtl_network_gradients(network_, group.data(), 2, static_cast<mtl_group_reduction>(bad)));
  }
  Refused("mtl_network_gradients", "network",
          mtl_network_gradients(nullptr, group.data(), 2, MTL_REDUCTION_SUM));
  Refused("mtl_network_gradients", "tasks", mtl_network_gradients(network_, nullptr, 2, MTL_REDUCTION_SUM));
  Refused("mtl_network_measure", "network", mtl_network_measure(nullptr));
  EXPECT_EQ(fixture_.Read(MTL_BUFFER_PARAMETERS), before);
  EXPECT_EQ(fixture_.Steps(), std::vector<int64_t>(5, 0));
}

TEST_F(ArgumentsTest, Losses) {
  Guarded<double> sums(4);
  Guarded<int64_t> batches(4);
  Refused("mtl_network_read_losses", "network", mtl_network_read_losses(nullptr, sums.data()));
  Refused("mtl_network_read_losses", "out_losses", mtl_network_read_losses(network_, nullptr));
  Refused("mtl_network_take_loss_totals", "network",
          mtl_network_take_loss_totals(nullptr, sums.data(), batches.data()));
  Refused("mtl_network_take_loss_totals", "out_sums",
          mtl_network_take_loss_totals(network_, nullptr, batches.data()));
  Refused("mtl_network_take_loss_totals", "out_batches",
          mtl_network_take_loss_totals(network_, sums.data(), nullptr));
  EXPECT_TRUE(sums.Unwritten());
  EXPECT_TRUE(batches.Unwritten());
}

TEST_F(ArgumentsTest, Inference) {
  Guarded<float> out(64);
  const float* dense = rows_.dense.data();
  const int32_t* codes = rows_.categories.data();
  Refused("mtl_network_predict", "network", mtl_network_predict(nullptr, dense, codes, 1, out.data()));
  Refused("mtl_network_predict", "features", mtl_network_predict(network_, nullptr, codes, 1, out.data()));
  Refused("mtl_network_predict", "categories", mtl_network_predict(network_, dense, nullptr, 1, out.data()));
  Refused("mtl_network_predict", "out_outputs", mtl_network_predict(network_, dense, codes, 1, nullptr));
  Refused("mtl_network_predict", "rows", mtl_network_predict(network_, dense, codes, -1, out.data()));

  const std::vector<int32_t> rows = support::Indices(10);
  const auto predict = [&](mtl_network* n, const mtl_dataset* d, const int32_t* r, int64_t count, float* o) {
    return mtl_network_predict_rows(n, d, r, count, o);
  };
  const char* name = "mtl_network_predict_rows";
  Refused(name, "network", predict(nullptr, dataset_.get(), rows.data(), 1, out.data()));
  Refused(name, "dataset", predict(network_, nullptr, rows.data(), 1, out.data()));
  Refused(name, "rows", predict(network_, dataset_.get(), nullptr, 1, out.data()));
  Refused(name, "count", predict(network_, dataset_.get(), rows.data(), -1, out.data()));
  Refused(name, "out_outputs", predict(network_, dataset_.get(), rows.data(), 1, nullptr));

  Guarded<double> sums(4);
  Guarded<double> weights(4);
  const auto evaluate = [&](mtl_network* n, const mtl_dataset* d, const int32_t* r, int64_t count, double* s,
                            double* w) { return mtl_network_evaluate(n, d, r, count, s, w); };
  name = "mtl_network_evaluate";
  Refused(name, "network", evaluate(nullptr, dataset_.get(), rows.data(), 1, sums.data(), weights.data()));
  Refused(name, "dataset", evaluate(network_, nullptr, rows.data(), 1, sums.data(), weights.data()));
  Refused(name, "rows", evaluate(network_, dataset_.get(), nullptr, 1, sums.data(), weights.data()));
  Refused(name, "count", evaluate(network_, dataset_.get(), rows.data(), -1, sums.data(), weights.data()));
  Refused(name, "out_loss_sums", evaluate(network_, dataset_.get(), rows.data(), 1, nullptr, weights.data()));
  Refused(name, "out_weight_sums", evaluate(network_, dataset_.get(), rows.data(), 1, sums.data(), nullptr));

  // A bad row is found before anything is written, however late it comes.
  for (int32_t bad : {-1, 10, kHuge, kLeast}) {
    std::vector<int32_t> with_bad(21, 0);
    with_bad.back() = bad;
    Guarded<float> outputs(21 * fixture_.info().outputs);
    Refused("mtl_network_predict_rows", "rows",
            predict(network_, dataset_.get(), with_bad.data(), 21, outputs.data()));
    EXPECT_TRUE(outputs.Unwritten());
    Refused("mtl_network_evaluate", "rows",
            evaluate(network_, dataset_.get(), with_bad.data(), 21, sums.data(), weights.data()));
  }
  EXPECT_TRUE(out.Unwritten());
  EXPECT_TRUE(sums.Unwritten());
  EXPECT_TRUE(weights.Unwritten());
}

}  // namespace

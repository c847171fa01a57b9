// The network under test and the double-precision reference, led through the same calls and compared after
// each.
#pragma once

#include "compare.h"
#include "data.h"
#include "parameters.h"

namespace support {

class Lockstep {
 public:
  Lockstep(mtl_context* context, const reference::Graph& graph, int max_batch, reference::Rows rows)
      : network(context, graph, max_batch),
        trainer(graph, network.layout(), Initial(network)),
        rows_(std::move(rows)),
        dataset_(MakeDataset(context, rows_)) {}

  void Configure(const reference::Optimizer& optimizer) {
    network.Configure(optimizer);
    trainer.optimizer = optimizer;
  }
  void ConfigureAffinity(mtl_affinity_credit credit, float decay) {
    network.ConfigureAffinity(credit, decay);
    trainer.affinity_enabled = true;
    trainer.credit = credit;
    trainer.affinity_decay = decay;
  }

  void Begin(const std::vector<int32_t>& indices, uint64_t batch_index = 0,
             reference::DropoutMasks masks = {}) {
    network.Begin(dataset_, indices, batch_index);
    trainer.BeginBatch(rows_.Select(indices), std::move(masks));
  }
  void Update(const reference::GroupUpdate& update) {
    network.Update(update);
    trainer.UpdateGroup(update);
    CompareLosses();
  }
  void Measure() {
    network.Measure();
    trainer.Measure();
    CompareLosses();
  }

  // Parameters tensor by tensor, so that a small tensor's error is not hidden by a large one. Moments as a
  // whole: one of a single element may be passing through zero.
  void CompareState(double tolerance) const {
    const std::vector<float> parameters = network.Read(MTL_BUFFER_PARAMETERS);
    const std::vector<float> first = network.Read(MTL_BUFFER_FIRST_MOMENT);
    const std::vector<float> second = network.Read(MTL_BUFFER_SECOND_MOMENT);
    const bool sgd = trainer.optimizer.kind == MTL_SGD;
    for (const reference::Tensor& tensor : network.layout().tensors) {
      SCOPED_TRACE("node " + std::to_string(tensor.node) + ", role " + std::to_string(tensor.role));
      EXPECT_TRUE(Close(Part(parameters, tensor), Part(trainer.parameters, tensor), tolerance));
    }
    if (!sgd || trainer.optimizer.momentum > 0) {
      EXPECT_TRUE(Close(first, trainer.first, tolerance, 0.2));
    }
    if (!sgd) {
      EXPECT_TRUE(Close(second, trainer.second, tolerance, 0.2));
    }
    EXPECT_EQ(network.Steps(), trainer.steps);
    EXPECT_EQ(trainer.dropped, 0) << "choose another seed: the reference stepped next to a kink";
  }

  void CompareAffinity(double tolerance) const {
    const auto [values, observations] = network.Affinity();
    EXPECT_EQ(observations, trainer.affinity.observations);
    EXPECT_TRUE(Close(values, trainer.affinity.values, tolerance));
  }

  void CompareLossTotals(double tolerance) {
    const auto [sums, batches] = network.TakeLossTotals();
    EXPECT_EQ(batches, trainer.loss_batches);
    EXPECT_TRUE(Close(sums, trainer.loss_sums, tolerance));
  }

  Network network;
  reference::Trainer trainer;

 private:
  static std::vector<float> Initial(Network& network) {
    RandomizeParameters(network, 31);
    return network.Read(MTL_BUFFER_PARAMETERS);
  }

  template <typename T>
  static std::vector<T> Part(const std::vector<T>& flat, const reference::Tensor& tensor) {
    return {flat.begin() + tensor.offset, flat.begin() + tensor.offset + tensor.size()};
  }

  void CompareLosses() const { EXPECT_TRUE(CloseOrUndefined(network.Losses(), trainer.losses, 1e-4)); }

  reference::Rows rows_;
  Dataset dataset_;
};

}  // namespace support

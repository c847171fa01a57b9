using MtlHybrid.Engine;
using MtlHybrid.Modeling;
using Xunit;

namespace MtlHybrid.Tests.Strategies;

public sealed class AffinityLimitTests
{
    [Theory]
    [InlineData(0, -1e6)]
    [InlineData(10, -10)]
    [InlineData(0.25, -0.25)]
    public void A_loss_that_grew_from_almost_nothing_counts_for_no_more_than_the_limit(double limit, double atMost)
    {
        const double Decay = 0.5;
        var model = new ModelBuilder(2);
        Tensor x = model.Linear(model.DenseInput(1), 1, name: "trunk.0");
        for (int task = 0; task < 2; task++) model.Output(task, model.Linear(x, 1, task, $"heads.{task}"), new LossSpecification());
        using Device device = Device.Open(new DeviceOptions { Threads = 1 });
        using Network network = Network.Compile(device, model.Build(), 1, 0);
        foreach (ParameterTensor tensor in network.Parameters)
            network.Write(NetworkBuffer.Parameters, tensor.Offset, [tensor.Role == ParameterRole.Weight ? 1f : 0f]);
        network.ConfigureOptimizer(new OptimizerOptions { Kind = OptimizerKind.Sgd });
        network.ConfigureAffinity(true, AffinityCredit.SteppedGroup, Decay, limit);
        // Both predict 1: task 1 is solved but for 1e-8, task 0 pulls the trunk hard.
        using DeviceDataset data = DeviceDataset.Create(device, 1, 1, 0, 2, [1f], [], [3f, 1.0001f]);
        network.BeginBatch(data, [0], 0);
        network.UpdateGroup([0], new UpdateOptions(0.1, 0.1));
        network.Measure();
        var affinity = new double[4];
        network.ReadAffinity(affinity, []);
        if (limit > 0) Assert.Equal(Decay * atMost, affinity[1], 9);
        else Assert.True(affinity[1] < Decay * atMost, $"{affinity[1]}");
        Assert.True(affinity[0] > 0, "the gain of task 0 itself is below the limit and stays");
    }
}

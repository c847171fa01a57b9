using Microsoft.Extensions.Logging.Abstractions;
using MtlHybrid.Engine;
using MtlHybrid.Modeling;
using MtlHybrid.Strategies;
using Xunit;

namespace MtlHybrid.Tests.Strategies;

/// <summary>A task in two groups takes part in the turn of each.</summary>
public sealed class OverlappingGroupsTests
{
    private static readonly string[] Names = ["a", "b", "c"];

    [Fact]
    public void Overlapping_groups_are_updated_one_after_the_other()
    {
        float[] strategy = Train(new SelectiveOptions
        {
            Grouping = "fixed",
            FixedGroups = [["a", "b"], ["b", "c"]],
            Order = GroupOrder.Fixed,
        }.Create());
        float[] byHand = Train(null, network =>
        {
            network.UpdateGroup([0, 1], new UpdateOptions(0.01, 0.01));
            network.UpdateGroup([1, 2], new UpdateOptions(0.01, 0.01));
        });
        Assert.Equal(byHand, strategy);
    }

    [Theory]
    [InlineData("a,a;b,c", "'a' twice in one group")]
    [InlineData("a,b;b", "2 of 3 tasks")]
    [InlineData("a,b;b,c;b,a", "the group 0,1 is there twice")]
    [InlineData("a,b;b,d", "got d")]
    public void Fixed_groups_that_make_no_sense_are_refused(string groups, string message)
    {
        IStrategy strategy = new SelectiveOptions { Grouping = "fixed", FixedGroups = [.. groups.Split(';').Select(group => group.Split(','))] }.Create();
        InvalidOptionException refusal = Assert.Throws<InvalidOptionException>(() => Train(strategy));
        Assert.Equal("FixedGroups", refusal.Option);
        Assert.Contains(message, refusal.Message);
    }

    [Fact]
    public void A_grouping_for_fewer_tasks_is_refused_before_training()
    {
        using Device device = Device.Open(new DeviceOptions { Threads = 1 });
        using Network network = Network.Compile(device, Graph(21), 8, 0);
        IStrategy strategy = new SelectiveOptions { Grouping = "cover" }.Create();
        InvalidOptionException refusal = Assert.Throws<InvalidOptionException>(() => strategy.Prepare(
            network, new StrategyContext([.. Enumerable.Range(0, 21).Select(task => $"t{task}")], 0, NullLogger.Instance)));
        Assert.Equal("Grouping", refusal.Option);
        Assert.Contains("more than 20 tasks", refusal.Message);
    }

    private static float[] Train(IStrategy? strategy, Action<Network>? byHand = null)
    {
        var random = new Random(3);
        float[] features = [.. Enumerable.Range(0, 64 * 4).Select(_ => (float)random.NextDouble() - 0.5f)];
        float[] labels = [.. Enumerable.Range(0, 64 * 3).Select(_ => (float)random.NextDouble() - 0.5f)];
        using Device device = Device.Open(new DeviceOptions { Threads = 1 });
        using DeviceDataset data = DeviceDataset.Create(device, 64, 4, 0, 3, features, [], labels);
        using Network network = Network.Compile(device, Graph(3), 8, 1);
        network.ConfigureOptimizer(new OptimizerOptions { Kind = OptimizerKind.Adam });
        strategy?.Prepare(network, new StrategyContext(Names, 1, NullLogger.Instance));
        for (int batch = 0; batch < 8; batch++)
        {
            network.BeginBatch(data, [.. Enumerable.Range(8 * batch, 8)], (ulong)batch);
            strategy?.RunBatch(network, new BatchContext(batch, 0.01));
            byHand?.Invoke(network);
        }

        return Engine.SmallProblem.Parameters(network);
    }

    private static ModelGraph Graph(int tasks)
    {
        var model = new ModelBuilder(tasks);
        Tensor x = model.Activation(model.Linear(model.DenseInput(4), 6, name: "trunk.0"), Activation.Tanh);
        for (int task = 0; task < tasks; task++) model.Output(task, model.Linear(x, 1, task, $"heads.{task}"), new LossSpecification());
        return model.Build();
    }
}

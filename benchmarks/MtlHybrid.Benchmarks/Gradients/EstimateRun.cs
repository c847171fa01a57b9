using MtlHybrid.Engine;

namespace MtlHybrid.Benchmarks.Gradients;

/// <summary>Estimates of the Gram matrix beside the exact one, on the batches of a joint training. Takes no times: the same numbers
/// in every run on the same kind of processor.</summary>
internal static class EstimateRun
{
    private static readonly Estimate[] Estimates =
    [
        new("subsample:0.25") { Share = 0.25 },
        new("subsample:0.5") { Share = 0.5 },
        new("representation") { Scope = GradientScope.Representation },
        new("sketch, 1 direction") { Directions = 1 },
        new("sketch, 8 directions") { Directions = 8 },
    ];

    private static readonly UpdateOptions Update = new(SharedLearningRate: 1e-3, HeadLearningRate: 1e-3);

    /// <summary>Whether a case is one of those looked at.</summary>
    public static bool Counts(GradientCase network) => network.Shape == new StepShape(256, 256);

    /// <summary>Trains for some batches.</summary>
    public static IEnumerable<EstimateError> Measure(Device device, GradientCase network, int batches)
    {
        Console.WriteLine($"{network}: estimates over {batches} batches");
        int size = network.Shape.Batch;
        var tasks = new MixedTasks(network.Tasks);
        using DeviceDataset data = DeviceDataset.Create(
            device, MixedTasks.Rows, StepNetwork.Features, categoricalColumns: 0, network.Tasks, tasks.Inputs, [], tasks.Labels);
        using Network trained = StepNetwork.Compile(device, network.Shape, network.Tasks, affinity: false);
        trained.ConfigureGradients(StepUnderTest.AllAtOnce, directions: true);

        int[] everyone = [.. Enumerable.Range(0, network.Tasks)];
        double[] exact = new double[network.Tasks * network.Tasks];
        double[] estimated = new double[exact.Length];
        EstimateErrorSum[] sums = [.. Estimates.Select(estimate => new EstimateErrorSum(network.Tasks, estimate.Scope == GradientScope.Shared))];
        var random = new Random(1);
        int[] order = [.. Enumerable.Range(0, MixedTasks.Rows)];
        for (int batch = 0; batch < batches; ++batch)
        {
            int first = batch * size % MixedTasks.Rows;
            if (first == 0) random.Shuffle(order);
            trained.BeginBatch(data, order.AsSpan(first, size), (ulong)batch);
            trained.TaskGradients(everyone, new GradientRequest(), exact);
            foreach ((Estimate estimate, EstimateErrorSum sum) in Estimates.Zip(sums))
            {
                estimate.Make(trained, everyone, size, batch, estimated);
                sum.Add(exact, estimated);
            }

            trained.UpdateGroup(everyone, Update);
        }

        return [.. Estimates.Zip(sums, (estimate, sum) => sum.Result(network, estimate.Name))];
    }
}

using MathNet.Numerics.LinearAlgebra;
using Microsoft.Extensions.Logging.Abstractions;
using MtlHybrid.Engine;
using MtlHybrid.Strategies;
using MtlHybrid.Strategies.Aggregation;
using MtlHybrid.Tests.Reference;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

/// <summary>What a strategy's step does to the trunk is what its aggregator makes of the task gradients, taken one by one: the
/// core's way and the managed one agree, over several batches, with labels missing.</summary>
public sealed class TrainingStepTests
{
    private const ulong Seed = 11;
    private const int Batches = 6;
    private const double Rate = 0.05;

    public static TheoryData<string> Names() =>
        [.. StrategyCatalog.All.Where(entry => entry.Defaults is GramAggregatorOptions or MatrixAggregatorOptions).Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_trunk_moves_along_the_direction_of_the_aggregator(string name)
    {
        var options = (AggregatorOptions)StrategyCatalog.Find(name).Defaults;
        Func<Matrix<double>, AggregationInputs, Vector<double>> reference = Reference(options);
        using var problem = new ReferenceProblem(ReferenceRule.Sgd, missing: true, official: false, seed: 9);
        Network network = problem.Network;
        network.ConfigureOptimizer(new OptimizerOptions { Kind = OptimizerKind.Sgd });
        IStrategy strategy = options.Create();
        strategy.Prepare(network, new StrategyContext(["a", "b", "c", "d"], Seed, NullLogger.Instance));
        for (int batch = 0; batch < Batches; batch++)
        {
            int[] rows = problem.NextBatch();
            network.BeginBatch(problem.Data, rows, (ulong)batch);
            Matrix<double> jacobian = Jacobian(network, out int[] tasks, out double[] losses);
            Vector<double> expected = reference(jacobian, new AggregationInputs(tasks, network.Tasks, losses, Seed, batch)) * Rate;

            network.BeginBatch(problem.Data, rows, (ulong)batch);
            Vector<double> before = Shared(network, NetworkBuffer.Parameters);
            strategy.RunBatch(network, new BatchContext(batch, Rate));
            Vector<double> moved = before - Shared(network, NetworkBuffer.Parameters);
            // Single precision of the parameters, which are about 1, bounds what can be seen of a small step.
            double error = (moved - expected).L2Norm();
            Assert.True(error <= (1e-3 * expected.L2Norm()) + 1e-6, $"batch {batch}: moved {moved.L2Norm()}, expected {expected.L2Norm()}, off by {error}");
        }
    }

    /// <summary>The first half of the rows comes first, and the weights apply to the whole batch.</summary>
    [Theory]
    [InlineData("modo")]
    [InlineData("sdmgrad")]
    public void Half_batch_strategies_are_given_the_halves_in_their_order(string name)
    {
        // A step of MoDo is small: with a larger one its weights leave their start within a few batches.
        StrategyOptions defaults = StrategyCatalog.Find(name).Defaults;
        var options = (HalfBatchAggregatorOptions)(defaults is MoDoOptions modo ? modo with { Gamma = 0.5 } : defaults);
        IHalfBatchAggregator reference = options.CreateAggregator(), otherWay = options.CreateAggregator();
        using var problem = new ReferenceProblem(ReferenceRule.Sgd, missing: false, official: false, seed: 9);
        Network network = problem.Network;
        network.ConfigureOptimizer(new OptimizerOptions { Kind = OptimizerKind.Sgd });
        IStrategy strategy = options.Create();
        strategy.Prepare(network, new StrategyContext(["a", "b", "c", "d"], Seed, NullLogger.Instance));
        double[] weights = new double[network.Tasks], swapped = new double[network.Tasks];
        bool order = false;
        for (int batch = 0; batch < Batches; batch++)
        {
            int[] rows = problem.NextBatch();
            int half = rows.Length / 2;
            network.BeginBatch(problem.Data, rows.AsSpan(0, half), (ulong)batch);
            Matrix<double> first = Jacobian(network, out _, out _);
            network.BeginBatch(problem.Data, rows.AsSpan(half), (ulong)batch);
            Matrix<double> second = Jacobian(network, out _, out _);
            network.BeginBatch(problem.Data, rows, (ulong)batch);
            Matrix<double> whole = Jacobian(network, out int[] tasks, out double[] losses);
            var inputs = new AggregationInputs(tasks, network.Tasks, losses, Seed, batch);
            reference.Weigh(Products(first.Stack(second)), inputs, weights);
            otherWay.Weigh(Products(second.Stack(first)), inputs, swapped);
            order |= weights.Zip(swapped).Any(pair => Math.Abs(pair.First - pair.Second) > 1e-2);
            Vector<double> expected = whole.LeftMultiply(Vector<double>.Build.Dense(weights)) * Rate;

            network.BeginBatch(problem.Data, rows, (ulong)batch);
            Vector<double> before = Shared(network, NetworkBuffer.Parameters);
            strategy.RunBatch(network, new BatchContext(batch, Rate));
            double error = (before - Shared(network, NetworkBuffer.Parameters) - expected).L2Norm();
            Assert.True(error <= (1e-3 * expected.L2Norm()) + 1e-6, $"batch {batch}: expected {expected.L2Norm()}, off by {error}");
        }

        Assert.True(order, "swapping the halves changes nothing here: the test could not fail");
    }

    /// <summary>GradNorm's norms are those at the last shared layer, and its weights scale heads as well.</summary>
    [Fact]
    public void Gradnorm_is_given_the_norms_at_the_last_shared_layer()
    {
        using var problem = new ReferenceProblem(ReferenceRule.Sgd, missing: true, official: false, seed: 9);
        Network network = problem.Network;
        network.ConfigureOptimizer(new OptimizerOptions { Kind = OptimizerKind.Sgd });
        var options = new GradNormOptions { WeightRate = 0.2 };
        var reference = new GradNorm(options.Alpha, options.WeightRate);
        IStrategy strategy = options.Create();
        strategy.Prepare(network, new StrategyContext(["a", "b", "c", "d"], Seed, NullLogger.Instance));
        ParameterTensor[] shared = [.. network.Parameters.Where(tensor => tensor.Owner == -1)];
        int last = shared.Max(tensor => tensor.Node);
        long from = shared.Where(tensor => tensor.Node == last).Min(tensor => tensor.Offset);
        for (int batch = 0; batch < Batches; batch++)
        {
            int[] rows = problem.NextBatch();
            network.BeginBatch(problem.Data, rows, (ulong)batch);
            Matrix<double> jacobian = Jacobian(network, out int[] tasks, out double[] losses);
            double[] norms = [.. jacobian.EnumerateRows().Select(row => row.SubVector((int)from, row.Count - (int)from).L2Norm())];
            double[] weights = new double[tasks.Length];
            reference.Weigh(norms, new AggregationInputs(tasks, network.Tasks, losses, Seed, batch), weights);
            Vector<double> expected = jacobian.LeftMultiply(Vector<double>.Build.Dense(weights)) * Rate;

            network.BeginBatch(problem.Data, rows, (ulong)batch);
            Vector<double> before = Shared(network, NetworkBuffer.Parameters);
            strategy.RunBatch(network, new BatchContext(batch, Rate));
            double error = (before - Shared(network, NetworkBuffer.Parameters) - expected).L2Norm();
            Assert.True(error <= (1e-3 * expected.L2Norm()) + 1e-6, $"batch {batch}: expected {expected.L2Norm()}, off by {error}");
        }
    }

    private static Matrix<double> Products(Matrix<double> rows) => rows.TransposeAndMultiply(rows);

    private static Func<Matrix<double>, AggregationInputs, Vector<double>> Reference(AggregatorOptions options)
    {
        if (options is MatrixAggregatorOptions matrix)
        {
            IMatrixAggregator byElement = matrix.CreateAggregator();
            return (jacobian, inputs) => byElement.Combine(jacobian, inputs);
        }

        IGramAggregator aggregator = ((GramAggregatorOptions)options).CreateAggregator();
        return (jacobian, inputs) =>
        {
            double[] weights = new double[jacobian.RowCount];
            aggregator.Weigh(jacobian.TransposeAndMultiply(jacobian), inputs, weights);
            return jacobian.LeftMultiply(Vector<double>.Build.Dense(weights));
        };
    }

    private static Matrix<double> Jacobian(Network network, out int[] tasks, out double[] losses)
    {
        network.Measure();
        double[] all = new double[network.Tasks];
        network.ReadLosses(all);
        tasks = [.. Enumerable.Range(0, network.Tasks).Where(task => !double.IsNaN(all[task]))];
        losses = [.. tasks.Select(task => all[task])];
        return Matrix<double>.Build.DenseOfRowVectors(tasks.Select(task =>
        {
            network.ComputeGradients([task], GroupReduction.Sum);
            return Shared(network, NetworkBuffer.Gradients);
        }));
    }

    private static Vector<double> Shared(Network network, NetworkBuffer buffer)
    {
        (long offset, long count) = network.Slice(-1);
        float[] values = new float[count];
        network.Read(buffer, offset, values);
        return Vector<double>.Build.DenseOfEnumerable(values.Select(value => (double)value));
    }
}

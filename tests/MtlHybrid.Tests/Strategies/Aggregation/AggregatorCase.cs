using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

/// <summary>An aggregator and what it promises.</summary>
internal sealed class AggregatorCase
{
    private readonly Func<Func<Matrix<double>, int[], int, long, Vector<double>>> _create;

    private AggregatorCase(
        string name, AggregatorProperties properties, double tolerance, Func<Func<Matrix<double>, int[], int, long, Vector<double>>> create)
    {
        Name = name;
        Properties = properties;
        Tolerance = tolerance;
        _create = create;
    }

    public string Name { get; }

    public AggregatorProperties Properties { get; }

    /// <summary>Largest error of a property, relative to the gradients' lengths.</summary>
    public double Tolerance { get; }

    /// <summary>An aggregator of inner products.</summary>
    public static AggregatorCase Of(string name, Func<IGramAggregator> create, AggregatorProperties properties, double tolerance = 1e-7) =>
        new(name, properties, tolerance, () =>
        {
            IGramAggregator aggregator = create();
            return (jacobian, tasks, taskCount, batch) =>
            {
                double[] weights = new double[jacobian.RowCount];
                Array.Fill(weights, double.NaN);
                string? remark = aggregator.Weigh(
                    jacobian * jacobian.Transpose(), new AggregationInputs(tasks, taskCount, Losses(tasks), Seed, batch), weights);
                // Words are for iterations that ended at their bound, and for input without a solution.
                Assert.True(remark is null || name == "imtl-g" || name.StartsWith("krum", StringComparison.Ordinal), $"{name}: {remark} {Describe(jacobian)}");
                Assert.All(weights, weight => Assert.True(double.IsFinite(weight), $"{name}: weights {string.Join(", ", weights)}"));
                return jacobian.LeftMultiply(Vector<double>.Build.Dense(weights));
            };
        });

    /// <summary>An aggregator of whole gradients.</summary>
    public static AggregatorCase Of(string name, Func<IMatrixAggregator> create, AggregatorProperties properties, double tolerance = 1e-7) =>
        new(name, properties, tolerance, () =>
        {
            IMatrixAggregator aggregator = create();
            return (jacobian, tasks, taskCount, batch) =>
                aggregator.Combine(jacobian, new AggregationInputs(tasks, taskCount, Losses(tasks), Seed, batch));
        });

    /// <summary>A fresh aggregator: from gradients [n, P], the tasks they belong to, the number of all tasks and the number of the batch to
    /// the direction [P].</summary>
    public Func<Matrix<double>, int[], int, long, Vector<double>> Create() => _create();

    /// <summary>The first direction of a fresh aggregator.</summary>
    public Vector<double> Direction(Matrix<double> jacobian) =>
        Create()(jacobian, [.. Enumerable.Range(0, jacobian.RowCount)], jacobian.RowCount, 0);

    public override string ToString() => Name;

    private static string Describe(Matrix<double> jacobian) => $"({jacobian.RowCount} x {jacobian.ColumnCount}, norm {jacobian.FrobeniusNorm()})";

    private const ulong Seed = 7;

    /// <summary>Losses that belong to the tasks, wherever they stand.</summary>
    private static double[] Losses(int[] tasks) => [.. tasks.Select(task => 0.5 + (task % 3))];
}

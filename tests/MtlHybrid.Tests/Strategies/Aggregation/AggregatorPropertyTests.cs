using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

/// <summary>Every aggregator is held to what it promises, on sampled matrices of several shapes, ranks and scales.</summary>
public sealed class AggregatorPropertyTests
{
    private static readonly double[] Scales = [0, 1e-10, 1, 1e5, 1e15];

    public static TheoryData<string> Names => [.. AggregatorCases.All.Select(aggregator => aggregator.Name)];

    [Fact]
    public void Every_aggregator_is_listed_once()
    {
        string[] listed = [.. AggregatorCases.All.Select(aggregator => aggregator.Name)];
        Assert.Distinct(listed);
        Assert.Empty(AggregatorCatalog.All.Select(method => method.Name).Except([.. listed, "sum", "mean"]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_input_gives_a_finite_direction(string name)
    {
        AggregatorCase aggregator = Find(name);
        Failures failures = new();
        foreach (SampledMatrix matrix in SampledMatrix.All.SelectMany(matrix => Scales.Select(matrix.Scaled)))
        {
            Vector<double> direction = aggregator.Direction(matrix.Jacobian);
            Assert.Equal(matrix.Jacobian.ColumnCount, direction.Count);
            failures.Check(direction.All(double.IsFinite), $"{matrix.Name}: {string.Join(' ', direction.Take(5))} ...");
        }

        failures.AssertNone();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_zero_matrix_gives_zero(string name)
    {
        foreach (int rows in new[] { 1, 2, 7 })
            Assert.Equal(0, Find(name).Direction(Matrix<double>.Build.Dense(rows, 3)).L2Norm());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void One_task_is_followed(string name)
    {
        Vector<double> gradient = Vector<double>.Build.DenseOfArray([3, -4, 12]);
        Vector<double> direction = Find(name).Direction(gradient.ToRowMatrix());
        double cosine = (direction / direction.L2Norm()).DotProduct(gradient / gradient.L2Norm());
        Assert.True(cosine >= 1 - 1e-9, $"cosine {cosine}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_changes_the_inputs(string name)
    {
        Matrix<double> jacobian = SampledMatrix.Normal(5, 8, 1);
        Find(name).Direction(jacobian);
        Assert.Equal(SampledMatrix.Normal(5, 8, 1), jacobian);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_gradient_opposes_the_direction(string name)
    {
        AggregatorCase aggregator = Find(name);
        if (!Promises(aggregator, AggregatorProperties.NonConflicting | AggregatorProperties.NonConflictingAtSimilarLengths)) return;
        IEnumerable<SampledMatrix> matrices = Promises(aggregator, AggregatorProperties.NonConflicting)
            ? SampledMatrix.All
            : SampledMatrix.All.Where(matrix => !matrix.OfManyLengths);
        Failures failures = new();
        foreach (SampledMatrix matrix in matrices.SelectMany(matrix => Scales.Select(matrix.Scaled)))
        {
            Vector<double> direction = aggregator.Direction(matrix.Jacobian);
            // What does not grow with the gradients is of the size 1.
            double longest = Promises(aggregator, AggregatorProperties.Homogeneous) ? matrix.Longest : Math.Max(matrix.Longest, 1);
            foreach ((int row, Vector<double> gradient) in matrix.Jacobian.EnumerateRowsIndexed())
            {
                // Where all is zero, nothing opposes.
                double length = Math.Max(gradient.L2Norm(), double.Epsilon);
                double reach = gradient.DotProduct(direction) / length;
                failures.Check(reach >= -aggregator.Tolerance * longest, $"{matrix.Name}: row {row} by {reach / longest}");
            }
        }

        failures.AssertNone();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_order_of_tasks_does_not_matter(string name)
    {
        AggregatorCase aggregator = Find(name);
        if (!Promises(aggregator, AggregatorProperties.PermutationInvariant)) return;
        Failures failures = new();
        foreach (SampledMatrix matrix in SampledMatrix.Ordinary.Concat(SampledMatrix.NotStationary))
        {
            int[] order = [.. Enumerable.Range(0, matrix.Jacobian.RowCount)];
            new Random(3).Shuffle(order);
            Matrix<double> permuted = Matrix<double>.Build.DenseOfRows(order.Select(row => matrix.Jacobian.Row(row)));
            Near(failures, matrix, aggregator, aggregator.Direction(matrix.Jacobian), aggregator.Direction(permuted));
        }

        failures.AssertNone();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_direction_is_linear_in_factors_of_rows(string name)
    {
        AggregatorCase aggregator = Find(name);
        if (!Promises(aggregator, AggregatorProperties.LinearUnderScaling)) return;
        Failures failures = new();
        foreach (SampledMatrix matrix in SampledMatrix.Ordinary.Where(matrix => !matrix.OfManyLengths))
        {
            Vector<double> first = Factors(matrix, 1);
            Vector<double> second = Factors(matrix, 2);
            Vector<double> sum = Of((2 * first) + (3 * second));
            Near(failures, matrix, aggregator, sum, (2 * Of(first)) + (3 * Of(second)));

            Vector<double> Of(Vector<double> factors) => aggregator.Direction(Matrix<double>.Build.DiagonalOfDiagonalVector(factors) * matrix.Jacobian);
        }

        failures.AssertNone();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void One_factor_on_all_gradients_is_one_on_the_direction(string name)
    {
        AggregatorCase aggregator = Find(name);
        if (!Promises(aggregator, AggregatorProperties.Homogeneous)) return;
        Failures failures = new();
        foreach (SampledMatrix matrix in SampledMatrix.Ordinary.Concat(SampledMatrix.NotStationary))
        {
            Vector<double> direction = aggregator.Direction(matrix.Jacobian);
            foreach (double scale in Scales.Where(scale => scale > 0))
                Near(failures, matrix.Scaled(scale), aggregator, direction, aggregator.Direction(matrix.Jacobian * scale) / scale, matrix.Longest);
        }

        failures.AssertNone();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Where_a_task_can_be_helped_there_is_a_direction(string name)
    {
        AggregatorCase aggregator = Find(name);
        if (!Promises(aggregator, AggregatorProperties.ZeroOnlyAtStationary)) return;
        Failures failures = new();
        foreach (SampledMatrix matrix in SampledMatrix.NotStationary)
        {
            double length = aggregator.Direction(matrix.Jacobian).L2Norm();
            failures.Check(length >= 0.01 / matrix.Jacobian.RowCount, $"{matrix.Name}: length {length}");
        }

        failures.AssertNone();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Where_every_task_is_opposed_there_is_no_direction(string name)
    {
        AggregatorCase aggregator = Find(name);
        if (!Promises(aggregator, AggregatorProperties.ZeroAtStationary)) return;
        Failures failures = new();
        foreach (SampledMatrix matrix in SampledMatrix.StronglyStationary)
        {
            double length = aggregator.Direction(matrix.Jacobian).L2Norm();
            failures.Check(length <= aggregator.Tolerance * matrix.Longest, $"{matrix.Name}: length {length}");
        }

        failures.AssertNone();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Tasks_may_come_and_go(string name)
    {
        AggregatorCase aggregator = Find(name);
        Func<Matrix<double>, int[], int, long, Vector<double>> kept = aggregator.Create();
        Failures failures = new();
        const int TaskCount = 9;
        for (int batch = 0; batch < 40; batch++)
        {
            var random = new Random(batch);
            int[] tasks = [.. Enumerable.Range(0, TaskCount).Where(task => task == batch % TaskCount || random.Next(3) > 0)];
            Matrix<double> jacobian = SampledMatrix.Normal(tasks.Length, 6, 1000 + batch);
            Vector<double> direction = kept(jacobian, tasks, TaskCount, batch);
            failures.Check(direction.All(double.IsFinite), $"batch {batch}");
            if (!Promises(aggregator, AggregatorProperties.WithoutMemory)) continue;
            Vector<double> fresh = aggregator.Create()(jacobian, tasks, TaskCount, batch);
            failures.Check(direction.SequenceEqual(fresh), $"batch {batch}: {string.Join(' ', direction)} after others, {string.Join(' ', fresh)} afresh");
        }

        failures.AssertNone();
    }

    private static AggregatorCase Find(string name) => AggregatorCases.All.Single(aggregator => aggregator.Name == name);

    private static bool Promises(AggregatorCase aggregator, AggregatorProperties property) => (aggregator.Properties & property) != 0;

    private static Vector<double> Factors(SampledMatrix matrix, int seed) =>
        SampledMatrix.Normal(matrix.Jacobian.RowCount, 1, seed).Column(0).PointwiseAbs() + 0.1;

    private static void Near(
        Failures failures, SampledMatrix matrix, AggregatorCase aggregator, Vector<double> expected, Vector<double> actual, double? scale = null)
    {
        double error = (expected - actual).L2Norm() / Math.Max(expected.L2Norm(), scale ?? matrix.Longest);
        failures.Check(error <= aggregator.Tolerance, $"{matrix.Name}: error {error}, direction {string.Join(' ', expected.Take(3))}, not {string.Join(' ', actual.Take(3))} ...");
    }
}

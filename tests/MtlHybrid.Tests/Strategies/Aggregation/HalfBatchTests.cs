using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

public class HalfBatchTests
{
    // Min-norm point of (-4,1,1) and (6,1,1): weights 0.6 and 0.4.
    [Fact]
    public void MoDo_finds_the_min_norm_point_when_the_halves_agree()
    {
        var aggregator = new MoDo(gamma: 0.1, rho: 0);

        Near.Equal([0.6, 0.4], Last(aggregator, Aggregate.Published, Aggregate.Published, batches: 2000));
    }

    [Fact]
    public void MoDo_takes_one_projected_step_on_the_product_of_the_halves()
    {
        Matrix<double> first = Aggregate.Rows([1, 0], [0, 2]), second = Aggregate.Rows([1, 1], [0, 1]);

        // J1 J2^T = [[1, 0], [2, 2]], unit (1 + 4 + 2 + 1) / 4 = 2; slopes 0.25 and 1 at (1/2, 1/2), and rho / 2 each.
        double[] weights = Last(new MoDo(0.1, 0.5), first, second, batches: 1);

        Near.Equal([0.5 + (0.1 * 0.375), 0.5 - (0.1 * 0.375)], weights, 1e-12);
    }

    [Fact]
    public void SDMGrad_without_a_pull_finds_the_min_norm_point() =>
        Near.Equal([0.6, 0.4], Last(new SDMGrad(lambda: 0, iterations: 20), Aggregate.Published, Aggregate.Published, batches: 50));

    [Fact]
    public void SDMGrad_with_a_strong_pull_is_the_mean() =>
        Near.Equal([0.5, 0.5], Last(new SDMGrad(lambda: 1e6, iterations: 20), Aggregate.Published, Aggregate.Published, batches: 5), 1e-5);

    [Fact]
    public void SDMGrad_minimises_half_the_square_plus_the_pull()
    {
        const double Lambda = 0.3;
        Matrix<double> gram = Aggregate.Published * Aggregate.Published.Transpose();

        double[] weights = Last(new SDMGrad(Lambda, 20), Aggregate.Published, Aggregate.Published, batches: 100);

        // Over (w, 1 - w): the direction's weights are v = (w + 0.15, 1.15 - w) / 1.3, and the slope M v is the same for both tasks.
        Vector<double> slope = gram * Vector<double>.Build.Dense(weights);
        Assert.Equal(slope[0], slope[1], 1e-6);
        Assert.Equal(1, weights.Sum(), 1e-12);
    }

    [Theory]
    [InlineData(1e-10)]
    [InlineData(1e15)]
    public void The_scale_of_gradients_does_not_matter(double scale)
    {
        Matrix<double> first = Aggregate.Rows([1, 0], [0, 2]), second = Aggregate.Rows([1, 1], [0, 1]);
        foreach (Func<IHalfBatchAggregator> create in (Func<IHalfBatchAggregator>[])[() => new MoDo(0.1, 0.1), () => new SDMGrad(0.3, 20)])
            Near.Equal(Last(create(), first, second, 3), Last(create(), first * scale, second * scale, 3), 1e-9);
    }

    [Fact]
    public void Weights_of_a_task_that_is_away_are_kept()
    {
        var aggregator = new MoDo(0.1, 0);
        double[] before = Last(aggregator, Aggregate.Published, Aggregate.Published, batches: 3);
        double[] alone = new double[1];
        aggregator.Weigh(Matrix<double>.Build.Dense(2, 2, 1), new AggregationInputs([1], 2, []), alone);
        Assert.Equal([1], alone);

        double[] after = new double[2];
        aggregator.Weigh(Matrix<double>.Build.Dense(4, 4), Aggregate.AllTasks(2, []), after);
        Near.Equal(before, after, 1e-12);
    }

    [Fact]
    public void Zero_gradients_leave_the_weights()
    {
        Matrix<double> zero = Matrix<double>.Build.Dense(2, 3);
        Near.Equal([0.5, 0.5], Last(new MoDo(0.1, 0.1), zero, zero, 3), 1e-12);
        Near.Equal([0.5, 0.5], Last(new SDMGrad(0.3, 20), zero, zero, 3), 1e-12);
    }

    private static double[] Last(IHalfBatchAggregator aggregator, Matrix<double> first, Matrix<double> second, int batches)
    {
        Matrix<double> halves = first.Stack(second);
        double[] weights = new double[first.RowCount];
        for (int batch = 0; batch < batches; batch++)
            aggregator.Weigh(halves * halves.Transpose(), Aggregate.AllTasks(first.RowCount, [], batch: batch), weights);
        return weights;
    }
}

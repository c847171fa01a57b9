using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

public class PCGradTests
{
    [Fact]
    public void The_published_direction_and_weights()
    {
        Near.Equal([0.5848, 3.8012, 3.8012], Aggregate.Direction(new PCGrad(), Aggregate.Published));
        Near.Equal([20.0 / 9, 30.0 / 19], Aggregate.Weights(new PCGrad(), Aggregate.Published), 1e-12);
    }

    [Fact]
    public void Gradients_without_conflict_are_summed() =>
        Assert.Equal([1, 1, 1], Aggregate.Weights(new PCGrad(), Aggregate.Rows([1, 0, 1], [0, 1, 0], [1, 1, 1])));

    [Fact]
    public void Opposite_gradients_cancel_whatever_their_lengths() =>
        Near.Equal([0, 0], Aggregate.Direction(new PCGrad(), Aggregate.Rows([3, 1], [-300, -100])), 1e-12);

    [Fact]
    public void Projections_on_coefficients_are_those_on_vectors()
    {
        Matrix<double> jacobian = Aggregate.Rows([1, 2, -3, 0], [-2, 1, 1, 1], [0, -3, 1, -1], [1, -1, -1, 2]);

        // Every order of the others that can come up, so that the seed's own order is among them.
        List<double[]> possible = [new double[4]];
        for (int i = 0; i < 4; i++)
        {
            double[][] projected = [.. Orders([.. Enumerable.Range(0, 4).Where(j => j != i)]).Select(order => Projected(jacobian, i, order))];
            possible = [.. possible.SelectMany(sum => projected.Select(one => sum.Zip(one, (a, b) => a + b).ToArray()))];
        }

        foreach (long batch in Enumerable.Range(0, 10))
        {
            double[] direction = Aggregate.Direction(new PCGrad(), jacobian, seed: 5, batch);
            Assert.Contains(possible, sum => sum.Zip(direction, (a, b) => Math.Abs(a - b)).All(error => error <= 1e-12));
        }
    }

    [Fact]
    public void The_order_follows_from_seed_and_batch_alone()
    {
        Matrix<double> jacobian = Aggregate.Rows([1, 2, -3, 0], [-2, 1, 1, 1], [0, -3, 1, -1], [1, -1, -1, 2]);
        var aggregator = new PCGrad();
        double[][] batches = [.. Enumerable.Range(0, 20).Select(batch => Aggregate.Weights(aggregator, jacobian, seed: 5, batch))];

        Assert.Equal(batches[7], Aggregate.Weights(new PCGrad(), jacobian, seed: 5, batch: 7));
        Assert.Contains(batches, weights => !weights.SequenceEqual(batches[0]));
        Assert.Contains(Enumerable.Range(0, 20), seed => !Aggregate.Weights(aggregator, jacobian, (ulong)seed).SequenceEqual(batches[0]));
    }

    [Theory]
    [InlineData(1e-10)]
    [InlineData(1e5)]
    [InlineData(1e15)]
    public void Weights_do_not_depend_on_the_scale(double scale) =>
        Near.Equal([20.0 / 9, 30.0 / 19], Aggregate.Weights(new PCGrad(), Aggregate.Published * scale), 1e-12);

    [Fact]
    public void A_gradient_of_zero_takes_nothing_away() =>
        Near.Equal([1, 1, 1], Aggregate.Weights(new PCGrad(), Aggregate.Rows([1, 0], [0, 0], [0, 1])), 0);

    private static double[] Projected(Matrix<double> jacobian, int i, int[] order)
    {
        Vector<double> gradient = jacobian.Row(i);
        foreach (int j in order)
        {
            Vector<double> other = jacobian.Row(j);
            double product = gradient.DotProduct(other);
            if (product < 0) gradient -= other * (product / other.DotProduct(other));
        }

        return gradient.ToArray();
    }

    private static IEnumerable<int[]> Orders(int[] values) => values.Length <= 1
        ? [values]
        : values.SelectMany(first => Orders([.. values.Where(value => value != first)]).Select(rest => (int[])[first, .. rest]));
}

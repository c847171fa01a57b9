using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

public sealed class MgdaTests
{
    private static readonly Matrix<double> Orthogonal = Aggregate.Rows([3, 0], [0, 1]);
    private static readonly double[] Losses = [2, 0.5];

    /// <summary>Of orthogonal gradients a n1 and b n2 the shortest combination has weights proportional to 1 / length^2.</summary>
    [Theory]
    [InlineData(MgdaNormalization.None, 3, 1)]
    [InlineData(MgdaNormalization.L2, 1, 1)]
    [InlineData(MgdaNormalization.Loss, 1.5, 2)]
    [InlineData(MgdaNormalization.LossPlus, 0.5, 2)]
    public void The_direction_is_the_shortest_of_the_normalised_gradients(MgdaNormalization normalization, double first, double second)
    {
        double share = second * second / ((first * first) + (second * second));
        double[] weights = new double[2];
        Assert.Null(new Mgda(normalization).Weigh(Orthogonal * Orthogonal.Transpose(), Aggregate.AllTasks(2, Losses), weights));
        Near.Equal([share * first, (1 - share) * second], [3 * weights[0], weights[1]], 1e-12);
    }

    [Theory]
    [InlineData(MgdaNormalization.Loss)]
    [InlineData(MgdaNormalization.LossPlus)]
    public void Without_losses_there_is_nothing_to_normalise_by(MgdaNormalization normalization)
    {
        var refusal = Assert.Throws<ArgumentException>(() => Aggregate.Weights(new Mgda(normalization), Orthogonal));
        Assert.Contains("one loss per task, 2; got 0", refusal.Message);
    }

    [Theory]
    [InlineData(MgdaNormalization.Loss)]
    [InlineData(MgdaNormalization.LossPlus)]
    public void Losses_of_zero_give_finite_weights(MgdaNormalization normalization)
    {
        foreach (double[] losses in new double[][] { [0, 0], [0, 1], [-1, 1] })
        {
            double[] weights = new double[2];
            Assert.Null(new Mgda(normalization).Weigh(Orthogonal * Orthogonal.Transpose(), Aggregate.AllTasks(2, losses), weights));
            Assert.All(weights, weight => Assert.True(double.IsFinite(weight) && weight >= 0));
        }
    }
}

using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

/// <summary>IMTL-G and ConFIG: directions with the same projection on all unit gradients.</summary>
public sealed class EqualProjectionTests
{
    private static readonly Matrix<double>[] Jacobians =
        [.. Enumerable.Range(0, 20).Select(seed => Matrix<double>.Build.Diagonal([1e-3, 1, 50, 1]) * SampledMatrix.Normal(4, 6 + seed, seed))];

    [Fact]
    public void All_unit_gradients_have_the_same_projection()
    {
        foreach (Matrix<double> jacobian in Jacobians)
            foreach (IGramAggregator aggregator in new IGramAggregator[] { new ImtlG(), new ConFig() })
            {
                double[] projections = [.. Projections(aggregator, jacobian)];
                Assert.True(projections.Max() - projections.Min() <= 1e-9 * Math.Abs(projections[0]), string.Join(' ', projections));
            }
    }

    [Fact]
    public void Weights_of_imtl_g_sum_to_1()
    {
        foreach (Matrix<double> jacobian in Jacobians)
            Assert.Equal(1, Aggregate.Weights(new ImtlG(), jacobian).Sum(), 1e-9);
    }

    [Fact]
    public void The_length_of_config_is_the_sum_of_the_gradients_projections_on_it()
    {
        foreach (Matrix<double> jacobian in Jacobians)
        {
            Vector<double> direction = Vector<double>.Build.Dense(Aggregate.Direction(new ConFig(), jacobian));
            Assert.Equal((jacobian * direction.Normalize(2)).Sum(), direction.L2Norm(), 1e-9 * jacobian.FrobeniusNorm());
        }
    }

    [Fact]
    public void Where_weights_of_imtl_g_cancel_there_is_no_update_and_a_word()
    {
        // Three unit gradients in a plane, 120 degrees apart: no direction has equal projections other than 0.
        Matrix<double> jacobian = Aggregate.Rows([1, 0], [-0.5, Math.Sqrt(0.75)], [-0.5, -Math.Sqrt(0.75)]);
        double[] weights = new double[3];
        string? remark = new ImtlG().Weigh(jacobian * jacobian.Transpose(), Aggregate.AllTasks(3, []), weights);
        Assert.Equal([0, 0, 0], weights);
        Assert.Contains("no update", remark);
    }

    private static IEnumerable<double> Projections(IGramAggregator aggregator, Matrix<double> jacobian) =>
        jacobian.NormalizeRows(2) * Vector<double>.Build.Dense(Aggregate.Direction(aggregator, jacobian));
}

using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

public sealed class CAGradTests
{
    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    public void The_worst_task_is_served_as_well_as_the_dual_allows(double c)
    {
        for (int seed = 0; seed < 10; seed++)
        {
            Matrix<double> jacobian = SampledMatrix.Normal(3, 2 + (seed % 4), seed);
            Vector<double> mean = jacobian.ColumnSums() / 3;
            double radius = c * mean.L2Norm();
            Vector<double> direction = Direction(jacobian, c);
            Assert.True((direction - mean).L2Norm() <= radius * (1 + 1e-9), $"seed {seed}: outside the ball");

            // Every point of the dual bounds every direction in the ball; on a grid the bound is nearly met.
            double bound = double.PositiveInfinity;
            const int Steps = 120;
            for (int i = 0; i <= Steps; i++)
                for (int j = 0; j <= Steps - i; j++)
                {
                    Vector<double> combination = jacobian.LeftMultiply(Vector<double>.Build.Dense([i, j, Steps - i - j])) / Steps;
                    bound = Math.Min(bound, (combination * mean) + (radius * combination.L2Norm()));
                }

            double worst = (jacobian * direction).Minimum();
            double scale = jacobian.FrobeniusNorm() * (mean.L2Norm() + radius);
            Assert.True(worst <= bound + (1e-9 * scale) && worst >= bound - (5e-3 * scale), $"seed {seed}: {worst}, bound {bound}");
        }
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.7)]
    public void Many_tasks_meet_the_optimality_conditions(double c)
    {
        foreach ((int rows, int columns) in new[] { (7, 20), (16, 10), (40, 80), (139, 400) })
        {
            Matrix<double> jacobian = SampledMatrix.Normal(rows, columns, rows);
            Vector<double> mean = jacobian.ColumnSums() / rows;
            Vector<double> change = Direction(jacobian, c) - mean;
            double radius = c * mean.L2Norm();
            Assert.Equal(1, change.L2Norm() / radius, 1e-9);
            // The change is a positive multiple of a combination of the tasks that are served worst: as many weights as rows decide it,
            // so the dual value of that combination equals what the worst task gets.
            Vector<double> progress = jacobian * (mean + change);
            double worst = progress.Minimum();
            double[] weights = Weights(jacobian, c).Select(weight => weight - (1.0 / rows)).ToArray();
            double sum = weights.Sum();
            Vector<double> combination = jacobian.LeftMultiply(Vector<double>.Build.Dense(weights)) / sum;
            double dual = (combination * mean) + (radius * combination.L2Norm());
            Assert.All(weights, weight => Assert.True(weight >= -1e-15));
            Assert.True(Math.Abs(worst - dual) <= 1e-9 * jacobian.FrobeniusNorm() * mean.L2Norm(), $"{rows} tasks: {worst} and {dual}");
        }
    }

    [Theory]
    [InlineData(CAGradRescale.None, 1)]
    [InlineData(CAGradRescale.Linear, 1 / 1.5)]
    [InlineData(CAGradRescale.Square, 1 / 1.25)]
    public void The_update_is_rescaled(CAGradRescale rescale, double factor)
    {
        Matrix<double> jacobian = SampledMatrix.Normal(4, 9, 3);
        Vector<double> expected = Direction(jacobian, 0.5) * factor;
        Assert.True((Direction(jacobian, 0.5, rescale) - expected).L2Norm() <= 1e-14 * expected.L2Norm());
    }

    [Fact]
    public void With_c_0_it_is_the_mean()
    {
        Matrix<double> jacobian = SampledMatrix.Normal(4, 9, 3);
        Assert.True((Direction(jacobian, 0) - (jacobian.ColumnSums() / 4)).L2Norm() <= 1e-15);
    }

    [Fact]
    public void A_task_without_gradient_leaves_the_mean()
    {
        Matrix<double> jacobian = Matrix<double>.Build.DenseOfArray(new double[,] { { 1, 2 }, { 2, 1 }, { 0, 0 } });
        Assert.True((Direction(jacobian, 0.5) - (jacobian.ColumnSums() / 3)).L2Norm() <= 1e-12);
    }

    private static double[] Weights(Matrix<double> jacobian, double c, CAGradRescale rescale = CAGradRescale.None) =>
        Aggregate.Weights(new CAGrad(c, rescale), jacobian);

    private static Vector<double> Direction(Matrix<double> jacobian, double c, CAGradRescale rescale = CAGradRescale.None) =>
        Vector<double>.Build.Dense(Aggregate.Direction(new CAGrad(c, rescale), jacobian));
}

using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Solvers;
using MtlHybrid.Tests.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Solvers;

/// <summary>M a = a^(-p), a > 0.</summary>
public sealed class BalanceEquationTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void The_equation_holds(double power)
    {
        foreach ((int rows, int columns) in new[] { (1, 3), (2, 4), (7, 30), (16, 60), (139, 600) })
            foreach (double scale in new[] { 1e-10, 1, 1e15 })
            {
                Matrix<double> jacobian = SampledMatrix.Normal(rows, columns, rows) * scale;
                // Lengths from 1 to 100.
                jacobian = Matrix<double>.Build.Diagonal(rows, rows, i => Math.Pow(10, i % 3)) * jacobian;
                Matrix<double> gram = jacobian * jacobian.Transpose();
                double[] weights = new double[rows];
                Assert.True(BalanceEquation.Solve(gram, power, weights));
                Vector<double> left = gram * Vector<double>.Build.Dense(weights);
                // With the identity, in unit gradients, that keeps weights finite.
                for (int i = 0; i < rows; i++)
                {
                    double right = Math.Pow(weights[i], -power);
                    double shifted = left[i] + (rows / (double)(1 << 23) * gram[i, i] * weights[i]);
                    double rounding = 1e-14 * Enumerable.Range(0, rows).Sum(j => Math.Abs(gram[i, j]) * weights[j]);
                    Assert.True(Math.Abs(shifted - right) <= (1e-12 * right) + rounding, $"{rows} tasks, {scale} x, row {i}: {shifted}, not {right}");
                }
            }
    }

    [Fact]
    public void Two_orthogonal_gradients_have_the_closed_form()
    {
        double[] weights = new double[2];
        Assert.True(BalanceEquation.Solve(Matrix<double>.Build.Diagonal([4, 9]), 0.5, weights));
        // 4 a = a^(-1/2)
        Assert.Equal(Math.Pow(4, -2.0 / 3), weights[0], 1e-6);
        Assert.Equal(Math.Pow(9, -2.0 / 3), weights[1], 1e-6);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(3)]
    public void Opposite_gradients_give_large_but_bounded_weights_that_cancel(double power)
    {
        double[] weights = new double[2];
        Assert.True(BalanceEquation.Solve(Matrix<double>.Build.DenseOfArray(new double[,] { { 1, -1 }, { -1, 1 } }), power, weights));
        Assert.Equal(weights[0], weights[1], 1e-6 * weights[0]);
        // x = a = (delta)^(-1/(1+p)), delta = 2 / 2^23.
        Assert.Equal(1, weights[0] / Math.Pow(2.0 / (1 << 23), -1 / (1 + power)), 1e-3);
    }

    [Fact]
    public void A_zero_gradient_has_the_weight_zero_and_leaves_the_others_alone()
    {
        double[] weights = new double[3];
        Assert.True(BalanceEquation.Solve(Matrix<double>.Build.Diagonal([4, 0, 9]), 1, weights));
        Assert.Equal(0.5, weights[0], 1e-6);
        Assert.Equal(0, weights[1]);
        Assert.Equal(1.0 / 3, weights[2], 1e-6);
    }
}

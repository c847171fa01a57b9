using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Solvers;
using MtlHybrid.Tests.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Solvers;

public sealed class GrowingCholeskyTests
{
    [Fact]
    public void After_any_sequence_of_rows_in_and_out_it_solves_the_submatrix()
    {
        const int Size = 12;
        Matrix<double> jacobian = SampledMatrix.Normal(Size, 20, 1);
        Matrix<double> gram = jacobian * jacobian.Transpose();
        var factor = new GrowingCholesky(Size);
        var random = new Random(5);
        var inside = new List<int>();
        for (int step = 0; step < 300; step++)
        {
            int[] outside = [.. Enumerable.Range(0, Size).Except(inside)];
            if (outside.Length > 0 && (inside.Count == 0 || random.Next(2) == 0))
            {
                int row = outside[random.Next(outside.Length)];
                Assert.True(factor.TryAdd(gram.ToColumnMajorArray(), row));
                inside.Add(row);
            }
            else
            {
                int position = random.Next(inside.Count);
                factor.RemoveAt(position);
                inside.RemoveAt(position);
            }

            Assert.Equal(inside, factor.Indices.ToArray());
            double[] x = [.. inside.Select(row => Math.Sin(row))];
            factor.Solve(x);
            for (int i = 0; i < inside.Count; i++)
                Assert.Equal(Math.Sin(inside[i]), inside.Select((row, j) => gram[inside[i], row] * x[j]).Sum(), 1e-10);
        }
    }

    [Fact]
    public void A_row_that_depends_on_the_others_is_refused_and_changes_nothing()
    {
        Matrix<double> jacobian = SampledMatrix.Normal(3, 5, 2);
        jacobian.SetRow(2, jacobian.Row(0) - (3 * jacobian.Row(1)));
        double[] gram = (jacobian * jacobian.Transpose()).ToColumnMajorArray();
        var factor = new GrowingCholesky(3);
        Assert.True(factor.TryAdd(gram, 0));
        Assert.True(factor.TryAdd(gram, 1));
        Assert.False(factor.TryAdd(gram, 2));
        Assert.Equal([0, 1], factor.Indices.ToArray());
        double[] x = [gram[0] + gram[1], gram[3] + gram[4]];
        factor.Solve(x);
        Assert.Equal(1, x[0], 1e-12);
        Assert.Equal(1, x[1], 1e-12);
    }
}

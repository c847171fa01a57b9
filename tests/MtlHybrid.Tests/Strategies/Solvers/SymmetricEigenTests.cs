using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Solvers;
using MtlHybrid.Tests.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Solvers;

public sealed class SymmetricEigenTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(7, 7)]
    [InlineData(16, 5)]
    [InlineData(139, 139)]
    public void Values_ascend_and_vectors_rebuild_the_matrix(int size, int rank)
    {
        Matrix<double> jacobian = SampledMatrix.Normal(size, rank, 1);
        Matrix<double> gram = jacobian * jacobian.Transpose();
        SymmetricEigen eigen = SymmetricEigen.Of(gram.ToColumnMajorArray(), size);
        Assert.Equal(eigen.Values.Order(), eigen.Values);
        Matrix<double> vectors = Matrix<double>.Build.DenseOfColumns(Enumerable.Range(0, size).Select(k => eigen.Vector(k).ToArray()));
        Matrix<double> rebuilt = vectors * Matrix<double>.Build.DiagonalOfDiagonalArray(eigen.Values) * vectors.Transpose();
        Assert.True((rebuilt - gram).FrobeniusNorm() <= 1e-12 * gram.FrobeniusNorm());
        Assert.True((vectors.Transpose() * vectors - Matrix<double>.Build.DenseIdentity(size)).FrobeniusNorm() <= 1e-12 * size);
    }
}

using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace MtlHybrid.Strategies.Solvers;

/// <summary>Eigenvalues and orthonormal eigenvectors of a symmetric matrix.</summary>
internal sealed class SymmetricEigen
{
    private readonly double[] _vectors;

    private SymmetricEigen(double[] values, double[] vectors)
    {
        Values = values;
        _vectors = vectors;
    }

    /// <summary>[n], ascending.</summary>
    public double[] Values { get; }

    /// <summary>The eigenvector of an eigenvalue, [n].</summary>
    public ReadOnlySpan<double> Vector(int k) => _vectors.AsSpan(k * Values.Length, Values.Length);

    /// <summary>Decomposes a matrix.</summary>
    /// <param name="matrix">[n, n], symmetric.</param>
    /// <param name="size">n, at least 1.</param>
    public static SymmetricEigen Of(double[] matrix, int size)
    {
        Evd<double> evd = Matrix<double>.Build.Dense(size, size, matrix).Evd(Symmetricity.Symmetric);
        return new SymmetricEigen([.. evd.EigenValues.Select(value => value.Real)], evd.EigenVectors.ToColumnMajorArray());
    }
}

using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Solvers;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>Projection on the dual cone of the task gradients: the nearest vector that has no negative inner product with any of
/// them (Quinton, Rey 2024). With the weights u of the vector it is min v^T M v over v >= u.</summary>
/// <param name="regularization">Added to the diagonal of M / trace M.</param>
internal sealed class DualCone(double regularization)
{
    private ActiveSetProgram? _program;

    /// <summary>Changes of the active set after which a projection gives up.</summary>
    public int MaxChanges => _program?.MaxChanges ?? 0;

    /// <summary>Sets the gradients.</summary>
    /// <returns>False when all are zero: then there is nothing to project.</returns>
    public bool Load(Matrix<double> gram)
    {
        int size = gram.RowCount;
        GramScale.Normalize(gram, out double[]? scaled);
        if (scaled is null) return false;
        // M / trace M + r I, times n.
        for (int i = 0; i < size; i++) scaled[i * (size + 1)] += size * regularization;
        if (_program?.Size != size) _program = new ActiveSetProgram(size, sumsToOne: false);
        _program.Load(scaled);
        return true;
    }

    /// <summary>Projects one vector.</summary>
    /// <param name="vector">[n] its weights u.</param>
    /// <param name="added">[n] v - u, at least 0: in, where to start; out, the solution.</param>
    /// <returns>False when the active set still changed at the bound.</returns>
    public bool Project(ReadOnlySpan<double> vector, Span<double> added) => _program!.Solve(vector, added);
}

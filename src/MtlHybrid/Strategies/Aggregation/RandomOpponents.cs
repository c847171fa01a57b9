using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Solvers;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>For every gradient the others in random order, drawn anew for each gradient and batch; what gradient surgery walks through.</summary>
internal sealed class RandomOpponents
{
    // A gradient shorter than this share of the longest counts as zero, squared: nothing is projected on it.
    private const double Negligible = 1e-30;

    private readonly int[] _others;
    private readonly double _least;
    private SeededGenerator _generator;

    public RandomOpponents(Matrix<double> gram, in AggregationInputs inputs)
    {
        _others = new int[gram.RowCount - 1];
        _generator = new SeededGenerator(inputs.Seed, inputs.Batch);
        for (int i = 0; i < gram.RowCount; i++) _least = Math.Max(_least, gram.At(i, i));
        // Below the smallest of normal size there are no digits left to compute with.
        _least = Math.Max(Negligible * _least, GramScale.Smallest);
    }

    /// <summary>The others of a row; valid until the next call.</summary>
    public ReadOnlySpan<int> Of(int row)
    {
        for (int k = 0; k < _others.Length; k++) _others[k] = k < row ? k : k + 1;
        _generator.Shuffle(_others);
        return _others;
    }

    /// <summary>Whether a gradient of this squared length is long enough to have a direction.</summary>
    public bool HasDirection(double square) => square > _least;
}

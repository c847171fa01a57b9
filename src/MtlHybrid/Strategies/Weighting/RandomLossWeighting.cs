using MtlHybrid.Modeling;

namespace MtlHybrid.Strategies.Weighting;

/// <summary>w = K softmax(x), x drawn from N(0, I) for every batch.</summary>
internal sealed class RandomLossWeighting : ILossWeighting
{
    private const ulong Stream = 0x726C_7700_0000_0000;
    private ulong _seed;
    private double[] _draws = [];

    public void Prepare(IReadOnlyList<LossKind> losses, ulong seed)
    {
        _seed = seed ^ Stream;
        _draws = new double[losses.Count];
    }

    public void Weigh(in BatchContext batch, ReadOnlySpan<double> losses, Span<double> weights)
    {
        var generator = new SeededGenerator(_seed, batch.Index);
        int takingPart = 0;
        for (int task = 0; task < losses.Length; task++)
        {
            // Drawn for every task: who takes part must not change what the others draw.
            double draw = generator.NextNormal();
            bool takesPart = double.IsFinite(losses[task]);
            _draws[task] = takesPart ? draw : double.NaN;
            if (takesPart) takingPart++;
        }

        Softmax.Over(_draws, 1, weights);
        for (int task = 0; task < weights.Length; task++) weights[task] *= takingPart;
    }
}

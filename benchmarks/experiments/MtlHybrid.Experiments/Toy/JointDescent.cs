namespace MtlHybrid.Experiments.Toy;

/// <summary>Joint training: d = g_1 + g_2.</summary>
internal sealed class JointDescent : IDescent
{
    public void Direct(int step, ReadOnlySpan<double> losses, ReadOnlySpan<double> gradients, Span<double> direction) =>
        RowSum.Of(gradients, [1, 1], direction);
}

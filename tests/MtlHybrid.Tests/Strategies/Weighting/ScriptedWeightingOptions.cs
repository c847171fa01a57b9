using MtlHybrid.Modeling;
using MtlHybrid.Strategies;
using MtlHybrid.Strategies.Weighting;

namespace MtlHybrid.Tests.Strategies.Weighting;

/// <summary>A weighting that always answers the same and writes down what it is told.</summary>
internal sealed record ScriptedWeightingOptions(double[] Weights, bool MeasuresAfterStep = false) : WeightingOptions
{
    public override string Name => "scripted";

    public List<LossKind> Kinds { get; } = [];

    public List<double[]> Before { get; } = [];

    public List<double[]> After { get; } = [];

    public override StrategyDescription Describe() => throw new NotSupportedException("not in the list of strategies");

    public override ILossWeighting CreateWeighting() => new Weighting(this);

    private sealed class Weighting(ScriptedWeightingOptions script) : ILossWeighting
    {
        public bool MeasuresAfterStep => script.MeasuresAfterStep;

        public void Prepare(IReadOnlyList<LossKind> losses, ulong seed) => script.Kinds.AddRange(losses);

        public void Weigh(in BatchContext batch, ReadOnlySpan<double> losses, Span<double> weights)
        {
            script.Before.Add(losses.ToArray());
            for (int task = 0; task < weights.Length; task++) weights[task] = double.IsFinite(losses[task]) ? script.Weights[task] : 0;
        }

        public void AfterStep(ReadOnlySpan<double> losses) => script.After.Add(losses.ToArray());
    }
}

using MtlHybrid.Engine;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>A step on a combination of task gradients that the core keeps element by element.</summary>
internal sealed class MatrixStep : GroupStep
{
    private readonly IKeptGradientRule _rule;

    public MatrixStep(MatrixAggregatorOptions options)
        : this(options, (IKeptGradientRule)options.CreateAggregator())
    {
    }

    private MatrixStep(MatrixAggregatorOptions options, IKeptGradientRule rule)
        : base(options, matrices: rule.Matrices) => _rule = rule;

    public override void Step(Network network, ReadOnlySpan<int> tasks, in UpdateOptions update, in BatchContext batch)
    {
        AggregationInputs inputs = Measure(
            network, tasks, new GradientRequest() with { AllLosses = update.AllLosses }, batch, out ReadOnlySpan<double> products);
        if (inputs.Tasks.Length == 0) return;
        Span<double> weights = PlainWeights(inputs.Tasks.Length);
        GradientCombination combination = CanDecide(products)
            ? _rule.Combine(network, inputs, weights)
            : new GradientCombination(CombinationKind.Gradients);
        Keep(inputs.Tasks, weights);
        network.StepCombined(inputs.Tasks, weights, HeadWeights(weights), combination, update);
    }
}

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>A strategy that needs the task gradients element by element.</summary>
public abstract record MatrixAggregatorOptions : AggregatorOptions
{
    /// <summary>What a batch costs, for <see cref="StrategyDescription.Cost"/>.</summary>
    private protected const string MatrixCost = "about (2 + 4K) / 6, and memory for all task gradients";

    /// <summary>A fresh aggregator with these options.</summary>
    public abstract IMatrixAggregator CreateAggregator();

    internal sealed override GroupStep CreateStep() => new MatrixStep(this);

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        InvalidOptionException.Require(
            Gradients.Kind == GradientEstimateKind.Exact, nameof(Gradients), $"exact for {Name}, which works on every element", Gradients);
    }
}

namespace MtlHybrid.Strategies;

/// <summary>What a person should know about a strategy: an entry of the list of strategies.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Summary">One line for people, without a full stop.</param>
/// <param name="Defaults">Its options at their defaults.</param>
public sealed record StrategyDescription(string Name, string Summary, StrategyOptions Defaults)
{
    /// <summary>Name for people, as in the literature: "PCGrad".</summary>
    public required string Title { get; init; }

    /// <summary>Authors, year and title of the paper.</summary>
    public required string Source { get; init; }

    /// <summary>The rule as a formula in plain text. K tasks, losses l_i, gradients g_i of the shared parameters, Gram
    /// M_ij = g_i . g_j, update direction d = sum w_i g_i of the shared parameters.</summary>
    public required string Rule { get; init; }

    /// <summary>What it must be given in every batch.</summary>
    public required StrategyNeeds Needs { get; init; }

    /// <summary>What one batch costs, in words, joint training being 1.</summary>
    public required string Cost { get; init; }

    /// <summary>How the gradients of the heads are scaled.</summary>
    public required string Heads { get; init; }
}

using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Weighting;

/// <summary>
/// Smooth Tchebycheff scalarization (X. Lin, X. Zhang, Z. Yang, F. Liu, Z. Wang, Q. Zhang 2024), a smooth form of the largest weighted
/// loss: L = mu log sum exp(lambda_i (l_i - z_i) / mu), so w_i = lambda_i softmax(lambda (l - z) / mu)_i. In the first epochs
/// L = sum of log l_i instead, as in the authors' program. Needs the losses; costs as much as joint training. Heads are scaled as the
/// trunk. With lambda = 1 the weights sum to 1: d has the scale of a mean (after the warm-up, whose d is a sum of g_i / l_i).
/// </summary>
public sealed record SmoothTchebycheffOptions : WeightingOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.SmoothTchebycheff;

    /// <summary>mu: the smaller, the more the worst task alone counts.</summary>
    /// <value>Finite and above 0; 1 by default (the authors' value).</value>
    [OptionText("the smaller, the more the worst task alone counts; above 0")]
    public double Mu { get; init; } = 1;

    /// <summary>lambda, in the order of the tasks: how much each task matters.</summary>
    /// <value>One per task, each from 0 to 1,000,000, not all 0; null by default: 1 for every task.</value>
    [OptionText("how much each task matters, in the order of the tasks, from 0 to 1000000; otherwise 1 for each")]
    public IReadOnlyList<double>? Preferences { get; init; }

    /// <summary>z: the best that a task can reach.</summary>
    /// <value>Zero by default.</value>
    [OptionText("what counts as the best a task can reach: zero, or the smallest loss seen so far")]
    public IdealPoint IdealPoint { get; init; } = IdealPoint.Zero;

    /// <summary>Epochs that minimise the sum of the logarithms of the losses before.</summary>
    /// <value>At least 0; 4 by default (the authors' value).</value>
    [OptionText("epochs that minimise the sum of the logarithms of the losses before, at least 0")]
    public int WarmupEpochs { get; init; } = 4;

    /// <summary>Compares log(l_i / n_i) instead of l_i, n_i being the task's mean loss in the last epoch of the warm-up (or its first
    /// loss after it, where it had none): the authors' program for multi-task learning, which does not feel the scale of a loss.</summary>
    /// <value>Off by default: the formula of the paper. Needs a warm-up.</value>
    [OptionText("compares log(loss / mean loss at the end of the warm-up), as in the authors' program, instead of losses")]
    public bool LogRatio { get; init; }

    /// <inheritdoc/>
    public override StrategyDescription Describe() =>
        new(Name, "a smooth form of the largest loss: the worst task counts most", new SmoothTchebycheffOptions())
        {
            Title = "Smooth Tchebycheff",
            Source = "Lin, Zhang, Yang, Liu, Wang, Zhang 2024, Smooth Tchebycheff Scalarization for Multi-Objective Optimization, "
                + "arXiv 2402.19078",
            Rule = "L = mu log sum exp(lambda_i (l_i - z_i) / mu): w_i = lambda_i softmax(lambda (l - z) / mu)_i; sum log l_i in the first epochs",
            Needs = StrategyNeeds.Losses,
            Cost = AsJoint,
            Heads = ScaledHeads,
        };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        InvalidOptionException.RequireAbove0(Mu);
        foreach (double preference in Preferences ?? [])
            InvalidOptionException.Require(preference is >= 0 and <= 1e6, nameof(Preferences), "each from 0 to 1000000", preference);
        InvalidOptionException.Require(
            Preferences is null || Preferences.Any(preference => preference > 0), nameof(Preferences), "not all 0", string.Join(",", Preferences ?? []));
        InvalidOptionException.Require(Enum.IsDefined(IdealPoint), nameof(IdealPoint), "zero or smallest", IdealPoint);
        InvalidOptionException.Require(WarmupEpochs >= 0, nameof(WarmupEpochs), "at least 0", WarmupEpochs);
        InvalidOptionException.Require(!LogRatio || WarmupEpochs >= 1, nameof(WarmupEpochs), "at least 1 with log ratios", WarmupEpochs);
    }

    /// <inheritdoc/>
    public override ILossWeighting CreateWeighting() => new SmoothTchebycheff(Mu, Preferences, IdealPoint, WarmupEpochs, LogRatio);
}

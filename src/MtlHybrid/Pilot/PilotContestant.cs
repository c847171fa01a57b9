using System.Text.Json;
using MtlHybrid.Evaluation;
using MtlHybrid.Strategies.Diagnostics;

namespace MtlHybrid.Pilot;

/// <summary>One way of training that takes part in the pilot, with its runs and what follows from them.</summary>
public sealed record PilotContestant
{
    /// <summary>Most tasks for which <see cref="Gradients"/> has the cosines of all pairs.</summary>
    public const int MaximumCosineTasks = 40;

    /// <summary>Id of the single-task networks.</summary>
    public const string SingleTask = "single-task";

    /// <summary>Id of joint training.</summary>
    public const string Joint = "joint";

    /// <summary>Id of joint training with as many optimizer steps as the candidate that took most.</summary>
    public const string JointEqualSteps = "joint-equal-steps";

    /// <summary>Id of joint training with as much wall time as the candidate that took longest.</summary>
    public const string JointEqualTime = "joint-equal-time";

    /// <summary>Short stable name: "single-task", "joint", "joint-equal-steps", "joint-equal-time" or the name of a strategy.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people.</summary>
    public required string Title { get; init; }

    /// <summary>One sentence: what was trained.</summary>
    public required string Description { get; init; }

    /// <summary>The strategy's name and options as JSON; null in pilots of older versions.</summary>
    public JsonElement? Strategy { get; init; }

    /// <summary>Whether this is a method under test; the others are the baselines it must beat.</summary>
    public required bool IsCandidate { get; init; }

    /// <summary>One run per seed, in the order of the seeds; fewer when the pilot was cancelled.</summary>
    public required IReadOnlyList<PilotRun> Runs { get; init; }

    /// <summary>Headline metric per task over the seeds.</summary>
    public IReadOnlyList<MeanAndSpread> Scores { get; init; } = [];

    /// <summary>Gain per task over the single-task networks, over the seeds, percent, higher is better.</summary>
    public IReadOnlyList<MeanAndSpread> Gains { get; init; } = [];

    /// <summary>delta-m against the single-task networks over the seeds, percent, higher is better.</summary>
    public MeanAndSpread DeltaM { get; init; } = MeanAndSpread.Of([]);

    /// <summary>Wall time over the seeds, seconds.</summary>
    public MeanAndSpread Seconds { get; init; } = MeanAndSpread.Of([]);

    /// <summary>Batches over the seeds.</summary>
    public MeanAndSpread Batches { get; init; } = MeanAndSpread.Of([]);

    /// <summary>Optimizer steps over the seeds.</summary>
    public MeanAndSpread OptimizerSteps { get; init; } = MeanAndSpread.Of([]);

    /// <summary>Final affinity matrix, mean over the seeds, [source task][target task]: the share of the target's loss that a
    /// step of the source's group removed. Null for contestants that measure none.</summary>
    public double[][]? Affinity { get; init; }

    /// <summary>Diagnostics of task gradients, mean over the seeds; null for contestants and pilots without them.</summary>
    public GradientReport? Gradients { get; init; }
}

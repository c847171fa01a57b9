using System.Text.Json.Serialization;
using MtlHybrid.Affinity;
using MtlHybrid.Engine;
using MtlHybrid.Strategies.Aggregation;

namespace MtlHybrid.Strategies;

/// <summary>Selective task group updates (W. Jeong, K.-J. Yoon, ICLR 2025, arXiv 2502.11986): tasks are grouped by
/// their measured proximal inter-task affinity, and the groups are updated one after the other on the same batch.</summary>
public sealed record SelectiveOptions : StrategyOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.Selective;

    /// <summary>beta of the moving average of the affinity, B &lt;- (1 - beta) B + beta b.</summary>
    /// <value>In (0, 1]; 0.001 by default (the authors' value for 4 and 5 tasks; 0.0001 for 11). Affinities other than the
    /// proximal one are plain means until they have 1 / Decay observations.</value>
    [OptionText("share of a new measurement in the affinity, in (0, 1]")]
    public double Decay { get; init; } = 0.001;

    /// <summary>A single measurement below minus this counts as minus this. Where a loss was nearly zero, as on a tiny batch or
    /// for a task that is solved, one step can multiply it by thousands, and one such measurement would rule the average for
    /// thousands of batches.</summary>
    /// <value>Finite and at least 0; 10 by default (the loss grew more than elevenfold); 0: no limit, as in the paper.
    /// <see cref="OfficialCode"/> sets no limit.</value>
    [OptionText("one measurement below minus this counts as minus this; 0 sets no limit")]
    public double AffinityLimit { get; init; } = 10;

    /// <summary>How the affinity that decides the groups is estimated. The others than the proximal one are estimated in every
    /// <see cref="AffinityInterval"/>-th batch before its steps, from all tasks that have a label; at the steps themselves nothing is
    /// measured then, so that heads outside the group are not computed.</summary>
    /// <value>Proximal by default. With another one <see cref="MeasureInterval"/>, <see cref="MeasureLastGroup"/> and
    /// <see cref="OfficialCode"/> must stay at their defaults.</value>
    [OptionText("what decides the groups: effects of the real steps (proximal), task gradients, a sketch of their products, or probe steps taken back")]
    public AffinityKind Affinity { get; init; } = AffinityKind.Proximal;

    /// <summary>Batches from one estimate of an affinity other than the proximal one to the next. An estimate costs about (2 + 4K) / 6
    /// joint steps with gradients, (2 + 4R) / 6 with R directions of a sketch; with look-ahead K backward and 2K + 1 forward passes, and the shared parameters are copied
    /// through managed memory 2K + 1 times.</summary>
    /// <value>At least 1; 10 by default, as in the paper on look-ahead.</value>
    [OptionText("batches from one estimate of the affinity to the next, where it is not the proximal one; at least 1")]
    public int AffinityInterval { get; init; } = 10;

    /// <summary>Random directions per estimate, R, of the affinity by sketch. Each is one pass like a forward for all tasks together, so
    /// that a sketch pays where there are more tasks than directions. A product g_i . g_j averaged over n estimates has a standard
    /// error of at most sqrt(2 / (n R)) |g_i| |g_j| by the directions alone.</summary>
    /// <value>At least 1; 8 by default.</value>
    [OptionText("random directions per estimate of the affinity, where it is a sketch; at least 1")]
    public int AffinityDirections { get; init; } = 8;

    /// <summary>Batches before the tasks are grouped for the first time; until then every task is its own group.</summary>
    /// <value>At least 0; 100 by default.</value>
    [OptionText("batches before tasks are grouped for the first time, at least 0")]
    public int WarmupBatches { get; init; } = 100;

    /// <summary>Batches from one grouping to the next.</summary>
    /// <value>At least 1; null by default: 10 times <see cref="MeasureInterval"/>, since the average moves slowly; 1 with
    /// <see cref="OfficialCode"/>, as in the authors' program; with another <see cref="Affinity"/> than the proximal one
    /// <see cref="AffinityInterval"/>, but at least 10.</value>
    [OptionText("batches from one grouping to the next; otherwise 10 times measure-interval; affinity-interval if not proximal; 1 with official-code")]
    public int? RegroupInterval { get; init; }

    /// <summary>Whether a GPU's groups are made from the proximal affinity up to the batch before, for which the host then waits at every
    /// grouping. Otherwise they are made from that up to one batch earlier, which has arrived by then, so that nothing waits. The
    /// processor always takes all that was measured, and so does a GPU with another <see cref="Affinity"/>.</summary>
    /// <value>Off by default. On, the groups follow from the same measurements as the processor's.</value>
    [OptionText("on a GPU, makes groups from all measurements, as the processor does, instead of those up to one batch earlier; waits for the GPU")]
    public bool ExactAffinity { get; init; }

    /// <summary>Batches from one that measures the losses of all tasks at every group update to the next. The batches between
    /// measure the losses of the updated group only: other heads are not computed, and the affinity learns nothing from them,
    /// so that its average covers that many times as many batches. Batches up to the first grouping all measure. Training losses
    /// stay complete: a task's loss is then the one at its own group's update, after the updates of groups before it.</summary>
    /// <value>At least 1; 1 by default: every batch. Always 1 with <see cref="OfficialCode"/>.</value>
    [OptionText("measures the losses of tasks outside the group in every n-th batch only; faster, but affinity comes in more slowly")]
    public int MeasureInterval { get; init; } = 1;

    /// <summary>Order of the groups inside a batch.</summary>
    /// <value>Random by default.</value>
    [OptionText("order of the groups in a batch")]
    public GroupOrder Order { get; init; } = GroupOrder.Random;

    /// <summary>Whether the losses inside a group are summed or averaged.</summary>
    /// <value>Sum by default, and always with an <see cref="Aggregator"/>, which weighs the gradients itself.</value>
    [OptionText("how the losses of a group are put together")]
    public GroupReduction Reduction { get; init; } = GroupReduction.Sum;

    /// <summary>Combines the task gradients inside a group, as it combines those of all tasks when it is a strategy of its own; its
    /// state (moving averages, last weights) is kept per task while tasks change groups. A group of one task steps on that task's own
    /// gradient. Tasks outside the group are measured as always, and the affinity learns from the steps that are really made.
    /// A group then costs about (2 + 4 |G|) / 6 joint steps with exact gradients.</summary>
    /// <value>Null by default: the plain sum. Not with <see cref="OfficialCode"/>. The rate of the heads is that of the selective
    /// updates: <see cref="StrategyOptions.HeadLearningRateFactor"/> of the aggregator must be 1.</value>
    [OptionText("combines the gradients inside a group: pcgrad, 'cagrad c=0.3', any strategy that weighs task gradients; otherwise their sum")]
    public AggregatorOptions? Aggregator { get; init; }

    /// <summary>Spends one extra forward per measuring batch to measure the effect of the batch's last group too.</summary>
    /// <value>Off by default: with random order every group is last only now and then. With a single group the extra
    /// forward is always made, since nothing would be measured otherwise.</value>
    [OptionText("one more forward per batch, to measure the last group too")]
    public bool MeasureLastGroup { get; init; }

    /// <summary>Reproduces the authors' program with its defects: the effect of a step is credited to the group after it,
    /// half of the affinity matrix is normalised by 1, and a single group is stepped twice per batch.</summary>
    /// <value>Off by default. For reproduction only.</value>
    [OptionText("does what the authors' program does, with its defects")]
    public bool OfficialCode { get; init; }

    /// <summary>How groups are made from the affinity: a name of the list of groupings.</summary>
    /// <value>"affinity-propagation" by default.</value>
    [OptionText("how groups are made from the affinity")]
    public string Grouping { get; init; } = "affinity-propagation";

    /// <summary>The groups, by task name, for the grouping "fixed".</summary>
    /// <value>Every task in one group or more; null by default. A task in several groups is updated in the turn of
    /// each.</value>
    [OptionText("the groups, for the grouping fixed: A,B;C")]
    public IReadOnlyList<IReadOnlyList<string>>? FixedGroups { get; init; }

    /// <summary>Number of groups for the grouping "random".</summary>
    /// <value>At least 1; null by default: about the square root of the number of tasks.</value>
    [OptionText("number of groups, for the grouping random; otherwise about the root of the number of tasks")]
    public int? RandomGroups { get; init; }

    /// <summary>Preference of affinity propagation: larger values give more groups.</summary>
    /// <value>Null by default: the median of all entries.</value>
    [OptionText("of affinity propagation: larger values give more groups; otherwise the median")]
    public double? Preference { get; init; }

    /// <summary>Threshold of the groupings "hierarchical" and "conflict-colouring", on the scale of normalised affinity: 1 is what a
    /// task gains from its own updates, below 0 tasks hurt each other. Larger values give more groups.</summary>
    /// <value>Finite; null by default: the default of the grouping, which is 0 in both.</value>
    [OptionText("of hierarchical and conflict-colouring: help needed to share a group, 1 being what a task gains from itself; otherwise 0")]
    public double? GroupThreshold { get; init; }

    /// <summary>Number of groups for the grouping "spectral".</summary>
    /// <value>At least 1; null by default: where the gap between eigenvalues is largest.</value>
    [OptionText("number of groups, for the grouping spectral; at least 1; otherwise where the gap between eigenvalues is largest")]
    public int? GroupCount { get; init; }

    /// <summary>Most groups for the groupings "cover" and "spectral".</summary>
    /// <value>At least 1; null by default: about the square root of the number of tasks (at least 2) for "cover", no limit for
    /// "spectral".</value>
    [OptionText("most groups, for the groupings cover and spectral; at least 1")]
    public int? MaxGroups { get; init; }

    /// <inheritdoc/>
    public override StrategyDescription Describe() => new(
        Name, "groups of tasks found by measured affinity, updated one after the other in every batch", new SelectiveOptions())
    {
        Title = "Selective updates",
        Source = "Jeong, Yoon 2025, Selective Task Group Updates for Multi-Task Optimization, arXiv 2502.11986",
        Rule = "for each group G in turn, on the same batch: d = sum over i in G of g_i, taken after the groups before it have stepped; "
            + "affinity B(G->k) = 1 - l_k(after) / l_k(before), averaged over the batches, decides the groups",
        Needs = StrategyNeeds.GroupLosses,
        Cost = "as many joint steps as there are groups; less where heads outside the group are deep",
        Heads = "each head steps on its own task's loss, in its group's turn",
    };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        InvalidOptionException.Require(Decay is > 0 and <= 1, nameof(Decay), "in (0, 1]", Decay);
        InvalidOptionException.RequireAtLeast0(AffinityLimit);
        InvalidOptionException.Require(WarmupBatches >= 0, nameof(WarmupBatches), "at least 0", WarmupBatches);
        InvalidOptionException.Require(RegroupInterval is null or >= 1, nameof(RegroupInterval), "at least 1", RegroupInterval);
        InvalidOptionException.Require(MeasureInterval >= 1, nameof(MeasureInterval), "at least 1", MeasureInterval);
        InvalidOptionException.Require(
            !OfficialCode || MeasureInterval == 1, nameof(MeasureInterval), "1 with the authors' program, which always measures", MeasureInterval);
        ValidateAggregator();
        ValidateAffinity();
        InvalidOptionException.Require(Enum.IsDefined(Order), nameof(Order), "random, fixed or round-robin", Order);
        InvalidOptionException.Require(Preference is null || double.IsFinite(Preference.Value), nameof(Preference), "finite", Preference);
        InvalidOptionException.Require(
            GroupThreshold is null || double.IsFinite(GroupThreshold.Value), nameof(GroupThreshold), "finite", GroupThreshold);
        InvalidOptionException.Require(GroupCount is null or >= 1, nameof(GroupCount), "at least 1", GroupCount);
        InvalidOptionException.Require(MaxGroups is null or >= 1, nameof(MaxGroups), "at least 1", MaxGroups);
        InvalidOptionException.Require(RandomGroups is null or >= 1, nameof(RandomGroups), "at least 1", RandomGroups);
    }

    private void ValidateAffinity()
    {
        InvalidOptionException.Require(
            Enum.IsDefined(Affinity), nameof(Affinity), "proximal, gradient-cosine, gradient-product, sketch or look-ahead", Affinity);
        InvalidOptionException.Require(AffinityInterval >= 1, nameof(AffinityInterval), "at least 1", AffinityInterval);
        InvalidOptionException.Require(AffinityDirections >= 1, nameof(AffinityDirections), "at least 1", AffinityDirections);
        if (Affinity == AffinityKind.Proximal) return;
        InvalidOptionException.Require(!OfficialCode, nameof(Affinity), "proximal with the authors' program, which measures no other", Affinity);
        InvalidOptionException.Require(
            MeasureInterval == 1, nameof(MeasureInterval), "1 with an affinity that is not proximal, which has its own affinity-interval", MeasureInterval);
        InvalidOptionException.Require(
            !MeasureLastGroup, nameof(MeasureLastGroup), "off with an affinity that is not proximal, which measures no steps", "on");
    }

    private void ValidateAggregator()
    {
        if (Aggregator is null) return;
        InvalidOptionException.Require(
            !OfficialCode, nameof(Aggregator), "left out with the authors' program, which sums the losses of a group", Aggregator.Name);
        InvalidOptionException.Require(
            Reduction == GroupReduction.Sum, nameof(Reduction), "sum with an aggregator, which weighs the gradients itself", "mean");
        try
        {
            Aggregator.Validate();
            InvalidOptionException.Require(
                Aggregator.HeadLearningRateFactor == 1, nameof(HeadLearningRateFactor), "1: that of the selective updates holds", Aggregator.HeadLearningRateFactor);
        }
        catch (InvalidOptionException refusal)
        {
            throw refusal.CalledBy($"{refusal.Option} of the aggregator {Aggregator.Name}");
        }
    }

    /// <inheritdoc/>
    public override IStrategy Create() => new SelectiveUpdates(this);
}

using MtlHybrid.Strategies;
using MtlHybrid.Strategies.Aggregation;

namespace MtlHybrid.Pilot;

/// <summary>A contestant before it has run.</summary>
/// <param name="Id">As in <see cref="PilotContestant.Id"/>.</param>
/// <param name="Title">Name for people.</param>
/// <param name="Description">One sentence: what is trained.</param>
/// <param name="IsCandidate">Whether it is a method under test.</param>
/// <param name="Strategy">What a batch does.</param>
/// <param name="Effort">Guess of its time, joint training being 1; for progress until it has been measured.</param>
internal sealed record ContestantPlan(
    string Id, string Title, string Description, bool IsCandidate, StrategyOptions Strategy, double Effort)
{
    /// <summary>The contestants in the order in which they run: those with a budget after those that set it.</summary>
    /// <param name="options">What is compared.</param>
    /// <param name="tasks">Number of tasks.</param>
    public static IReadOnlyList<ContestantPlan> For(PilotOptions options, int tasks)
    {
        StrategyDescription[] methods = [.. options.Strategies.Select(StrategyCatalog.Find).Where(method => method.Name != StrategyCatalog.Joint)];
        StrategyOptions joint = Options(options, StrategyCatalog.Joint);
        var plan = new List<ContestantPlan>
        {
            new(PilotContestant.SingleTask, "Single-task networks",
                "One network per task with the same options, trained on the rows that have a label of that task.",
                IsCandidate: false, joint, Effort: tasks),
            new(PilotContestant.Joint, "Joint training", "One network: one step per batch on the losses of all tasks.",
                // With nothing else to test, joint training is what is tested against single-task networks.
                IsCandidate: methods.Length == 0, joint, Effort: 1),
        };
        foreach (StrategyDescription method in methods)
        {
            StrategyOptions strategy = Options(options, method.Name);
            plan.Add(new ContestantPlan(
                method.Name, method.Title, $"One network: {method.Summary}.", IsCandidate: true, strategy, EffortOf(strategy, method.Needs, tasks)));
        }

        if (methods.Length == 0) return plan;
        string which = methods.Length == 1 ? PilotTitle.InSentence(methods[0].Title) : "the method under test that took most";
        // The budget is the steps of whoever took most, one per batch but for selective updates.
        double longest = methods.Any(method => method.Needs == StrategyNeeds.GroupLosses) ? GroupEffort(tasks) : 1;
        plan.Add(new ContestantPlan(PilotContestant.JointEqualSteps, "Joint training (equal steps)",
            $"Joint training that goes on, without early stopping, until it has taken as many optimizer steps as {which} in the same seed; "
            + "the weights of the best validation epoch are kept.", IsCandidate: false, joint, longest));
        if (options.EqualTime)
        {
            plan.Add(new ContestantPlan(PilotContestant.JointEqualTime, "Joint training (equal time)",
                "Joint training that goes on, without early stopping, for as long as the method under test took in the same seed; "
                + "the weights of the best validation epoch are kept.", IsCandidate: false, joint, plan.Where(entry => entry.IsCandidate).Max(entry => entry.Effort)));
        }

        return plan;
    }

    private static StrategyOptions Options(PilotOptions options, string name) =>
        options.StrategyOptions.Append(options.Training.Strategy).FirstOrDefault(strategy => strategy.Name == name) ?? StrategyCatalog.Find(name).Defaults;

    /// <summary>A guess of a strategy's time per batch, joint training being 1; the parts of a step (forward, backward through the
    /// values, backward to the weights) cost about the same.</summary>
    private static double EffortOf(StrategyOptions strategy, StrategyNeeds needs, int tasks)
    {
        double exact = (2 + 4.0 * tasks) / 6;
        GradientEstimate gradients = (strategy as AggregatorOptions)?.Gradients ?? new GradientEstimate();
        return needs switch
        {
            StrategyNeeds.Losses => 1,
            StrategyNeeds.LossesAfterStep => 4.0 / 3,
            StrategyNeeds.LastLayerNorms => 1.2,
            StrategyNeeds.Gram or StrategyNeeds.HalfBatchGram => gradients.Kind switch
            {
                GradientEstimateKind.Representation => 1.2,
                GradientEstimateKind.Subsample => 1 + gradients.Share * exact,
                GradientEstimateKind.Interval => 1 + exact / gradients.Interval,
                _ => exact,
            },
            StrategyNeeds.Matrix => exact,
            _ => GroupEffort(tasks),
        };
    }

    // Groups found are typically about as many as the root of the number of tasks, and each costs a step per batch.
    private static double GroupEffort(int tasks) => 1.5 * Math.Sqrt(tasks);
}

using MtlHybrid.Strategies;

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
        string[] names = [.. options.Strategies.Select(name => StrategyCatalog.Find(name).Name).Where(name => name != StrategyCatalog.Joint)];
        StrategyOptions joint = Options(options, StrategyCatalog.Joint);
        // Groups found are typically about as many as the root of the number of tasks, and each costs a step per batch.
        double effort = 1.5 * Math.Sqrt(tasks);
        var plan = new List<ContestantPlan>
        {
            new(PilotContestant.SingleTask, "Single-task networks",
                "One network per task with the same options, trained on the rows that have a label of that task.",
                IsCandidate: false, joint, Effort: tasks),
            new(PilotContestant.Joint, "Joint training", "One network: one step per batch on the losses of all tasks.",
                // With nothing else to test, joint training is what is tested against single-task networks.
                IsCandidate: names.Length == 0, joint, Effort: 1),
        };
        plan.AddRange(names.Select(name => new ContestantPlan(
            name, TitleOf(name), $"One network: {StrategyCatalog.Find(name).Summary}.", IsCandidate: true, Options(options, name), effort)));
        if (names.Length == 0) return plan;
        string which = names.Length == 1 ? TitleOf(names[0]).ToLowerInvariant() : "the method under test that took most";
        plan.Add(new ContestantPlan(PilotContestant.JointEqualSteps, "Joint training (equal steps)",
            $"Joint training that goes on, without early stopping, until it has taken as many optimizer steps as {which} in the same seed; "
            + "the weights of the best validation epoch are kept.", IsCandidate: false, joint, effort));
        if (options.EqualTime)
        {
            plan.Add(new ContestantPlan(PilotContestant.JointEqualTime, "Joint training (equal time)",
                "Joint training that goes on, without early stopping, for as long as the method under test took in the same seed; "
                + "the weights of the best validation epoch are kept.", IsCandidate: false, joint, effort));
        }

        return plan;
    }

    private static StrategyOptions Options(PilotOptions options, string name) =>
        options.StrategyOptions.Append(options.Training.Strategy).FirstOrDefault(strategy => strategy.Name == name) ?? StrategyCatalog.Find(name).Defaults;

    private static string TitleOf(string name) => name == StrategyCatalog.Selective
        ? "Selective updates"
        : char.ToUpperInvariant(name[0]) + name[1..];
}

using System.Globalization;
using MtlHybrid.Strategies.Aggregation;

namespace MtlHybrid.Benchmarks.Gradients;

/// <summary>Something that a quantity must not exceed, held against its largest value in the run.</summary>
/// <param name="What">The quantity, for people.</param>
/// <param name="Bound">What it may be at most.</param>
/// <param name="Counts">For which steps of which case.</param>
/// <param name="Of">The quantity.</param>
internal sealed record GradientBar(
    string What, double Bound, Func<GradientCase, StepUnderTest, bool> Counts, Func<CaseResult, StepResult, double> Of)
{
    /// <summary>What a step on task gradients may cost.</summary>
    public static IReadOnlyList<GradientBar> All { get; } =
    [
        new(
            "exact step / floor, from (256, 256)", 1.15,
            (network, step) => network.Shape.Batch >= 256 && IsExactMethod(step), OverFloor),
        new("exact step / floor, (64, 128)", 1.15, (network, step) => network.Shape.Batch < 256 && IsExactMethod(step), OverFloor),
        new(
            "step with representation / joint", 1.2,
            (_, step) => step.Gradients.Kind == GradientEstimateKind.Representation, (_, result) => result.OverJoint.Median),
        new("K x K solver, share of the exact step", 0.05, (_, step) => IsExactMethod(step), (_, result) => result.SolverShare.Median),
        new(
            "memory / joint, at the default share", 1.5,
            (_, step) => step.MemoryShare == StepUnderTest.DefaultMemory, (network, result) => network.MemoryRatio(result)),
    ];

    /// <summary>Whether it holds, and the case and step that come closest to or furthest beyond it.</summary>
    public string Verdict(IReadOnlyList<CaseResult> results)
    {
        int refused = results.Sum(network => network.Refused.Count(refusal => Counts(network.Case, refusal.Step)));
        (double Value, string Where)[] measured =
        [
            .. from network in results
               from step in network.Steps
               where Counts(network.Case, step.Step)
               let value = Of(network, step)
               orderby value descending
               select (value, $"{step.Step}; {network.Case}"),
        ];
        bool holds = refused == 0 && measured.All(one => one.Value <= Bound);
        string largest = measured is [(double most, string where), ..]
            ? string.Create(CultureInfo.InvariantCulture, $"; largest {most:0.000} ({where})")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{What}: at most {Bound}: {(holds ? "holds" : "MISSED")}{largest}{(refused == 0 ? "" : $"; {refused} could not be taken")}");
    }

    private static bool IsExactMethod(StepUnderTest step) =>
        step.Gradients.Kind == GradientEstimateKind.Exact && step.Method != StepUnderTest.Alone && step.MemoryShare == StepUnderTest.DefaultMemory;

    private static double OverFloor(CaseResult network, StepResult step) => step.OverJoint.Median / network.Case.Floor;
}

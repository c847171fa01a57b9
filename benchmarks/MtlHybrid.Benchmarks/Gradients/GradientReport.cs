using System.Globalization;
using System.Text;
using MtlHybrid.Engine;

namespace MtlHybrid.Benchmarks.Gradients;

/// <summary>What a gradients run writes for people.</summary>
internal static class GradientReport
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Where and how it was measured, what holds, a table per case, and the errors of the estimates.</summary>
    public static string Markdown(
        Device device, IReadOnlyList<CaseResult> results, IReadOnlyList<EstimateError> errors, GradientRunOptions options, IEnumerable<string> arguments)
    {
        var text = new StringBuilder();
        text.Append(Culture, $"""
            # task gradients, {DateTime.UtcNow:yyyy-MM-dd}

            - Commit: {MeasuredCommit.Describe()}
            - Command: `dotnet run -c Release --project benchmarks/MtlHybrid.Benchmarks -- {string.Join(' ', arguments)}`
            - Processor: {device.Description.Name}, {device.Threads} threads
            - Core: {Device.BuildInfo}

            Steps on the gradients of K tasks, divided by the joint step: 21 inputs, three hidden ReLU layers of width H, K linear heads,
            mean square loss, Adam. Medians of {options.Rounds} rounds; each time is divided by that of joint steps just before and after it.
            Floor: (2 + 4K)/6 joint steps, the arithmetic of the exact Gram matrix. Solver: the choice of the K weights, measured within
            the exact step.

            ## What is asked


            """);
        foreach (GradientBar bar in GradientBar.All) text.Append(Culture, $"- {bar.Verdict(results)}\n");
        foreach (CaseResult result in results) Section(text, result);
        EstimateReport.Append(text, errors);
        return text.ToString();
    }

    private static void Section(StringBuilder text, CaseResult result)
    {
        GradientCase network = result.Case;
        string[] variants = [.. result.Steps.Select(step => step.Step.Variant).Distinct()];
        text.Append(Culture, $"\n## {network}\n\n");
        text.Append(Culture, $"Joint step {result.Joint.Seconds.Median * 1e3:0.000} ms, {result.Joint.MemoryBytes / 1e6:0.0} MB. ");
        text.Append(Culture, $"Floor {network.Floor:0.00}, 1.15 times it {1.15 * network.Floor:0.00}.\n\n");
        text.Append(Culture, $"| step / joint | {string.Join(" | ", variants)} | exact, ms | exact / floor | solver, us | of the exact step |\n");
        text.Append("| --- |").Append(string.Concat(Enumerable.Repeat(" ---: |", variants.Length + 4))).Append('\n');
        foreach (IGrouping<string, StepResult> method in result.Steps.GroupBy(step => step.Step.Method))
        {
            Dictionary<string, StepResult> steps = method.ToDictionary(step => step.Step.Variant);
            IEnumerable<string> ratios = variants.Select(variant => Fixed(steps.GetValueOrDefault(variant)?.OverJoint.Median, "0.00"));
            StepResult exact = steps[variants[0]];
            bool solves = exact.Solver.Count > 0;
            text.Append(Culture, $"| {method.Key} | {string.Join(" | ", ratios)} | {exact.Seconds.Median * 1e3:0.000} | {exact.OverJoint.Median / network.Floor:0.00} ");
            text.Append(Culture, $"| {Fixed(solves ? exact.Solver.Median * 1e6 : null, "0.0")} | {Fixed(solves ? exact.SolverShare.Median : null, "0.0 %")} |\n");
        }

        IEnumerable<string> memory = variants.Select(variant =>
            result.MemoryRatio(result.Steps.Last(step => step.Step.Variant == variant)).ToString("0.00", Culture));
        text.Append(Culture, $"| memory / joint | {string.Join(" | ", memory)} | - | - | - | - |\n");
        if (result.Refused.Count > 0) text.Append("\nCould not be taken:\n\n");
        foreach ((StepUnderTest step, string why) in result.Refused) text.Append(Culture, $"- {step}: {why}\n");
    }

    private static string Fixed(double? value, string format) => value?.ToString(format, Culture) ?? "-";
}

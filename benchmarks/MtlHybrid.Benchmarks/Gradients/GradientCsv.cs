using System.Globalization;
using System.Text;
using MtlHybrid.Benchmarks.Paired;

namespace MtlHybrid.Benchmarks.Gradients;

/// <summary>What a gradients run writes for programs: one line per case and step.</summary>
internal static class GradientCsv
{
    private const string Header =
        "tasks,batch,hidden,step,gradients,memory_share,ms,ms_min,ms_max,over_joint,over_joint_min,over_joint_max,floor,solver_us,solver_share,memory_bytes,memory_over_joint\n";

    /// <summary>The table.</summary>
    public static string Of(IEnumerable<CaseResult> results)
    {
        var csv = new StringBuilder(Header);
        foreach (CaseResult result in results)
            foreach (StepResult step in result.Steps.Prepend(result.Joint))
                csv.Append(Line(result, step));
        return csv.ToString();
    }

    private static string Line(CaseResult result, StepResult step)
    {
        GradientCase network = result.Case;
        string memory = step.Step.MemoryShare == StepUnderTest.AllAtOnce ? "all" : Number(step.Step.MemoryShare);
        string[] cells =
        [
            Number(network.Tasks), Number(network.Shape.Batch), Number(network.Shape.Hidden),
            step.Step.Method, step.Step.Gradients.ToString(), memory,
            .. Spread(step.Seconds, 1e3),
            .. Spread(step.OverJoint, 1),
            Number(network.Floor), Spread(step.Solver, 1e6)[0], Spread(step.SolverShare, 1)[0],
            Number(step.MemoryBytes), Number(result.MemoryRatio(step)),
        ];
        return string.Join(',', cells) + "\n";
    }

    private static string[] Spread(Series series, double unit) => series.Count == 0
        ? ["", "", ""]
        : [Number(series.Median * unit), Number(series.Least * unit), Number(series.Most * unit)];

    private static string Number(double value) => value.ToString("0.#####", CultureInfo.InvariantCulture);
}

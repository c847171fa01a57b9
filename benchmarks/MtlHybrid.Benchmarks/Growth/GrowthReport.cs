using System.Diagnostics;
using System.Globalization;
using System.Text;
using MtlHybrid.Engine;

namespace MtlHybrid.Benchmarks.Growth;

/// <summary>What a growth run writes beside its plots.</summary>
internal static class GrowthReport
{
    // Growth is judged where a step is more than its fixed costs: over the last three doublings.
    private const int LastOctaves = 3;

    // A timing may be off by a few per cent: a power up to this counts as linear.
    private const double Linear = 1.05;

    private static readonly (string Name, string Unit, Func<GrowthPoint, double> Of)[] Quantities =
    [
        ("joint step", "ms", point => point.JointMilliseconds),
        ("selective step", "ms", point => point.SelectiveMilliseconds),
        ("memory", "MB", point => point.MemoryBytes / 1e6),
    ];

    /// <summary>One line per network.</summary>
    public static string Csv(IEnumerable<GrowthSeries> series)
    {
        var csv = new StringBuilder("axis,batch,hidden,tasks,groups,joint_ms,joint_min_ms,joint_max_ms,selective_ms,selective_min_ms,selective_max_ms,parameters,memory_bytes\n");
        foreach (GrowthPoint point in series.SelectMany(one => one.Points))
        {
            GrowthCase network = point.Case;
            csv.Append(CultureInfo.InvariantCulture, $"{(network.Axis == GrowthAxis.Tasks ? "tasks" : "width")},{network.Batch},{network.Hidden},{network.Tasks},{point.Groups},");
            csv.Append(CultureInfo.InvariantCulture, $"{point.JointMilliseconds:0.####},{point.Joint.Min():0.####},{point.Joint.Max():0.####},");
            csv.Append(CultureInfo.InvariantCulture, $"{point.SelectiveMilliseconds:0.####},{point.Selective.Min():0.####},{point.Selective.Max():0.####},");
            csv.Append(CultureInfo.InvariantCulture, $"{point.Parameters},{point.MemoryBytes}\n");
        }

        return csv.ToString();
    }

    /// <summary>Where and how it was measured, a table per series, and a sentence on the growth of each quantity.</summary>
    public static string Markdown(Device device, IReadOnlyList<GrowthSeries> series, IEnumerable<string> arguments, string name)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # growth, {DateTime.UtcNow:yyyy-MM-dd}

            - Commit: {MeasuredCommit.Describe()}
            - Command: `dotnet run -c Release --project benchmarks/MtlHybrid.Benchmarks -- {string.Join(' ', arguments)}`
            - Processor: {device.Description.Name}, {device.Threads} threads
            - Core: {Device.BuildInfo}
            - Peak memory of the process, which holds all these networks twice: {PeakMemory()}

            One training step on one batch, median of {GrowthRun.Rounds} rounds over all networks: 21 inputs, three hidden ReLU
            layers of width H, K linear heads, mean square loss, Adam. Joint: one update of all tasks. Selective: 3 group updates (1 below 3
            tasks) with the losses of all tasks measured at each and the affinity kept. Powers are p in size^p; "last octaves" is over
            the last {LastOctaves} doublings together.

            """);
        foreach (GrowthSeries one in series) Section(text, one, name);
        return text.ToString();
    }

    private static void Section(StringBuilder text, GrowthSeries series, string name)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## Against {series.AxisName}: {series.Title}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"![time]({name}-{series.Key}-time.svg)\n![memory]({name}-{series.Key}-memory.svg)\n\n");
        text.Append(CultureInfo.InvariantCulture, $"| {series.AxisName[^1]} | {string.Join(" | ", Quantities.Select(quantity => $"{quantity.Name} ({quantity.Unit}) | power"))} |\n");
        text.Append("| ---: |").Append(string.Concat(Enumerable.Repeat(" ---: | ---: |", Quantities.Length))).Append('\n');
        IReadOnlyList<double>[] slopes = [.. Quantities.Select(quantity => series.Slopes(quantity.Of))];
        for (int i = 0; i < series.Points.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {series.Points[i].Case.Size} |");
            for (int q = 0; q < Quantities.Length; q++)
                text.Append(CultureInfo.InvariantCulture, $" {Quantities[q].Of(series.Points[i]):0.000} | {(i == 0 ? "" : slopes[q][i - 1].ToString("0.00", CultureInfo.InvariantCulture))} |");
            text.Append('\n');
        }

        text.Append('\n');
        foreach ((string quantity, _, Func<GrowthPoint, double> of) in Quantities)
        {
            double last = series.LastSlope(of, LastOctaves);
            string verdict = series.Axis switch
            {
                GrowthAxis.Width => "a product of H by H alone grows with power 2",
                _ when last <= Linear => "no worse than linear in K",
                _ => "WORSE than linear in K",
            };
            text.Append(CultureInfo.InvariantCulture, $"- {quantity}: power {last:0.00} over the last octaves; {verdict}.\n");
        }
    }

    private static string PeakMemory()
    {
        using Process self = Process.GetCurrentProcess();
        return string.Create(CultureInfo.InvariantCulture, $"{self.PeakWorkingSet64 / 1e6:0} MB");
    }
}

using MtlHybrid.Engine;

namespace MtlHybrid.Benchmarks.Growth;

/// <summary><c>--growth FOLDER</c>: time per batch and memory against the number of tasks and against width; writes
/// DATE-growth.csv, DATE-growth.md and the plots.</summary>
internal static class GrowthRun
{
    /// <summary>Times every network is measured, each round all networks once: a machine that is slow for some seconds then
    /// spoils a repeat of many instead of all repeats of a few.</summary>
    public const int Rounds = 9;

    /// <summary>Measures and writes into the folder, which is made; returns the exit code: 2 for wrong arguments.</summary>
    public static int Run(IReadOnlyList<string> arguments)
    {
        if (arguments.Count != 2 || arguments[0] != "--growth")
        {
            Console.Error.WriteLine("usage: --growth FOLDER");
            return 2;
        }

        string folder = arguments[1];
        Directory.CreateDirectory(folder);
        using Device device = Device.Open();
        GrowthSeries[] series = Measure(
            device,
            (GrowthAxis.Tasks, "batch 256, H 256", "tasks-256", Doubling(1, 128, tasks => new GrowthCase(GrowthAxis.Tasks, 256, 256, tasks))),
            (GrowthAxis.Tasks, "batch 64, H 128", "tasks-64", Doubling(1, 128, tasks => new GrowthCase(GrowthAxis.Tasks, 64, 128, tasks))),
            (GrowthAxis.Width, "batch 256, 7 tasks", "width", Doubling(32, 1024, width => new GrowthCase(GrowthAxis.Width, 256, width, 7))));

        string stem = Path.Combine(folder, $"{DateTime.UtcNow:yyyy-MM-dd}-growth");
        File.WriteAllText(stem + ".csv", GrowthReport.Csv(series));
        foreach (GrowthSeries one in series)
        {
            File.WriteAllText($"{stem}-{one.Key}-time.svg", TimePlot(one));
            File.WriteAllText($"{stem}-{one.Key}-memory.svg", MemoryPlot(one));
        }

        string report = GrowthReport.Markdown(device, series, arguments, Path.GetFileName(stem));
        File.WriteAllText(stem + ".md", report);
        Console.WriteLine();
        Console.Write(report);
        Console.WriteLine($"wrote {stem}.md, .csv and {2 * series.Length} plots");
        return 0;
    }

    private static IEnumerable<GrowthCase> Doubling(int first, int last, Func<int, GrowthCase> network)
    {
        for (int size = first; size <= last; size *= 2) yield return network(size);
    }

    private static GrowthSeries[] Measure(
        Device device, params (GrowthAxis Axis, string Title, string Key, IEnumerable<GrowthCase> Cases)[] wanted)
    {
        var measurements = new List<GrowthMeasurement>();
        try
        {
            GrowthMeasurement Add(GrowthCase network)
            {
                measurements.Add(new GrowthMeasurement(device, network));
                return measurements[^1];
            }

            GrowthMeasurement[][] series = [.. wanted.Select(one => one.Cases.Select(Add).ToArray())];
            for (int round = 1; round <= Rounds; round++)
            {
                Console.WriteLine($"round {round} of {Rounds}");
                foreach (GrowthMeasurement measurement in measurements) measurement.Repeat();
            }

            return [.. wanted.Zip(series, (one, measured) =>
                new GrowthSeries(one.Axis, one.Title, one.Key, [.. measured.Select(measurement => measurement.Point)]))];
        }
        finally
        {
            foreach (GrowthMeasurement measurement in measurements) measurement.Dispose();
        }
    }

    private static string TimePlot(GrowthSeries series) =>
        new GrowthPlot($"Time per batch: {series.Title}", series.AxisName, "ms per batch")
            .Line("joint", series.Points.Select(point => ((double)point.Case.Size, point.JointMilliseconds)))
            .Line("selective, 3 groups", series.Points.Select(point => ((double)point.Case.Size, point.SelectiveMilliseconds)))
            .Draw();

    private static string MemoryPlot(GrowthSeries series) =>
        new GrowthPlot($"Memory of the network: {series.Title}", series.AxisName, "MB")
            .Line("memory", series.Points.Select(point => ((double)point.Case.Size, point.MemoryBytes / 1e6)))
            .Draw();
}

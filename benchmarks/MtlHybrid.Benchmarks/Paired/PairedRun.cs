using MtlHybrid.Engine;

namespace MtlHybrid.Benchmarks.Paired;

/// <summary>The paired mode: our step and a peer's, in turn in one process, on all threads each.</summary>
internal static class PairedRun
{
    // Where and how BenchmarkDotNet leaves its own, so that eng/run-benchmarks.sh finds either.
    private const string Folder = "artifacts/benchmarks/results";

    /// <returns>The exit code: 0, 1 when the sides disagree, 2 for a wrong command line.</returns>
    public static int Execute(string[] args)
    {
        PairedOptions options;
        try
        {
            options = PairedOptions.Parse(args);
        }
        catch (ArgumentException wrong)
        {
            Console.Error.WriteLine(wrong.Message);
            return 2;
        }

        Peer peer = Peer.Find();
        using Device device = Device.Open();
        var checks = new List<string>();
        var results = new List<ShapeResult>();
        foreach (StepShape shape in StepBenchmark.Shapes)
        {
            using var run = new ShapeRun(device, peer.Create, shape, options);
            try
            {
                IReadOnlyList<string> lines = run.Check();
                foreach (string line in lines) Console.Error.WriteLine(line);
                checks.AddRange(lines);
            }
            catch (InvalidOperationException disagreement)
            {
                Console.Error.WriteLine($"error: {disagreement.Message}");
                return 1;
            }

            results.Add(run.Time());
        }

        string page = PairedReport.Markdown(results, checks, peer, options, device.Threads);
        Console.Write(page);
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "paired-report-github.md"), page);
        File.WriteAllText(Path.Combine(Folder, "paired-report.csv"), PairedReport.Csv(results));
        return 0;
    }
}

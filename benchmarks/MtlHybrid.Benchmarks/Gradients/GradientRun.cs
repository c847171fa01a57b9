using MtlHybrid.Engine;

namespace MtlHybrid.Benchmarks.Gradients;

/// <summary><c>--gradients FOLDER</c>: steps on task gradients against the joint step, and the errors of estimated Gram matrices;
/// writes DATE-gradients.md, DATE-gradients.csv and DATE-gradients-estimates.csv.</summary>
internal static class GradientRun
{
    /// <summary>Measures and writes; returns the exit code: 2 for wrong arguments.</summary>
    public static int Execute(IReadOnlyList<string> args)
    {
        GradientRunOptions options;
        try
        {
            options = GradientRunOptions.Parse(args);
        }
        catch (ArgumentException wrong)
        {
            Console.Error.WriteLine(wrong.Message);
            return 2;
        }

        Directory.CreateDirectory(options.Folder);
        using Device device = Device.Open();
        EstimateError[] errors = [.. GradientCase.All.Where(EstimateRun.Counts).SelectMany(network => EstimateRun.Measure(device, network, options.Batches))];
        CaseResult[] results = [.. GradientCase.All.Select(network => Time(device, network, options))];

        string stem = Path.Combine(options.Folder, $"{DateTime.UtcNow:yyyy-MM-dd}-gradients");
        File.WriteAllText(stem + ".csv", GradientCsv.Of(results));
        File.WriteAllText(stem + "-estimates.csv", EstimateReport.Csv(errors));
        string report = GradientReport.Markdown(device, results, errors, options, args);
        File.WriteAllText(stem + ".md", report);
        Console.WriteLine();
        Console.Write(report);
        Console.WriteLine($"wrote {stem}.md, {stem}.csv and {stem}-estimates.csv");
        return 0;
    }

    private static CaseResult Time(Device device, GradientCase network, GradientRunOptions options)
    {
        using var timing = new CaseTiming(device, network, options.SecondsPerTiming);
        for (int round = 1; round <= options.Rounds; ++round)
        {
            Console.WriteLine($"{network}: round {round} of {options.Rounds}");
            timing.Round();
        }

        return timing.Result;
    }
}

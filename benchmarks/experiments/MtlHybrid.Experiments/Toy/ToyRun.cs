using System.Globalization;

namespace MtlHybrid.Experiments.Toy;

/// <summary><c>toy FOLDER [--steps N]</c>: every strategy on the two-task problem of the gradient papers; writes DATE-toy.md, a CSV of
/// trajectories, and a plot per setting.</summary>
internal static class ToyRun
{
    /// <summary>As many as CAGrad's authors took; Nash-MTL's took 35,000 and FAMO's 50,000.</summary>
    private const int DefaultSteps = 100_000;

    /// <summary>Checks the problem, runs and writes; returns the exit code: 2 for wrong arguments.</summary>
    public static int Execute(IReadOnlyList<string> arguments)
    {
        int steps = DefaultSteps;
        bool isShort = arguments.Count == 2;
        bool isLong = arguments.Count == 4 && arguments[2] == "--steps"
            && int.TryParse(arguments[3], NumberStyles.None, CultureInfo.InvariantCulture, out steps) && steps is >= 1 and <= 10_000_000;
        if (!isShort && !isLong)
        {
            Console.Error.WriteLine("usage: toy FOLDER [--steps N], N from 1 to 10000000");
            return 2;
        }

        ToySetting[] settings =
        [
            new("equal", "Both losses as they are", 1, steps),
            new("scaled", "The first loss multiplied by 0.1", 0.1, steps),
        ];
        var front = new ParetoFront();
        double error = settings.Max(setting => ToyCheck.Gradients(new ToyProblem(setting.FirstScale)));
        ToyCheck.Front(front);
        Console.WriteLine($"gradients agree with central differences (largest relative error {error:0.0e0}), the front with a grid");

        string folder = arguments[1];
        Directory.CreateDirectory(folder);
        string stem = Path.Combine(folder, $"{DateTime.UtcNow:yyyy-MM-dd}-toy");
        var results = new List<(ToySetting, IReadOnlyList<ToyTrajectory>)>();
        foreach (ToySetting setting in settings)
        {
            Console.WriteLine($"{setting.Title}: {ToyMethod.All.Count} methods, {steps} steps");
            IReadOnlyList<ToyTrajectory> trajectories = setting.Run(front);
            results.Add((setting, trajectories));
            File.WriteAllText($"{stem}-{setting.Name}.svg", new ToyPlot(setting, front).Draw(trajectories));
        }

        File.WriteAllText(stem + ".csv", ToyReport.Csv(results));
        string report = ToyReport.Markdown(results, arguments, Path.GetFileName(stem), error);
        File.WriteAllText(stem + ".md", report);
        Console.Write(report);
        return 0;
    }
}

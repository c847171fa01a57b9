using System.Globalization;

namespace MtlHybrid.Training;

/// <summary>Diagnostics of task gradients as CSV, one line per epoch in which a batch was measured.</summary>
internal static class GradientTable
{
    public static void Write(TextWriter writer, IReadOnlyList<EpochRecord> epochs, IReadOnlyList<string> tasks, Func<string, string> quote)
    {
        IEnumerable<string> header =
        [
            "epoch", "batches_measured", "mean_cosine", "conflict_share", "magnitude_similarity", "condition_number", "minimum_norm", "stationarity",
            .. tasks.Select(name => "norm:" + name), .. tasks.Select(name => "weight:" + name),
        ];
        writer.WriteLine(string.Join(',', header.Select(quote)));
        foreach (EpochRecord epoch in epochs)
        {
            if (epoch.Gradients is not { } report) continue;
            IEnumerable<double> numbers =
            [
                report.MeanCosine, report.ConflictShare, report.MagnitudeSimilarity, report.ConditionNumber, report.MinimumNorm, report.Stationarity,
                .. report.Norms, .. report.Weights,
            ];
            writer.WriteLine($"{epoch.Epoch},{report.Batches},{string.Join(',', numbers.Select(Field))}");
        }
    }

    private static string Field(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);
}

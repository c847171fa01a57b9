using System.Text.Json.Nodes;
using MtlHybrid.Strategies.Diagnostics;

namespace MtlHybrid.Cli.Output;

/// <summary>Diagnostics of task gradients, for people and as JSON.</summary>
internal static class GradientTexts
{
    /// <summary>What a person wants to know of them.</summary>
    public static string Sentence(GradientReport report)
    {
        if (report.Batches == 0) return "task gradients: no batch could be measured";
        string pairs = double.IsNaN(report.MeanCosine)
            ? ""
            : $"mean cosine {NumberText.Of(report.MeanCosine)}, {report.ConflictShare * 100:0} % of the pairs in conflict, magnitude similarity "
                + $"{NumberText.Of(report.MagnitudeSimilarity)}, condition number {NumberText.Of(report.ConditionNumber)}, ";
        string unmeasured = report.NotFinite > 0 ? $"; not finite in {NumberText.Count(report.NotFinite, "batch")} more" : "";
        return $"task gradients in {NumberText.Count(report.Batches, "batch")}: {pairs}stationarity {NumberText.Of(report.Stationarity)}{unmeasured}";
    }

    /// <summary>The document; numbers that do not exist are null.</summary>
    public static JsonObject ToJson(GradientReport report) => new()
    {
        ["batches"] = report.Batches,
        ["notFinite"] = report.NotFinite,
        ["meanCosine"] = NumberText.Finite(report.MeanCosine),
        ["conflictShare"] = NumberText.Finite(report.ConflictShare),
        ["magnitudeSimilarity"] = NumberText.Finite(report.MagnitudeSimilarity),
        ["conditionNumber"] = NumberText.Finite(report.ConditionNumber),
        ["minimumNorm"] = NumberText.Finite(report.MinimumNorm),
        ["stationarity"] = NumberText.Finite(report.Stationarity),
        ["norms"] = Numbers(report.Norms),
        ["weights"] = report.Weights.All(double.IsNaN) ? null : Numbers(report.Weights),
        ["cosines"] = new JsonArray([.. report.Cosines.Select(row => (JsonNode?)Numbers(row))]),
    };

    private static JsonArray Numbers(IEnumerable<double> values) => new([.. values.Select(value => (JsonNode?)NumberText.Finite(value))]);
}

using System.Text.Json;
using MtlHybrid.Data;
using MtlHybrid.Evaluation;
using MtlHybrid.Grouping;
using Xunit;

namespace MtlHybrid.Tests.Evaluation;

/// <summary>Metrics against scikit-learn's values on random predictions with ties, missing labels and absent classes.</summary>
public sealed class ScikitLearnMetricTests
{
    private static readonly JsonElement Expected = ExpectedValues.Read("metric-cases.json");

    [Fact]
    public void Values_equal_scikit_learns_on_every_case()
    {
        var seen = new HashSet<string>();
        double trainingMean = Expected.GetProperty("trainingMean").GetDouble();
        foreach (JsonElement c in Expected.GetProperty("cases").EnumerateArray())
        {
            TaskScores scores = c.GetProperty("kind").GetString() switch
            {
                "regression" => Regression(c, trainingMean),
                "binary" => Binary(c),
                _ => MultiClass(c),
            };
            JsonElement values = c.GetProperty("values");
            Assert.Equal(values.EnumerateObject().Count(), scores.Metrics.Count);
            foreach (JsonProperty value in values.EnumerateObject())
            {
                double actual = scores.Metrics[value.Name];
                Assert.True(Math.Abs(actual - value.Value.GetDouble()) <= 1e-12 * (1 + Math.Abs(actual)), $"{value.Name}: got {actual} in {c}");
                seen.Add(value.Name);
            }
        }

        Assert.Equal(MetricCatalog.All.Select(metric => metric.Name).Order(), seen.Order());
    }

    private static TaskScores Regression(JsonElement c, double trainingMean)
    {
        (double[] u, double[] v, bool[] known) = Draw(c, 1);
        double[] predictions = [.. u.Zip(v, (a, b) => a * 10 - 5 + b * 6 - 3)];
        double[] labels = [.. u.Zip(known, (a, k) => k ? a * 10 - 5 : double.NaN)];
        return TaskEvaluator.Evaluate(TaskDefinition.Regression("y"), predictions, labels, trainingMean);
    }

    private static TaskScores Binary(JsonElement c)
    {
        (double[] u, double[] v, bool[] known) = Draw(c, 1);
        double rate = c.GetProperty("baseRate").GetDouble();
        double[] scores = [.. u.Zip(v, (a, b) => 0.3 * (a < rate ? 1 : 0) + 0.7 * b)];
        if (c.GetProperty("ties").GetBoolean()) scores = Array.ConvertAll(scores, s => Math.Floor(s * 10) / 10);
        int[] labels = [.. u.Zip(known, (a, k) => !k ? -1 : a < rate ? 1 : 0)];
        return TaskEvaluator.Evaluate(TaskDefinition.Binary("y"), scores, labels);
    }

    private static TaskScores MultiClass(JsonElement c)
    {
        int classes = c.GetProperty("classes").GetInt32();
        (double[] u, double[] v, bool[] known) = Draw(c, classes);
        int[] classOf = Array.ConvertAll(u, a => (int)(a * classes));
        double[] scores = [.. v.Select((s, i) => s + (i % classes == classOf[i / classes] ? 0.5 : 0))];
        if (c.GetProperty("ties").GetBoolean()) scores = Array.ConvertAll(scores, s => Math.Floor(s * 4) / 4);
        int[] labels = [.. classOf.Zip(known, (label, k) => k ? label : -1)];
        return TaskEvaluator.Evaluate(TaskDefinition.MultiClass("y", classes), scores, labels);
    }

    private static (double[] U, double[] V, bool[] Known) Draw(JsonElement c, int width)
    {
        var random = new ScikitLearnNoise(c.GetProperty("seed").GetUInt64());
        double[] Next(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextUniform())];
        int rows = c.GetProperty("rows").GetInt32();
        double[] u = Next(rows), v = Next(rows * width);
        return (u, v, Array.ConvertAll(Next(rows), x => x >= 0.2));
    }
}

using System.Globalization;
using System.Text;

namespace MtlHybrid.Benchmarks.Gradients;

/// <summary>The errors of estimates, for people and for programs.</summary>
internal static class EstimateReport
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Adds a section to a page.</summary>
    public static void Append(StringBuilder page, IReadOnlyList<EstimateError> errors)
    {
        page.Append(Culture, $"""

            ## Errors of estimates

            Over {errors[0].Batches} batches of a joint training on tasks that agree in part, against the exact inner products of the same
            batches. Gram: |estimate - exact| / |exact|. Cosines of pairs of tasks: root mean square errors. "Same sign" is the share of
            pairs that conflict in both or in neither. Averaged: over all batches; "products averaged" are the mean inner products, and
            "affinity" the cosines that these make, which is what groups are made from. A sketch is meant for those two columns alone.

            | network | estimate | Gram, median | Gram, 90 % | cosine, one batch | same sign | cosine, averaged | at most | products averaged | affinity | exact cosine, batch to batch |
            | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |

            """);
        foreach (EstimateError error in errors)
            page.Append(Culture, $"| {error.Case} | {error.Estimate} | {string.Join(" | ", Numbers(error).Select((number, i) => Cell(number, percent: i == 3)))} |\n");
    }

    /// <summary>One line per case and estimate.</summary>
    public static string Csv(IEnumerable<EstimateError> errors)
    {
        var csv = new StringBuilder("tasks,batch,hidden,estimate,batches,gram_error_median,gram_error_p90,cosine_rms,same_sign,mean_cosine_rms,mean_cosine_max,mean_gram_error,affinity_rms,exact_cosine_spread\n");
        foreach (EstimateError error in errors)
        {
            string numbers = string.Join(',', Numbers(error).Select(number => double.IsNaN(number) ? "" : number.ToString("0.######", Culture)));
            csv.Append(Culture, $"{error.Case.Tasks},{error.Case.Shape.Batch},{error.Case.Shape.Hidden},{error.Estimate},{error.Batches},{numbers}\n");
        }

        return csv.ToString();
    }

    private static double[] Numbers(EstimateError error) =>
        [error.GramMedian, error.GramHigh, error.Cosine, error.SignShare, error.MeanCosine, error.MeanCosineMost, error.MeanGram, error.CosineOfMeans, error.ExactSpread];

    private static string Cell(double number, bool percent) =>
        double.IsNaN(number) ? "-" : number.ToString(percent ? "0.0 %" : "0.0000", Culture);
}

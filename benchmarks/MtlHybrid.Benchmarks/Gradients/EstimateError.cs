namespace MtlHybrid.Benchmarks.Gradients;

/// <summary>How far estimated inner products of task gradients lie from the exact ones of the same batches. Cosines: over pairs of
/// different tasks.</summary>
/// <param name="Case">The network.</param>
/// <param name="Estimate">How the inner products were had.</param>
/// <param name="Batches">How many.</param>
/// <param name="GramMedian">Median over batches of |estimate - exact| / |exact|, Frobenius norms; NaN where the estimate has another
/// scale.</param>
/// <param name="GramHigh">The same, 90th percentile.</param>
/// <param name="Cosine">Root mean square error of the cosine in one batch.</param>
/// <param name="SignShare">Share of pairs, in single batches, that conflict in both or in neither.</param>
/// <param name="MeanCosine">Root mean square error of the cosine averaged over all batches.</param>
/// <param name="MeanCosineMost">The largest of these errors.</param>
/// <param name="MeanGram">|mean estimate - mean exact| / |mean exact|, means over all batches; NaN where the estimate has another
/// scale.</param>
/// <param name="CosineOfMeans">Root mean square error of mean(g_i . g_j) / sqrt(mean(g_i . g_i) mean(g_j . g_j)), the affinity that groups
/// are made from.</param>
/// <param name="ExactSpread">Standard deviation of the exact cosine from batch to batch, root mean square over pairs.</param>
internal sealed record EstimateError(
    GradientCase Case,
    string Estimate,
    int Batches,
    double GramMedian,
    double GramHigh,
    double Cosine,
    double SignShare,
    double MeanCosine,
    double MeanCosineMost,
    double MeanGram,
    double CosineOfMeans,
    double ExactSpread);

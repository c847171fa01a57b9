namespace MtlHybrid.Grouping;

/// <summary>
/// k-means: the best of some starts by k-means++ (D. Arthur, S. Vassilvitskii, 2007), each improved by S. P. Lloyd's rounds.
/// </summary>
internal static class KMeans
{
    private const int Starts = 20;
    private const int MaximumRounds = 100;

    /// <summary>A label in 0 ... <paramref name="count"/> - 1 per point; the same seed gives the same labels.</summary>
    /// <param name="points">Finite, of one dimension.</param>
    /// <param name="count">From 1 to the number of points.</param>
    /// <param name="seed">Of the starts.</param>
    public static int[] Cluster(double[][] points, int count, ulong seed)
    {
        int[] best = new int[points.Length];
        if (count == 1) return best;
        double least = double.PositiveInfinity;
        for (int start = 0; start < Starts; start++)
        {
            int[] labels = Improve(points, Seeds(points, count, new SeededGenerator(seed, start)), out double error);
            if (error < least) (best, least) = (labels, error);
        }

        return best;
    }

    /// <summary>Points as centres, each drawn with probability proportional to its squared distance from those before it.</summary>
    private static double[][] Seeds(double[][] points, int count, SeededGenerator random)
    {
        var centres = new List<double[]> { points[random.Below(points.Length)] };
        double[] distances = [.. points.Select(_ => double.PositiveInfinity)];
        while (centres.Count < count)
        {
            for (int i = 0; i < points.Length; i++) distances[i] = Math.Min(distances[i], SquaredDistance(points[i], centres[^1]));
            double at = random.NextUniform() * distances.Sum();
            int drawn = 0;
            for (; drawn < points.Length - 1 && !(at < distances[drawn]); drawn++) at -= distances[drawn];
            centres.Add(points[drawn]);
        }

        return [.. centres];
    }

    private static int[] Improve(double[][] points, double[][] centres, out double error)
    {
        int[] labels = new int[points.Length];
        for (int round = 0; ; round++)
        {
            bool changed = false;
            error = 0;
            for (int i = 0; i < points.Length; i++)
            {
                int nearest = 0;
                double distance = double.PositiveInfinity;
                for (int c = 0; c < centres.Length; c++)
                {
                    double candidate = SquaredDistance(points[i], centres[c]);
                    if (candidate < distance) (nearest, distance) = (c, candidate);
                }

                changed |= labels[i] != nearest;
                labels[i] = nearest;
                error += distance;
            }

            if ((!changed && round > 0) || round == MaximumRounds) return labels;
            // A centre that lost all its points stays where it is.
            for (int c = 0; c < centres.Length; c++) centres[c] = Mean(points, labels, c) ?? centres[c];
        }
    }

    private static double[]? Mean(double[][] points, int[] labels, int label)
    {
        double[] sum = new double[points[0].Length];
        int members = 0;
        for (int i = 0; i < points.Length; i++)
        {
            if (labels[i] != label) continue;
            members++;
            for (int d = 0; d < sum.Length; d++) sum[d] += points[i][d];
        }

        return members == 0 ? null : Array.ConvertAll(sum, value => value / members);
    }

    private static double SquaredDistance(double[] a, double[] b)
    {
        double sum = 0;
        for (int d = 0; d < a.Length; d++) sum += (a[d] - b[d]) * (a[d] - b[d]);
        return sum;
    }
}

using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace MtlHybrid.Grouping;

/// <summary>
/// Spectral clustering (A. Y. Ng, M. I. Jordan, Y. Weiss, "On Spectral Clustering: Analysis and an Algorithm", 2001): tasks are
/// points given by the first eigenvectors of the normalised Laplacian of the affinity, scaled to length 1, and grouped by
/// k-means.
/// </summary>
/// <remarks>
/// Weights have no sign here: tasks that hurt each other count as not connected, like tasks without effect. Tasks connected to
/// nobody stay alone. Otherwise the answer is relative, since a Laplacian does not change when all affinities are multiplied by
/// one number: however weak, tasks that help each other equally are together. A matrix that is not symmetric counts as
/// the mean of both directions.
/// </remarks>
public sealed class SpectralClustering : IGrouping
{
    private readonly SpectralClusteringOptions _options;

    /// <summary>A clustering with the given settings.</summary>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="InvalidOptionException">An option is outside its range.</exception>
    public SpectralClustering(SpectralClusteringOptions? options = null)
    {
        _options = options ?? new SpectralClusteringOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public string Name => "spectral";

    /// <inheritdoc/>
    public bool NeedsAffinity => true;

    /// <inheritdoc/>
    public GroupingResult Group(Matrix<double> affinity, TaskGroups? previous, ulong seed, long draw = 0)
    {
        Matrix<double> similarities = AffinityNormalizer.Symmetric(affinity, _options.Normalization, previous);
        int tasks = similarities.RowCount;
        Evd<double> spectrum = Laplacian(similarities).Evd(Symmetricity.Symmetric);
        double[] eigenvalues = [.. spectrum.EigenValues.Select(value => value.Real)];
        int count = Math.Min(tasks, _options.Groups ?? AtLargestGap(eigenvalues, Math.Min(tasks, _options.MaxGroups ?? tasks)));
        double[][] points = [.. Enumerable.Range(0, tasks).Select(task => UnitRow(spectrum.EigenVectors, task, count))];
        return new GroupingResult(TaskGroups.FromLabels(KMeans.Cluster(points, count, seed)));
    }

    /// <summary>I - D^-1/2 W D^-1/2 with W the affinities above 0 off the diagonal; rows of tasks connected to nobody are 0.</summary>
    private static Matrix<double> Laplacian(Matrix<double> similarities)
    {
        int tasks = similarities.RowCount;
        Matrix<double> weights = Matrix<double>.Build.Dense(tasks, tasks, (i, j) => i == j ? 0 : Math.Max(0, similarities[i, j]));
        double[] roots = [.. weights.EnumerateRows().Select(row => Math.Sqrt(row.Sum()))];
        return Matrix<double>.Build.Dense(tasks, tasks, (i, j) =>
            i == j ? (roots[i] > 0 ? 1 : 0) : weights[i, j] == 0 ? 0 : -(weights[i, j] / roots[i] / roots[j]));
    }

    /// <summary>The number of eigenvalues below the largest gap. Every group of connected tasks has one that is 0, and the mean of
    /// the others is at least 1, which stands for the one that follows the last.</summary>
    private static int AtLargestGap(double[] eigenvalues, int most)
    {
        int best = 1;
        double largest = double.NegativeInfinity;
        for (int count = 1; count <= most; count++)
        {
            double next = count < eigenvalues.Length ? eigenvalues[count] : 1;
            if (!(next - eigenvalues[count - 1] > largest)) continue;
            (best, largest) = (count, next - eigenvalues[count - 1]);
        }

        return best;
    }

    private static double[] UnitRow(Matrix<double> vectors, int row, int length)
    {
        double[] point = [.. Enumerable.Range(0, length).Select(column => vectors[row, column])];
        double norm = Math.Sqrt(point.Sum(value => value * value));
        return norm > 0 ? Array.ConvertAll(point, value => value / norm) : point;
    }
}

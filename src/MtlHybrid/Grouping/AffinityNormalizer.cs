using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Grouping;

/// <summary>Turns an affinity matrix into symmetric similarities that a clustering can compare.</summary>
/// <remarks>
/// <para>Entries that are not finite count as not observed and become 0, as entries without observations already are: no
/// evidence that the tasks help each other, and none that they hurt.</para>
/// <para>A column is measured in units of its diagonal entry. Where that is no positive number (the task gained nothing from
/// its own updates, or was never measured), or so small that the quotients overflow, the largest absolute entry of the column
/// is the unit: the column keeps its signs and order, and no entry exceeds 1. A column of zeros stays as it is.</para>
/// </remarks>
public static class AffinityNormalizer
{
    /// <summary>The similarities of an affinity matrix; a new matrix, the argument is left alone.</summary>
    /// <param name="affinity">[K, K]; row = source task, column = target task.</param>
    /// <param name="normalization">What to do to it.</param>
    /// <returns>[K, K]; symmetric unless <paramref name="normalization"/> is <see cref="AffinityNormalization.None"/>.</returns>
    /// <exception cref="ArgumentException">The matrix is not square.</exception>
    public static Matrix<double> Normalize(Matrix<double> affinity, AffinityNormalization normalization)
    {
        int tasks = RequireSquare(affinity, null);
        Matrix<double> similarities = affinity.Clone();
        if (normalization == AffinityNormalization.None) return similarities;

        similarities.MapInplace(value => double.IsFinite(value) ? value : 0, Zeros.AllowSkip);
        for (int target = 0; target < tasks; target++)
        {
            double unit = UnitOfColumn(similarities, target);
            // In place, in order of the rows, the authors' division meets a diagonal that has just become 1.
            int divided = normalization == AffinityNormalization.OfficialCode ? target + 1 : tasks;
            for (int source = 0; source < divided; source++)
                similarities[source, target] /= unit;
        }

        for (int i = 0; i < tasks; i++)
            for (int j = 0; j < i; j++)
                similarities[i, j] = similarities[j, i] = similarities[i, j] / 2 + similarities[j, i] / 2;
        return similarities;
    }

    /// <summary>The mean of both directions of <see cref="Normalize"/>'s similarities, for groupings that know no direction.</summary>
    /// <exception cref="ArgumentException">Not square, not of the previous groups' tasks, or an entry is not finite.</exception>
    internal static Matrix<double> Symmetric(Matrix<double> affinity, AffinityNormalization normalization, TaskGroups? previous)
    {
        RequireSquare(affinity, previous);
        Matrix<double> similarities = RequireFinite(Normalize(affinity, normalization));
        for (int i = 0; i < similarities.RowCount; i++)
            for (int j = 0; j < i; j++)
                similarities[i, j] = similarities[j, i] = similarities[i, j] / 2 + similarities[j, i] / 2;
        return similarities;
    }

    /// <summary>The matrix itself, when all entries are finite.</summary>
    /// <exception cref="ArgumentException">Names the entry at fault.</exception>
    internal static Matrix<double> RequireFinite(Matrix<double> similarities)
    {
        for (int i = 0; i < similarities.RowCount; i++)
            for (int j = 0; j < similarities.ColumnCount; j++)
                if (!double.IsFinite(similarities[i, j]))
                    throw new ArgumentException($"similarities must be finite; entry ({i}, {j}) is {similarities[i, j]}");
        return similarities;
    }

    private static double UnitOfColumn(Matrix<double> affinity, int target)
    {
        double largest = 0;
        for (int source = 0; source < affinity.RowCount; source++)
            largest = Math.Max(largest, Math.Abs(affinity[source, target]));
        double self = affinity[target, target];
        if (self > 0 && double.IsFinite(largest / self)) return self;
        return largest > 0 ? largest : 1;
    }

    /// <summary>The number of tasks of a matrix that has to fit the groups in force.</summary>
    internal static int RequireSquare(Matrix<double> affinity, TaskGroups? previous)
    {
        ArgumentNullException.ThrowIfNull(affinity);
        if (affinity.RowCount != affinity.ColumnCount)
            throw new ArgumentException($"an affinity matrix must be square; got {affinity.RowCount} x {affinity.ColumnCount}");
        if (previous is not null && previous.TaskCount != affinity.RowCount)
            throw new ArgumentException($"the previous groups are of {previous.TaskCount} tasks, the affinity matrix of {affinity.RowCount}");
        return affinity.RowCount;
    }
}

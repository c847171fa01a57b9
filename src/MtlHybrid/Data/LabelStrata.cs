namespace MtlHybrid.Data;

/// <summary>What a stratified split keeps in proportion: for every row the strata it belongs to.</summary>
internal static class LabelStrata
{
    private const int MaximumBins = 10;
    private const int LabelsPerBin = 10;

    /// <returns>Per row the indices of its strata, possibly none.</returns>
    public static int[][] Of(MultiTaskData data)
    {
        List<int>[] strata = new List<int>[data.Rows];
        for (int row = 0; row < strata.Length; row++) strata[row] = [];
        int next = 0;
        for (int t = 0; t < data.Tasks.Count; t++)
        {
            ReadOnlySpan<double> labels = data.Labels(t);
            bool classes = data.Tasks[t].Kind != TaskKind.Regression;
            if (!classes && !HasMissing(labels)) continue;
            for (int row = 0; row < labels.Length; row++)
                if (!double.IsNaN(labels[row])) strata[row].Add(classes ? next + (int)labels[row] : next);
            next += classes ? data.Tasks[t].Classes.Count : 1;
        }
        if (data.Tasks.All(task => task.Kind == TaskKind.Regression)) AddBins(data.Labels(0), strata, next);
        return [.. strata.Select(row => row.ToArray())];
    }

    /// <summary>Bins of equally many labels; equal labels share a bin.</summary>
    private static void AddBins(ReadOnlySpan<double> labels, List<int>[] strata, int first)
    {
        List<double> values = [];
        List<int> rows = [];
        for (int row = 0; row < labels.Length; row++)
        {
            if (double.IsNaN(labels[row])) continue;
            values.Add(labels[row]);
            rows.Add(row);
        }
        double[] sorted = [.. values];
        int[] order = [.. rows];
        Array.Sort(sorted, order);
        int bins = Math.Clamp(sorted.Length / LabelsPerBin, 1, MaximumBins);
        int bin = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || sorted[i] != sorted[i - 1]) bin = (int)((long)i * bins / sorted.Length);
            strata[order[i]].Add(first + bin);
        }
    }

    private static bool HasMissing(ReadOnlySpan<double> labels)
    {
        foreach (double label in labels)
            if (double.IsNaN(label)) return true;
        return false;
    }
}

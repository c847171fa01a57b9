namespace MtlHybrid.Data;

/// <summary>Finds what a misspelt name may have meant.</summary>
internal static class NearestName
{
    /// <summary>" (did you mean 'x'?)", or nothing when no candidate is close.</summary>
    public static string Hint(string name, IEnumerable<string> candidates)
    {
        string? best = null;
        int bestDistance = Math.Max(2, name.Length / 3) + 1;
        foreach (string candidate in candidates)
        {
            if (Math.Abs(candidate.Length - name.Length) >= bestDistance) continue;
            int distance = EditDistance(name, candidate);
            bool alike = distance < Math.Max(name.Length, candidate.Length);
            if (!alike || distance >= bestDistance) continue;
            (best, bestDistance) = (candidate, distance);
        }
        return best is null ? "" : $" (did you mean {Quoted.Text(best)}?)";
    }

    /// <summary>Levenshtein distance, upper and lower case being the same.</summary>
    private static int EditDistance(string a, string b)
    {
        int[] previous = [.. Enumerable.Range(0, b.Length + 1)];
        int[] current = new int[b.Length + 1];
        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substitution = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1;
                current[j] = Math.Min(previous[j - 1] + substitution, Math.Min(previous[j], current[j - 1]) + 1);
            }
            (previous, current) = (current, previous);
        }
        return previous[b.Length];
    }
}

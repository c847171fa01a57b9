namespace MtlHybrid.Cli.Settings;

/// <summary>Guesses which known word a misspelt one was meant to be.</summary>
internal static class Spelling
{
    /// <summary>" (did you mean 'x'?)", or nothing when no known word is near.</summary>
    public static string Hint(string word, IEnumerable<string> known)
    {
        string? nearest = known.MinBy(candidate => Distance(word, candidate));
        return nearest is not null && Distance(word, nearest) <= Math.Max(1, nearest.Length * 2 / 5)
            ? $" (did you mean '{nearest}'?)"
            : "";
    }

    // Levenshtein distance, one row at a time.
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int substitution = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j - 1], row[j]) + 1);
            }
        }

        return row[^1];
    }
}

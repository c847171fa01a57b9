namespace MtlHybrid.Pilot;

/// <summary>Titles of contestants inside sentences.</summary>
internal static class PilotTitle
{
    /// <summary>"Joint training" as "joint training"; proper names (PCGrad, Nash-MTL, Krum) stay as they are.</summary>
    public static string InSentence(string title)
    {
        int space = title.IndexOf(' ', StringComparison.Ordinal);
        // A name is one word, or has capitals inside.
        bool isName = space <= 0 || title.AsSpan(1, space - 1).ContainsAnyInRange('A', 'Z');
        return isName ? title : char.ToLowerInvariant(title[0]) + title[1..];
    }
}

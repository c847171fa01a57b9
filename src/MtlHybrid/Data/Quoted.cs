using System.Text;

namespace MtlHybrid.Data;

/// <summary>Names and values from files, made fit for a message of one line.</summary>
internal static class Quoted
{
    private const int MaximumLength = 60;

    /// <summary>The text in single quotes, shortened, with control characters replaced.</summary>
    public static string Text(ReadOnlySpan<char> text)
    {
        StringBuilder quoted = new("'");
        foreach (char c in text[..Math.Min(text.Length, MaximumLength)]) quoted.Append(char.IsControl(c) ? '\uFFFD' : c);
        if (text.Length > MaximumLength) quoted.Append("...");
        return quoted.Append('\'').ToString();
    }

    /// <summary>The first few of several names, and how many more there are.</summary>
    public static string List(IReadOnlyCollection<string> names, int shown = 5)
    {
        string list = string.Join(", ", names.Take(shown).Select(name => Text(name)));
        return names.Count > shown ? $"{list} and {names.Count - shown} more" : list;
    }
}

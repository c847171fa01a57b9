using System.Security;

namespace MtlHybrid.Bindings.Generator;

/// <summary>Turns comments of the header into lines of plain text.</summary>
internal static class CommentText
{
    /// <summary>The text between the comment marks, or null for no text and for section rules ("---- name ----").</summary>
    public static string? Clean(string? raw)
    {
        if (string.IsNullOrWhiteSpace(raw))
            return null;

        IEnumerable<string> lines = raw.Split('\n').Select(CleanLine).Where(line => line.Length > 0);
        string text = string.Join(' ', lines);
        return text.Length == 0 || text.StartsWith("---", StringComparison.Ordinal) ? null : text;
    }

    /// <summary>XML documentation lines of at most about 110 characters.</summary>
    public static IEnumerable<string> Summary(string? comment, string indent)
    {
        if (comment is null)
            yield break;

        string escaped = SecurityElement.Escape(comment).Replace("&apos;", "'", StringComparison.Ordinal)
            .Replace("&quot;", "\"", StringComparison.Ordinal);
        string single = $"{indent}/// <summary>{escaped}</summary>";
        if (single.Length <= 110)
        {
            yield return single;
            yield break;
        }
        yield return $"{indent}/// <summary>";
        string line = $"{indent}///";
        foreach (string word in escaped.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length + 1 + word.Length > 110)
            {
                yield return line;
                line = $"{indent}///";
            }
            line += " " + word;
        }
        yield return line;
        yield return $"{indent}/// </summary>";
    }

    private static string CleanLine(string line)
    {
        string text = line.Trim();
        if (text.StartsWith("/*", StringComparison.Ordinal))
            text = text[2..].TrimStart('*', '!', '<');
        if (text.EndsWith("*/", StringComparison.Ordinal))
            text = text[..^2];
        text = text.Trim();
        if (text.StartsWith("* ", StringComparison.Ordinal) || text == "*")
            text = text[1..];
        return text.Trim();
    }
}

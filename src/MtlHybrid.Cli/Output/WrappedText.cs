namespace MtlHybrid.Cli.Output;

/// <summary>Text broken between words.</summary>
internal static class WrappedText
{
    /// <summary>Writes a paragraph, ended by a line break. The caller has written <paramref name="indent"/> columns of the first line;
    /// further lines are indented as much.</summary>
    /// <param name="output">Where.</param>
    /// <param name="text">Words between blanks.</param>
    /// <param name="indent">Columns left free.</param>
    /// <param name="width">Columns in all; words that are longer stick out.</param>
    public static void Write(TextWriter output, string text, int indent, int width)
    {
        int column = indent;
        foreach (string word in text.Split(' '))
        {
            if (column > indent && column + 1 + word.Length > width)
            {
                output.WriteLine();
                output.Write(new string(' ', indent));
                column = indent;
            }

            if (column > indent)
            {
                output.Write(' ');
                column++;
            }

            output.Write(word);
            column += word.Length;
        }

        output.WriteLine();
    }
}

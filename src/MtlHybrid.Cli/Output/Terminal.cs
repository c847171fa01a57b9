using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MtlHybrid.Cli.Output;

/// <summary>Where the command writes: results go to the output, everything else (progress, notes, errors) to the error
/// stream, so that results can be piped. Colours and live displays only where a person looks at a terminal.</summary>
internal sealed class Terminal
{
    // Redirected text is read by programs too: wide enough that no ordinary row is broken.
    private const int RedirectedWidth = 160;

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true };

    private readonly TextWriter _error;
    private readonly IAnsiConsole? _result;

    public Terminal(TextWriter output, TextWriter error, bool outputIsTerminal, bool errorIsTerminal)
    {
        Output = output;
        _error = error;
        _result = outputIsTerminal ? Console(output, isTerminal: true) : null;
        Progress = Console(error, errorIsTerminal);
        IsLive = errorIsTerminal;
    }

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess() =>
        new(System.Console.Out, System.Console.Error, !System.Console.IsOutputRedirected, !System.Console.IsErrorRedirected);

    /// <summary>The output as it is, for documents and tables of numbers.</summary>
    public TextWriter Output { get; }

    /// <summary>The error stream, for progress, notes and errors.</summary>
    public IAnsiConsole Progress { get; }

    /// <summary>Whether progress may be redrawn in place.</summary>
    public bool IsLive { get; }

    /// <summary>Results are one JSON document.</summary>
    public bool Json { get; set; }

    /// <summary>No progress and no notes.</summary>
    public bool Quiet { get; set; }

    /// <summary>Stack traces and debug messages are shown.</summary>
    public bool Verbose { get; set; }

    /// <summary>Columns of the output.</summary>
    public int Width => _result?.Profile.Width ?? RedirectedWidth;

    /// <summary>Prints a paragraph on the output; redirected, it stays one line.</summary>
    /// <param name="text">The words.</param>
    /// <param name="indent">Blanks at the left.</param>
    public void Print(string text, int indent = 0)
    {
        Output.Write(new string(' ', indent));
        WrappedText.Write(Output, text, indent, _result?.Profile.Width ?? int.MaxValue);
    }

    /// <summary>Prints a table on the output.</summary>
    public void Print(IRenderable content)
    {
        if (_result is not null)
        {
            _result.Write(content);
            return;
        }

        using var text = new StringWriter();
        Console(text, isTerminal: false).Write(content);
        foreach (string line in text.ToString().TrimEnd().Split('\n')) Output.WriteLine(line.TrimEnd());
    }

    /// <summary>A remark that a person should see but that stops nothing.</summary>
    public void Note(string text)
    {
        if (!Quiet) Line("note: ", "yellow", text);
    }

    /// <summary>Something went wrong.</summary>
    public void Error(string text) => Line("error: ", "red", text);

    /// <summary>There is no result: a message for people, and with --json a document that says so.</summary>
    public void Fail(string text, int exitCode)
    {
        Error(text);
        if (Json) Write(new JsonObject { ["error"] = new JsonObject { ["message"] = text, ["exitCode"] = exitCode } });
    }

    /// <summary>A plain line on the error stream.</summary>
    public void Say(string text)
    {
        if (!Quiet) Line("", "default", text);
    }

    /// <summary>Text on the error stream, as it is.</summary>
    public void ErrorText(string text) => _error.WriteLine(text);

    /// <summary>Prints the one JSON document of a run.</summary>
    public void Write(JsonNode document, bool indented = true)
    {
        Output.WriteLine(Format(document, indented));
        Output.Flush();
    }

    /// <summary>JSON as it is printed and written to files.</summary>
    public static string Format(JsonNode document, bool indented = true) => document.ToJsonString(indented ? Indented : Compact);

    // Redirected lines are not wrapped: whoever searches them wants them whole.
    private void Line(string prefix, string style, string text)
    {
        if (IsLive) Progress.Write(new Paragraph().Append(prefix, Style.Parse(style)).Append(text + "\n"));
        else _error.WriteLine(prefix + text);
    }

    private static IAnsiConsole Console(TextWriter writer, bool isTerminal)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!isTerminal) console.Profile.Width = RedirectedWidth;
        return console;
    }
}

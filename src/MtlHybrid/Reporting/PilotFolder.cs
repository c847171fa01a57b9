using MtlHybrid.Interchange;
using MtlHybrid.Pilot;

namespace MtlHybrid.Reporting;

/// <summary>The folder of a pilot: <c>pilot.json</c> (docs/pilot-json.md) and <c>report.html</c>.</summary>
public static class PilotFolder
{
    /// <summary>Name of the result for machines.</summary>
    public const string JsonFile = "pilot.json";

    /// <summary>Name of the report for people.</summary>
    public const string ReportFile = "report.html";

    /// <summary>Writes both files, each whole or not at all; former ones are replaced.</summary>
    /// <param name="folder">The folder; made when it is not there.</param>
    /// <param name="result">The pilot.</param>
    /// <exception cref="IOException">The disk is full, the path is a file, ...</exception>
    /// <exception cref="UnauthorizedAccessException">No permission to write.</exception>
    public static void Write(string folder, PilotResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        string html = HtmlReport.Render(result);
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(Path.Combine(folder, JsonFile), writer => writer.Write(result.ToJson()));
        AtomicFile.WriteText(Path.Combine(folder, ReportFile), writer => writer.Write(html));
    }
}

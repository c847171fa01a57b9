using System.Globalization;
using System.Numerics;
using System.Text.Json;
using MtlHybrid.Engine;

namespace MtlHybrid.Reporting;

/// <summary>
/// Writes a trace as a JSON array of complete events, the form that chrome://tracing and Perfetto (ui.perfetto.dev) open. Times are
/// in microseconds.
/// </summary>
public static class ChromeTrace
{
    /// <summary>The name of the event that stands in for those that were dropped.</summary>
    public const string DroppedName = "dropped";

    /// <summary>Writes the array, one event on a line, by start.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="trace">What a device did.</param>
    public static void Write(TextWriter writer, DeviceTrace trace)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(trace);
        TraceEvent[] events = [.. trace.Events];
        // Of events that start together the outer one comes first.
        Array.Sort(events, (a, b) => a.StartNanoseconds != b.StartNanoseconds
            ? a.StartNanoseconds.CompareTo(b.StartNanoseconds)
            : b.DurationNanoseconds.CompareTo(a.DurationNanoseconds));
        string separator = "";
        writer.Write('[');
        if (trace.Dropped > 0)
        {
            // On a line of its own: what was dropped may overlap with what is left.
            int thread = events.Select(item => item.Thread).DefaultIfEmpty(-1).Max() + 1;
            long until = events.Length > 0 ? events[0].StartNanoseconds : 0;
            Event(DroppedName, "trace", 0, until, thread, string.Create(CultureInfo.InvariantCulture, $"{{\"events\":{trace.Dropped}}}"));
        }

        foreach (TraceEvent item in events)
            Event(item.Name, Category(item.Kind), item.StartNanoseconds, item.DurationNanoseconds, item.Thread, Arguments(item));
        writer.WriteLine();
        writer.WriteLine(']');

        void Event(string name, string category, long start, long duration, int thread, string arguments)
        {
            writer.WriteLine(separator);
            separator = ",";
            writer.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"name\":\"{JsonEncodedText.Encode(name)}\",\"cat\":\"{category}\",\"ph\":\"X\",\"ts\":{start / 1e3:0.000},\"dur\":{duration / 1e3:0.000},\"pid\":0,\"tid\":{thread},\"args\":{arguments}}}"));
        }
    }

    private static string Category(TraceKind kind) => kind switch
    {
        TraceKind.Call => "call",
        TraceKind.Phase => "phase",
        _ => "op",
    };

    private static string Arguments(TraceEvent item)
    {
        if (item.Tasks != 0) return $"{{\"tasks\":[{string.Join(',', Members(item.Tasks))}]}}";
        if (item.Index < 0) return "{}";
        string name = item.Kind == TraceKind.Op ? "node" : "batch";
        return string.Create(CultureInfo.InvariantCulture, $"{{\"{name}\":{item.Index}}}");
    }

    private static IEnumerable<int> Members(ulong tasks)
    {
        for (; tasks != 0; tasks &= tasks - 1) yield return BitOperations.TrailingZeroCount(tasks);
    }
}

using MtlHybrid.Pilot;
using Spectre.Console;

namespace MtlHybrid.Cli.Output;

/// <summary>Shows a pilot while it runs: redrawn in place on a terminal, otherwise a line now and then.</summary>
internal static class PilotDisplay
{
    private const int BarWidth = 12;

    /// <summary>Does the work and shows its progress.</summary>
    public static T Show<T>(Terminal terminal, Func<IProgress<PilotProgress>?, T> work)
    {
        if (terminal.Quiet) return work(null);
        return terminal.IsLive
            ? terminal.Progress.Live(new Text("starting ...")).AutoClear(true).Start(context => work(new Redrawing(context)))
            : work(new Lines(terminal, TimeProvider.System));
    }

    private static string Words(PilotProgress progress)
    {
        string left = progress.Remaining is { } remaining && remaining > TimeSpan.Zero ? $", about {NumberText.Of(remaining)} left" : "";
        return $"{progress.Fraction * 100:0} %   seed {progress.SeedNumber} of {progress.SeedCount}, {progress.Contestant}   {NumberText.Of(progress.Elapsed)}{left}";
    }

    private sealed class Redrawing(LiveDisplayContext context) : IProgress<PilotProgress>
    {
        public void Report(PilotProgress value)
        {
            int full = (int)Math.Round(Math.Clamp(value.Fraction, 0, 1) * BarWidth);
            context.UpdateTarget(new Paragraph()
                .Append(new string('━', full), new Style(Color.Green))
                .Append(new string('━', BarWidth - full), new Style(Color.Grey))
                .Append($" {Words(value)}"));
        }
    }

    // A line when a contestant begins, and one every few seconds.
    private sealed class Lines(Terminal terminal, TimeProvider time) : IProgress<PilotProgress>
    {
        private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
        private (int Seed, string Contestant) _last;
        private long _lastLine;

        public void Report(PilotProgress value)
        {
            (int, string) now = (value.SeedNumber, value.Contestant);
            if (now == _last && time.GetElapsedTime(_lastLine) < Pause) return;
            (_last, _lastLine) = (now, time.GetTimestamp());
            terminal.Say(Words(value));
        }
    }
}

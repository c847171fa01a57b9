using MtlHybrid.Data;
using MtlHybrid.Training;
using Spectre.Console;

namespace MtlHybrid.Cli.Output;

/// <summary>Shows training while it runs: redrawn in place on a terminal, otherwise a line now and then.</summary>
internal static class TrainingDisplay
{
    /// <summary>Does the work and shows its progress.</summary>
    public static T Show<T>(Terminal terminal, IReadOnlyList<TaskDefinition> tasks, Func<IProgress<TrainingProgress>?, T> work)
    {
        if (terminal.Quiet) return work(null);
        string[] names = [.. tasks.Select(task => task.Name)];
        if (!terminal.IsLive)
        {
            var lines = new TrainingLines(terminal, names, TimeProvider.System);
            T result = work(lines);
            lines.Finish();
            return result;
        }

        var view = new TrainingView(names);
        return terminal.Progress.Live(new Text("starting ...")).AutoClear(true).Start(context => work(new Redrawing(view, terminal, context)));
    }

    private sealed class Redrawing(TrainingView view, Terminal terminal, LiveDisplayContext context) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) =>
            context.UpdateTarget(view.Draw(value, terminal.Progress.Profile.Width, terminal.Progress.Profile.Height));
    }
}

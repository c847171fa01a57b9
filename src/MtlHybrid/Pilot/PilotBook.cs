using System.Text.Json;
using MtlHybrid.Affinity;
using MtlHybrid.Interchange;
using MtlHybrid.Strategies.Diagnostics;
using MtlHybrid.Training;

namespace MtlHybrid.Pilot;

/// <summary>What has been run so far.</summary>
internal sealed class PilotBook
{
    private readonly IReadOnlyList<ContestantPlan> _plan;
    private readonly Dictionary<string, List<PilotRun>> _runs = [];
    private readonly Dictionary<string, List<AffinityMatrix>> _affinities = [];
    private readonly Dictionary<string, List<GradientReport>> _gradients = [];
    private readonly List<string> _notes;

    public PilotBook(IReadOnlyList<ContestantPlan> plan, IEnumerable<string> notes)
    {
        _plan = plan;
        _notes = [.. notes];
        foreach (ContestantPlan entry in plan)
        {
            _runs.Add(entry.Id, []);
            _affinities.Add(entry.Id, []);
            _gradients.Add(entry.Id, []);
        }
    }

    /// <summary>Remarks, each once.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Adds a remark, unless it is there already.</summary>
    public void Note(string note)
    {
        if (!_notes.Contains(note)) _notes.Add(note);
    }

    /// <summary>Adds a run.</summary>
    /// <param name="contestant">Its id.</param>
    /// <param name="run">The run.</param>
    /// <param name="history">What happened in it, where it is one network's.</param>
    public void Add(string contestant, PilotRun run, TrainingHistory? history = null)
    {
        _runs[contestant].Add(run);
        if (run.Outcome != RunOutcome.Finished) return;
        if (history?.Affinity is { } affinity) _affinities[contestant].Add(affinity);
        if (history?.Gradients is { } gradients) _gradients[contestant].Add(gradients);
    }

    /// <summary>Runs of a contestant that are over, whether well or not.</summary>
    public int Finished(string contestant) => _runs[contestant].Count(run => run.Outcome != RunOutcome.Cancelled);

    /// <summary>Finished runs of the methods under test in a seed.</summary>
    public IEnumerable<PilotRun> CandidateRuns(ulong seed) => _plan
        .Where(entry => entry.IsCandidate)
        .SelectMany(entry => _runs[entry.Id])
        .Where(run => run.Seed == seed && run.Outcome == RunOutcome.Finished);

    /// <summary>The contestants with their runs, baselines first.</summary>
    public PilotContestant[] Contestants() => [.. _plan.OrderBy(entry => entry.IsCandidate).Select(entry => new PilotContestant
    {
        Id = entry.Id,
        Title = entry.Title,
        Description = entry.Description,
        Strategy = JsonSerializer.SerializeToElement(entry.Strategy, JsonFormat.Options),
        IsCandidate = entry.IsCandidate,
        Runs = _runs[entry.Id],
        Affinity = RunRecorder.MeanAffinity(_affinities[entry.Id]),
        Gradients = _gradients[entry.Id] is { Count: > 0 } gradients
            ? GradientReport.Mean(gradients, withCosines: gradients[0].Norms.Count <= PilotContestant.MaximumCosineTasks)
            : null,
    })];
}

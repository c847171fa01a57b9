using MtlHybrid.Data;
using MtlHybrid.Evaluation;

namespace MtlHybrid.Pilot;

/// <summary>A task of the pilot and how it is judged.</summary>
public sealed record PilotTask
{
    /// <summary>Name of the task, as in the data.</summary>
    public required string Name { get; init; }

    /// <summary>What the task predicts.</summary>
    public required TaskKind Kind { get; init; }

    /// <summary>Names of the classes; empty for regression.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Name of the metric that counts in tables and delta-m (<see cref="MetricCatalog.Headline"/>).</summary>
    public string Metric => MetricCatalog.Headline(Kind).Name;

    /// <summary>Whether a higher value of <see cref="Metric"/> is the better one.</summary>
    public bool HigherIsBetter => MetricCatalog.Headline(Kind).HigherIsBetter;

    /// <summary>Rows with a label of this task in the training part of the first seed's split.</summary>
    public required int TrainLabels { get; init; }

    /// <summary>Rows with a label of this task in the validation part of the first seed's split.</summary>
    public required int ValidationLabels { get; init; }

    /// <summary>Rows with a label of this task in the test part of the first seed's split.</summary>
    public required int TestLabels { get; init; }

    /// <summary>Rows of the rarest class in the test part of the first seed's split; for regression all labelled rows.</summary>
    public required int TestRarest { get; init; }
}

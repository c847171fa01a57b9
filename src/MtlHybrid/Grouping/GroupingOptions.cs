namespace MtlHybrid.Grouping;

/// <summary>Which grouping to use, and its settings; feeds the command line and the configuration alike.</summary>
public sealed record GroupingOptions
{
    /// <summary>Name of the grouping.</summary>
    /// <value>One of <see cref="GroupingCatalog.Names"/>; "affinity-propagation" by default.</value>
    public string Method { get; init; } = "affinity-propagation";

    /// <summary>Settings of "affinity-propagation".</summary>
    public AffinityPropagationOptions AffinityPropagation { get; init; } = new();

    /// <summary>Settings of "hierarchical".</summary>
    public HierarchicalClusteringOptions Hierarchical { get; init; } = new();

    /// <summary>Settings of "spectral".</summary>
    public SpectralClusteringOptions Spectral { get; init; } = new();

    /// <summary>Settings of "cover".</summary>
    public CoverSearchOptions Cover { get; init; } = new();

    /// <summary>Settings of "conflict-colouring".</summary>
    public ConflictColouringOptions ConflictColouring { get; init; } = new();

    /// <summary>The groups of "fixed".</summary>
    /// <value>Required there; null by default.</value>
    public TaskGroups? Fixed { get; init; }

    /// <summary>Number of groups of "random".</summary>
    /// <value>At least 1; 2 by default.</value>
    public int RandomCount { get; init; } = 2;

    /// <summary>Sizes of the groups of "random".</summary>
    /// <value>Each at least 1, their sum the number of tasks; null (the default): sizes as equal as possible.</value>
    public IReadOnlyList<int>? RandomSizes { get; init; }
}

namespace MtlHybrid.Grouping;

/// <summary>The list of groupings. A new one is one class and one line here.</summary>
public static class GroupingCatalog
{
    private static readonly (string Name, string Summary, Func<GroupingOptions, IGrouping> Create)[] Entries =
    [
        ("affinity-propagation", "clusters by affinity; finds the number of groups itself",
            options => new AffinityPropagation(options.AffinityPropagation)),
        ("hierarchical", "joins the two most alike groups while their mean similarity is above a threshold",
            options => new HierarchicalClustering(options.Hierarchical)),
        ("spectral", "clusters by the first eigenvectors of the affinity's Laplacian",
            options => new SpectralClustering(options.Spectral)),
        ("cover", "the best cover with at most so many groups, by exact search; groups may overlap",
            options => new CoverSearch(options.Cover)),
        ("conflict-colouring", "keeps tasks apart whose affinity is below a threshold",
            options => new ConflictColouring(options.ConflictColouring)),
        ("together", "all tasks in one group", _ => new AllTogether()),
        ("singletons", "every task alone", _ => new Singletons()),
        ("random", "groups drawn anew at every regrouping",
            options => options.RandomSizes is { } sizes ? new RandomGroups(sizes) : new RandomGroups(options.RandomCount)),
        ("fixed", "groups given by you", options => new FixedGroups(options.Fixed
            ?? throw new InvalidOptionException(nameof(GroupingOptions.Fixed), "given for the grouping 'fixed' (\"0,2;1\")", null))),
    ];

    /// <summary>Names of all groupings, the default first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Entries.Select(entry => entry.Name)];

    /// <summary>What a grouping does, in a few words for help texts.</summary>
    /// <exception cref="InvalidOptionException">There is no grouping of that name.</exception>
    public static string Summary(string name) => Find(name).Summary;

    /// <summary>The grouping an options record asks for.</summary>
    /// <exception cref="InvalidOptionException">Unknown name, or an option of that grouping is outside its range.</exception>
    public static IGrouping Create(GroupingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Find(options.Method).Create(options);
    }

    private static (string Name, string Summary, Func<GroupingOptions, IGrouping> Create) Find(string name)
    {
        foreach (var entry in Entries)
            if (entry.Name == name)
                return entry;
        throw new InvalidOptionException(nameof(GroupingOptions.Method), $"one of {string.Join(", ", Names)}", name);
    }
}

using MtlHybrid.Strategies;
using MtlHybrid.Strategies.Aggregation;

namespace MtlHybrid.Benchmarks.Gradients;

/// <summary>A kind of step that is timed.</summary>
/// <param name="Method">The strategy's name, or what it does instead.</param>
/// <param name="Gradients">Where its Gram matrix comes from.</param>
/// <param name="MemoryShare">Memory for task gradients, as a share of the network's.</param>
/// <param name="Create">A fresh strategy; its K x K work runs on the clock.</param>
internal sealed record StepUnderTest(
    string Method, GradientEstimate Gradients, double MemoryShare, Func<SolverClock, IStrategy> Create)
{
    /// <summary>The Gram matrix and nothing else.</summary>
    public const string Alone = "task gradients alone";

    /// <summary>The default memory of task gradients.</summary>
    public const double DefaultMemory = 0.5;

    /// <summary>More than any number of tasks here needs; only what is needed is taken.</summary>
    public const double AllAtOnce = 1000;

    // One of each kind of K x K work: projections in random order, min-norm points with and without a term for the mean,
    // Newton's method, K quadratic programs.
    private static readonly GramAggregatorOptions[] Methods =
        [.. ((string[])["pcgrad", "cagrad", "mgda", "nash-mtl", "upgrad"]).Select(name => (GramAggregatorOptions)StrategyCatalog.Find(name).Defaults)];

    private static readonly GradientEstimate[] Estimates =
        [.. ((string[])["representation", "subsample:0.5", "every:10"]).Select(GradientEstimate.Parse)];

    /// <summary>The joint step, which the others are held against.</summary>
    public static StepUnderTest Joint { get; } = new("joint", new GradientEstimate(), DefaultMemory, _ => new JointOptions().Create());

    /// <summary>All other steps.</summary>
    public static IReadOnlyList<StepUnderTest> All { get; } =
    [
        .. ((double[])[DefaultMemory, AllAtOnce]).Select(
            memory => new StepUnderTest(Alone, new GradientEstimate(), memory, _ => new GradientsAlone(memory))),
        .. Methods.SelectMany(method => ((StepUnderTest[])
        [
            Of(method, new GradientEstimate(), DefaultMemory),
            Of(method, new GradientEstimate(), AllAtOnce),
            .. Estimates.Select(estimate => Of(method, estimate, DefaultMemory)),
        ])),
    ];

    /// <summary>Batches after which the step's costs repeat.</summary>
    public int Period => Gradients.Kind == GradientEstimateKind.Interval ? Gradients.Interval : 1;

    /// <summary>For a table's head.</summary>
    public string Variant => (Gradients.Kind, MemoryShare) switch
    {
        (GradientEstimateKind.Exact, DefaultMemory) => "exact",
        (GradientEstimateKind.Exact, _) => "exact, all tasks at once",
        _ => Gradients.ToString(),
    };

    private static StepUnderTest Of(GramAggregatorOptions method, GradientEstimate gradients, double memory) => new(
        method.Name,
        gradients,
        memory,
        clock => new TimedAggregatorOptions(method, clock) { Gradients = gradients, GradientMemory = memory }.Create());

    /// <inheritdoc/>
    public override string ToString() => Method == Joint.Method ? Method : $"{Method}, {Variant}";
}

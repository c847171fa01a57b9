using MtlHybrid.Engine;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>One step of the trunk and the heads of some tasks on the current batch, the trunk on a combination of their gradients.
/// One instance serves one run.</summary>
/// <param name="options">How heads are scaled, and the memory of task gradients.</param>
/// <param name="parts">Into how many parts of the batch gradients are told apart.</param>
/// <param name="matrices">How many matrices of gradients the core keeps, as for <see cref="Network.ConfigureGradients"/>.</param>
internal abstract class GroupStep(AggregatorOptions options, int parts = 1, int matrices = 0)
{
    private double[] _products = [];
    private double[] _losses = []; // [K]
    private double[] _activeLosses = [];
    private double[] _weights = []; // [K] the last ones
    private double[] _chosen = [];
    private double[] _heads = [];
    private int[] _active = [];
    private int[] _places = [];
    private ulong _seed;

    /// <summary>[K] the weights of the last steps, for diagnostics; 0 for tasks that have had none.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>As <see cref="IStrategy.RowsByTask"/>: not where parts of the batch are looked at, which must be like the whole.</summary>
    public bool RowsByTask => parts == 1 && options.Gradients.Kind is (GradientEstimateKind.Exact or GradientEstimateKind.Interval);

    /// <summary>Options of the strategy.</summary>
    protected AggregatorOptions Options => options;

    /// <summary>Where each task that takes part stands among the tasks of the step, [n].</summary>
    protected ReadOnlySpan<int> Places => _places;

    /// <summary>Called once, before the first batch.</summary>
    public virtual void Prepare(Network network, StrategyContext context)
    {
        int tasks = network.Tasks;
        _products = new double[parts * tasks * parts * tasks];
        _losses = new double[tasks];
        _activeLosses = new double[tasks];
        _weights = new double[tasks];
        _chosen = new double[tasks];
        _heads = new double[tasks];
        _active = new int[tasks];
        _places = new int[tasks];
        _seed = context.Seed;
        network.ConfigureGradients(options.GradientMemory, parts, matrices, network.ProjectsGradients);
    }

    /// <summary>Makes the step; tasks without a label in the batch take no part.</summary>
    /// <param name="network">A batch has been begun.</param>
    /// <param name="tasks">Distinct, ascending.</param>
    /// <param name="update">Learning rates and what to measure.</param>
    /// <param name="batch">Which batch it is.</param>
    public abstract void Step(Network network, ReadOnlySpan<int> tasks, in UpdateOptions update, in BatchContext batch);

    /// <summary>Has the core compute task gradients, and selects the tasks that take part: those with a label, and where only
    /// parts of the batch are looked at those that are seen in each.</summary>
    /// <param name="network">A batch has been begun.</param>
    /// <param name="tasks">Those of the step.</param>
    /// <param name="request">What is wanted.</param>
    /// <param name="batch">Which batch it is.</param>
    /// <param name="products">[parts tasks, parts tasks] inner products; the tasks of the first part first.</param>
    /// <returns>The tasks that take part, n of them; valid until the next call, as are <paramref name="products"/>.</returns>
    protected AggregationInputs Measure(
        Network network, ReadOnlySpan<int> tasks, in GradientRequest request, in BatchContext batch, out ReadOnlySpan<double> products)
    {
        int size = request.Parts * tasks.Length;
        Span<double> written = _products.AsSpan(0, size * size);
        network.TaskGradients(tasks, request, written);
        network.ReadLosses(_losses);
        products = written;
        bool partly = request.Parts > 1 || request.Rows > 0;
        int count = 0;
        for (int place = 0; place < tasks.Length; place++)
        {
            double loss = _losses[tasks[place]];
            bool takesPart = !double.IsNaN(loss);
            for (int row = place; partly && row < size; row += tasks.Length) takesPart &= products[(row * size) + row] != 0;
            if (!takesPart) continue;
            _active[count] = tasks[place];
            _activeLosses[count] = loss;
            _places[count++] = place;
        }

        return new AggregationInputs(_active.AsSpan(0, count), network.Tasks, _activeLosses.AsSpan(0, count), _seed, batch.Index);
    }

    /// <summary>Weights of 1, to be written over; valid until the next call.</summary>
    protected Span<double> PlainWeights(int count)
    {
        Span<double> weights = _chosen.AsSpan(0, count);
        weights.Fill(1);
        return weights;
    }

    /// <summary>Notes the weights of tasks.</summary>
    protected void Keep(ReadOnlySpan<int> tasks, ReadOnlySpan<double> weights)
    {
        for (int i = 0; i < tasks.Length; i++) _weights[tasks[i]] = weights[i];
    }

    /// <summary>What the heads' gradients are multiplied by, [n]; valid until the next call.</summary>
    protected ReadOnlySpan<double> HeadWeights(ReadOnlySpan<double> weights)
    {
        Span<double> heads = _heads.AsSpan(0, weights.Length);
        if (options.HeadScaling == HeadScaling.Weighted) weights.CopyTo(heads);
        else heads.Fill(1);
        return heads;
    }

    /// <summary>Gradients that are no numbers any more have products that are none: nothing can be decided, and the plain sum lets
    /// the loss show it.</summary>
    protected static bool CanDecide(ReadOnlySpan<double> products)
    {
        foreach (double product in products)
            if (!double.IsFinite(product)) return false;
        return true;
    }
}

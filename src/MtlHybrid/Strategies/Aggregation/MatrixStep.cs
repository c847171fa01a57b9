using MtlHybrid.Engine;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>A step on a combination of task gradients that the core keeps element by element.</summary>
internal sealed class MatrixStep(MatrixAggregatorOptions options) : IGroupStep
{
    private readonly IKeptGradientRule _rule = (IKeptGradientRule)options.CreateAggregator();
    private double[] _products = [];
    private double[] _losses = []; // [K]
    private double[] _activeLosses = [];
    private double[] _weights = [];
    private double[] _heads = [];
    private double[] _known = []; // [K] the last weights
    private int[] _active = [];
    private ulong _seed;

    public ReadOnlySpan<double> Weights => _known;

    public void Prepare(Network network, StrategyContext context)
    {
        int tasks = network.Tasks;
        _products = new double[tasks * tasks];
        _losses = new double[tasks];
        _activeLosses = new double[tasks];
        _weights = new double[tasks];
        _heads = new double[tasks];
        _known = new double[tasks];
        _active = new int[tasks];
        _seed = context.Seed;
        network.ConfigureGradients(options.GradientMemory, matrices: _rule.Matrices);
    }

    public void Step(Network network, ReadOnlySpan<int> tasks, in UpdateOptions update, in BatchContext batch)
    {
        network.TaskGradients(
            tasks, new GradientRequest() with { AllLosses = update.AllLosses }, _products.AsSpan(0, tasks.Length * tasks.Length));
        network.ReadLosses(_losses);
        int count = 0;
        foreach (int task in tasks)
        {
            if (double.IsNaN(_losses[task])) continue;
            _active[count] = task;
            _activeLosses[count++] = _losses[task];
        }

        if (count == 0) return;
        var inputs = new AggregationInputs(
            _active.AsSpan(0, count), network.Tasks, _activeLosses.AsSpan(0, count), _seed, batch.Index);
        Span<double> weights = _weights.AsSpan(0, count), heads = _heads.AsSpan(0, count);
        weights.Fill(1);
        // Gradients that are no numbers any more: nothing can be decided; the plain sum lets the loss show it.
        GradientCombination combination = AllFinite(_products.AsSpan(0, tasks.Length * tasks.Length))
            ? _rule.Combine(network, inputs, weights)
            : new GradientCombination(CombinationKind.Gradients);
        heads.Fill(1);
        if (options.HeadScaling == HeadScaling.Weighted) weights.CopyTo(heads);
        for (int i = 0; i < count; i++) _known[_active[i]] = weights[i];
        network.StepCombined(inputs.Tasks, weights, heads, combination, update);
    }

    private static bool AllFinite(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
            if (!double.IsFinite(value)) return false;
        return true;
    }
}

using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MtlHybrid.Engine;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>
/// A step whose weights follow from inner products of task gradients: the core gives the products, the weights are chosen
/// among the tasks that have a label, and the core steps on the weighted sum. A task whose gradient is not seen by an
/// estimate (no label in the part of the batch it looks at) keeps the weight it had; before its first it steps with 0.
/// </summary>
internal abstract class ProductStep(AggregatorOptions options, GradientRequest request) : IGroupStep
{
    private double[] _products = [];
    private double[] _losses = []; // [K]
    private double[] _known = []; // [K] the last weights
    private double[] _shared = [];
    private double[] _heads = [];
    private double[] _activeLosses = [];
    private double[] _activeWeights = [];
    private int[] _active = []; // tasks of the K x K problem
    private int[] _places = []; // among the tasks of the step
    private bool[] _weighed = []; // [K] has had a weight
    private DenseMatrix _gram = DenseMatrix.Create(1, 1, 0);
    private StrategyContext? _context;
    private long _remarks;

    public ReadOnlySpan<double> Weights => _known;

    public void Prepare(Network network, StrategyContext context)
    {
        int tasks = network.Tasks;
        _context = context;
        _products = new double[request.Parts * tasks * request.Parts * tasks];
        _losses = new double[tasks];
        _known = new double[tasks];
        _shared = new double[tasks];
        _heads = new double[tasks];
        _activeLosses = new double[tasks];
        _activeWeights = new double[tasks];
        _active = new int[tasks];
        _places = new int[tasks];
        _weighed = new bool[tasks];
        network.ConfigureGradients(options.GradientMemory, request.Parts);
    }

    public void Step(Network network, ReadOnlySpan<int> tasks, in UpdateOptions update, in BatchContext batch)
    {
        if (options.Gradients.Kind != GradientEstimateKind.Interval || batch.Index % options.Gradients.Interval == 0 || !AllWeighed(tasks))
            Weigh(network, tasks, update, batch);
        for (int i = 0; i < tasks.Length; i++)
        {
            _shared[i] = _known[tasks[i]];
            _heads[i] = options.HeadScaling == HeadScaling.Weighted ? _shared[i] : 1;
        }

        network.StepWeighted(tasks, _shared.AsSpan(0, tasks.Length), _heads.AsSpan(0, tasks.Length), update);
    }

    /// <summary>The weights of the tasks that take part.</summary>
    /// <param name="products">[parts n, parts n]; the tasks of the first part first.</param>
    /// <param name="inputs">Which tasks these are.</param>
    /// <param name="weights">[n], written.</param>
    /// <returns>What is worth a line in the log; null: nothing.</returns>
    protected abstract string? Weigh(Matrix<double> products, in AggregationInputs inputs, Span<double> weights);

    private bool AllWeighed(ReadOnlySpan<int> tasks)
    {
        foreach (int task in tasks)
            if (!_weighed[task]) return false;
        return true;
    }

    private void Weigh(Network network, ReadOnlySpan<int> tasks, in UpdateOptions update, in BatchContext batch)
    {
        int size = request.Parts * tasks.Length;
        GradientRequest wanted = request with
        {
            Rows = options.Gradients.Kind == GradientEstimateKind.Subsample ? (int)Math.Ceiling(options.Gradients.Share * network.BatchRows) : 0,
            Scope = options.Gradients.Kind == GradientEstimateKind.Representation ? GradientScope.Representation : request.Scope,
            AllLosses = update.AllLosses,
        };
        Span<double> products = _products.AsSpan(0, size * size);
        network.TaskGradients(tasks, wanted, products);
        network.ReadLosses(_losses);
        int count = Select(tasks, products, size, partly: request.Parts > 1 || wanted.Rows > 0);
        if (count == 0) return;
        Fill(products, size, tasks.Length, count);
        var inputs = new AggregationInputs(
            _active.AsSpan(0, count), network.Tasks, _activeLosses.AsSpan(0, count), _context!.Seed, batch.Index);
        Span<double> weights = _activeWeights.AsSpan(0, count);
        // Gradients that are no numbers any more: nothing can be decided; the plain sum lets the loss show it.
        if (AllFinite(products)) Remark(Weigh(_gram, inputs, weights));
        else weights.Fill(1);
        for (int i = 0; i < count; i++)
        {
            _known[_active[i]] = weights[i];
            _weighed[_active[i]] = true;
        }
    }

    /// <summary>The tasks of the K x K problem: those with a label, and in a part of the batch those seen in it.</summary>
    private int Select(ReadOnlySpan<int> tasks, ReadOnlySpan<double> products, int size, bool partly)
    {
        int count = 0;
        for (int i = 0; i < tasks.Length; i++)
        {
            if (double.IsNaN(_losses[tasks[i]])) continue;
            bool seen = true;
            for (int row = i; partly && row < size; row += tasks.Length) seen &= products[(row * size) + row] != 0;
            if (!seen) continue;
            _active[count] = tasks[i];
            _activeLosses[count] = _losses[tasks[i]];
            _places[count++] = i;
        }

        return count;
    }

    private void Fill(ReadOnlySpan<double> products, int size, int tasks, int count)
    {
        int rows = request.Parts * count;
        if (_gram.RowCount != rows) _gram = DenseMatrix.Create(rows, rows, 0);
        for (int i = 0; i < rows; i++)
        {
            int from = ((i / count * tasks) + _places[i % count]) * size;
            for (int j = 0; j < rows; j++) _gram.At(i, j, products[from + (j / count * tasks) + _places[j % count]]);
        }
    }

    private static bool AllFinite(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
            if (!double.IsFinite(value)) return false;
        return true;
    }

    // The first, and then ever fewer: a solver that does not converge on one batch may not on thousands.
    private void Remark(string? remark)
    {
        if (remark is null) return;
        if (long.IsPow2(++_remarks)) StrategyLog.Remark(_context!.Logger, options.Name, remark, _remarks);
    }
}

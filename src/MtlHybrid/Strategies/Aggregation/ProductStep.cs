using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MtlHybrid.Engine;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>
/// A step whose weights follow from inner products of task gradients: the core gives the products, the weights are chosen
/// among the tasks that have a label, and the core steps on the weighted sum. A task whose gradient is not seen by an
/// estimate (no label in the part of the batch it looks at) keeps the weight it had; before its first it steps with 0.
/// </summary>
internal abstract class ProductStep(AggregatorOptions options, GradientRequest request) : GroupStep(options, request.Parts)
{
    private double[] _shared = [];
    private bool[] _weighed = []; // [K] has had a weight
    private DenseMatrix _gram = DenseMatrix.Create(1, 1, 0);
    private ILogger _logger = NullLogger.Instance;
    private long _remarks;

    public override void Prepare(Network network, StrategyContext context)
    {
        base.Prepare(network, context);
        _shared = new double[network.Tasks];
        _weighed = new bool[network.Tasks];
        _logger = context.Logger;
    }

    public override void Step(Network network, ReadOnlySpan<int> tasks, in UpdateOptions update, in BatchContext batch)
    {
        if (Options.Gradients.Kind != GradientEstimateKind.Interval || batch.Index % Options.Gradients.Interval == 0 || !AllWeighed(tasks))
            Weigh(network, tasks, update, batch);
        Span<double> shared = _shared.AsSpan(0, tasks.Length);
        for (int i = 0; i < tasks.Length; i++) shared[i] = Weights[tasks[i]];
        network.StepWeighted(tasks, shared, HeadWeights(shared), update);
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
        GradientRequest wanted = request with
        {
            Rows = Options.Gradients.Kind == GradientEstimateKind.Subsample ? (int)Math.Ceiling(Options.Gradients.Share * network.BatchRows) : 0,
            Scope = Options.Gradients.Kind == GradientEstimateKind.Representation ? GradientScope.Representation : request.Scope,
            AllLosses = update.AllLosses,
        };
        AggregationInputs inputs = Measure(network, tasks, wanted, batch, out ReadOnlySpan<double> products);
        int count = inputs.Tasks.Length;
        if (count == 0) return;
        Fill(products, tasks.Length, count);
        Span<double> weights = PlainWeights(count);
        if (CanDecide(products)) Remark(Weigh(_gram, inputs, weights));
        Keep(inputs.Tasks, weights);
        foreach (int task in inputs.Tasks) _weighed[task] = true;
    }

    private void Fill(ReadOnlySpan<double> products, int tasks, int count)
    {
        int size = request.Parts * tasks;
        int rows = request.Parts * count;
        if (_gram.RowCount != rows) _gram = DenseMatrix.Create(rows, rows, 0);
        for (int i = 0; i < rows; i++)
        {
            int from = ((i / count * tasks) + Places[i % count]) * size;
            for (int j = 0; j < rows; j++) _gram.At(i, j, products[from + (j / count * tasks) + Places[j % count]]);
        }
    }

    // The first, and then ever fewer: a solver that does not converge on one batch may not on thousands.
    private void Remark(string? remark)
    {
        if (remark is null) return;
        if (long.IsPow2(++_remarks)) StrategyLog.Remark(_logger, Options.Name, remark, _remarks);
    }
}

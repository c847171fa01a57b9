using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Data;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>A way to combine given task gradients into one direction: an aggregator of the list of strategies, or their sum or mean.</summary>
public sealed class AggregatorMethod
{
    private readonly AggregatorOptions? _defaults;
    private readonly bool _mean;

    private AggregatorMethod(string name, string summary, AggregatorOptions? defaults, bool mean)
    {
        (Name, Summary, _defaults, _mean) = (name, summary, defaults, mean);
        Options = defaults is null ? [] : [.. OptionAssignment.List(defaults).Where(option => option.IsOwn)];
    }

    /// <summary>As on the command line.</summary>
    public string Name { get; }

    /// <summary>One line for people, without a full stop.</summary>
    public string Summary { get; }

    /// <summary>The options that change the direction; those that only matter in training are left out.</summary>
    public IReadOnlyList<AssignableOption> Options { get; }

    /// <summary>Throws when the options cannot be.</summary>
    /// <param name="assignments">Options as "name=value".</param>
    /// <exception cref="InvalidOptionException">No such option, or a value outside its range; says what there is.</exception>
    public void Check(IEnumerable<string> assignments) => Configure(assignments);

    /// <summary>The direction of one Jacobian, as of the first batch of a run.</summary>
    /// <param name="jacobian">[n, P]; rows = task gradients; finite; n and P at least 1.</param>
    /// <param name="assignments">Options as "name=value".</param>
    /// <param name="seed">Seed of what is drawn at random.</param>
    /// <exception cref="InvalidOptionException">No such option, or a value outside its range.</exception>
    /// <exception cref="DataException">The entries are so large that their squares overflow.</exception>
    /// <remarks>There are no losses: methods that use them take every loss for 1, so that rows are gradients of log losses where a
    /// method wants those. Methods that need two halves of a batch get the same gradients for both.</remarks>
    public AggregationResult Run(Matrix<double> jacobian, IEnumerable<string> assignments, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(jacobian);
        ArgumentNullException.ThrowIfNull(assignments);
        int n = jacobian.RowCount;
        double[] losses = new double[n];
        Array.Fill(losses, 1);
        var inputs = new AggregationInputs([.. Enumerable.Range(0, n)], n, losses, seed);
        AggregationResult result = Configure(assignments) switch
        {
            GramAggregatorOptions gram => Weigh(gram.CreateAggregator(), jacobian, inputs),
            HalfBatchAggregatorOptions halves => Weigh(halves.CreateAggregator(), jacobian, inputs),
            MatrixAggregatorOptions matrix => Combine(matrix.CreateAggregator(), jacobian, inputs),
            _ => Weigh(new EqualWeights(_mean), jacobian, inputs),
        };
        return result.Direction.All(double.IsFinite) ? result : throw TooLarge();
    }

    internal static AggregatorMethod Of(AggregatorOptions defaults) => new(defaults.Name, defaults.Describe().Summary, defaults, mean: false);

    internal static AggregatorMethod Equal(string name, string summary, bool mean) => new(name, summary, null, mean);

    private AggregatorOptions? Configure(IEnumerable<string> assignments)
    {
        if (_defaults is not null) return OptionAssignment.Apply(_defaults, assignments, ownOnly: true);
        foreach (string assignment in assignments)
            throw new InvalidOptionException($"options of {Name}", "left out, since it has none", $"'{assignment}'");
        return null;
    }

    private static AggregationResult Weigh(IGramAggregator aggregator, Matrix<double> jacobian, in AggregationInputs inputs)
    {
        double[] weights = new double[jacobian.RowCount];
        string? remark = aggregator.Weigh(Gram(jacobian), inputs, weights);
        return new AggregationResult(Sum(jacobian, weights), weights, remark);
    }

    private static AggregationResult Weigh(IHalfBatchAggregator aggregator, Matrix<double> jacobian, in AggregationInputs inputs)
    {
        double[] weights = new double[jacobian.RowCount];
        aggregator.Weigh(Gram(jacobian.Stack(jacobian)), inputs, weights);
        return new AggregationResult(Sum(jacobian, weights), weights, null);
    }

    private static AggregationResult Combine(IMatrixAggregator aggregator, Matrix<double> jacobian, in AggregationInputs inputs)
    {
        Vector<double> direction = aggregator.Combine(jacobian, inputs);
        return new AggregationResult([.. direction], (aggregator as IWeightedMatrixAggregator)?.Weights, null);
    }

    private static Matrix<double> Gram(Matrix<double> jacobian)
    {
        Matrix<double> gram = jacobian.TransposeAndMultiply(jacobian);
        return gram.Enumerate().All(double.IsFinite) ? gram : throw TooLarge();
    }

    private static double[] Sum(Matrix<double> jacobian, double[] weights) => jacobian.LeftMultiply(Vector<double>.Build.Dense(weights)).ToArray();

    private static DataException TooLarge() => new("the entries are so large that their squares overflow; divide them all by one number");
}

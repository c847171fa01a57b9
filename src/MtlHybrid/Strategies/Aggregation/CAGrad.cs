using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Solvers;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>
/// CAGrad (Liu et al. 2021): within c |g0| of the mean gradient g0, the direction that is best for the task it is worst for. The
/// dual, min over the simplex of g_w . g0 + c |g0| |g_w|, is solved exactly: its solution is, for one t, the shortest vector g_w + t g0,
/// namely for |g_w| = t c |g0|, and then d = (g_w + t g0) / t. On one support of w, |g_w|^2 is q0 + q1 t^2, which gives t.
/// </summary>
internal sealed class CAGrad(double c, CAGradRescale rescale) : IGramAggregator
{
    private const int MaxRounds = 100;

    private readonly TaskMemory _last = new();
    private ActiveSetProgram? _program;

    public string? Weigh(Matrix<double> gram, in AggregationInputs inputs, Span<double> weights)
    {
        int size = gram.RowCount;
        GramScale.Normalize(gram, out double[]? scaled);
        weights.Fill(1.0 / size);
        if (scaled is null || c == 0) return null;
        double radius = c * Math.Sqrt(Math.Max(SpanAlgebra.QuadraticForm(scaled, weights), 0));
        string? remark = null;
        if (radius > c * Math.Sqrt(GramScale.Precision(size)))
        {
            if (_program?.Size != size) _program = new ActiveSetProgram(size, sumsToOne: true);
            _program.Load(scaled);
            Span<double> worst = new double[size];
            _last.Read(inputs, worst);
            remark = Search(_program, scaled, radius, worst, out double ratio);
            _last.Write(inputs, worst);
            // No direction is better for all tasks than the mean: where g_w vanishes it has none to add.
            if (ratio > 0) SpanAlgebra.AddScaled(weights, 1 / ratio, worst);
        }

        double factor = rescale switch
        {
            CAGradRescale.Linear => 1 / (1 + c),
            CAGradRescale.Square => 1 / (1 + (c * c)),
            _ => 1,
        };
        foreach (ref double weight in weights) weight *= factor;
        return remark;
    }

    /// <summary>Finds w and t = |g_w| / (c |g0|); t is 0 where g_w vanishes.</summary>
    private string? Search(ActiveSetProgram program, double[] gram, double radius, Span<double> worst, out double ratio)
    {
        int size = program.Size;
        double[] offset = new double[size];
        double[] flat = new double[size];
        double low = 0;
        double high = double.PositiveInfinity;
        // |g_w| = |g0| to begin with; never from the last batch: the last bits must not depend on history.
        ratio = 1 / c;
        for (int round = 0; round < MaxRounds; round++)
        {
            Array.Fill(offset, ratio / size);
            if (!program.Solve(offset, worst)) break;
            double square = SpanAlgebra.QuadraticForm(gram, worst);
            program.SolveOnSupport(new double[size], flat);
            double atZero = Math.Max(SpanAlgebra.QuadraticForm(gram, flat), 0);
            double slope = Math.Max(square - atZero, 0) / (ratio * ratio);
            bool crosses = slope < radius * radius;
            if (crosses && atZero <= GramScale.Precision(size) && square <= GramScale.Precision(size))
            {
                ratio = 0;
                return null;
            }

            // |g_w| / t falls as t grows.
            if (square > ratio * ratio * radius * radius) low = ratio;
            else high = ratio;
            double next = crosses ? Math.Sqrt(atZero / ((radius * radius) - slope)) : double.PositiveInfinity;
            if (Math.Abs(next - ratio) <= 1e-13 * ratio)
            {
                ratio = next;
                return null;
            }

            if (next > low && next < high) ratio = next;
            else if (high == double.PositiveInfinity) ratio *= 4;
            else ratio = low > 0 ? Math.Sqrt(low * high) : high / 16;
            if (high < double.PositiveInfinity && high - low <= 1e-13 * high) return null;
        }

        return $"CAGrad's search ended at its bound of {MaxRounds} rounds: the update is within its distance of the mean, but not the best there";
    }
}

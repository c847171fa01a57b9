using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Solvers;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>MGDA (Sener, Koltun 2018): the shortest vector in the convex hull of the task gradients, normalised where asked.</summary>
internal sealed class Mgda(MgdaNormalization normalization) : IGramAggregator
{
    /// <summary>A loss below this share of the largest counts as that: its gradient must stay finite.</summary>
    private const double SmallestLoss = 1e-6;

    private readonly TaskMemory _last = new();
    private ActiveSetProgram? _program;

    public string? Weigh(Matrix<double> gram, in AggregationInputs inputs, Span<double> weights)
    {
        int size = gram.RowCount;
        double[]? divisors = Divisors(gram, inputs.Losses);
        Matrix<double> normalized = divisors is null
            ? gram
            : Matrix<double>.Build.Dense(size, size, (i, j) => gram.At(i, j) / divisors[i] / divisors[j]);
        GramScale.Normalize(normalized, out double[]? scaled);
        bool solved = true;
        if (scaled is null)
        {
            weights.Fill(1.0 / size);
        }
        else
        {
            if (_program?.Size != size) _program = new ActiveSetProgram(size, sumsToOne: true);
            _program.Load(scaled);
            _last.Read(inputs, weights);
            solved = _program.Solve(new double[size], weights);
            _last.Write(inputs, weights);
        }

        if (divisors is not null)
            for (int i = 0; i < size; i++)
                weights[i] /= divisors[i];
        return solved
            ? null
            : $"MGDA's active set still changed after {_program!.MaxChanges} steps: the update is in the convex hull, but not the shortest there";
    }

    /// <summary>What the gradients are divided by, [n]; null when by nothing.</summary>
    private double[]? Divisors(Matrix<double> gram, ReadOnlySpan<double> losses)
    {
        if (normalization == MgdaNormalization.None) return null;
        double[] divisors = new double[gram.RowCount];
        Array.Fill(divisors, 1);
        if (normalization is MgdaNormalization.L2 or MgdaNormalization.LossPlus)
        {
            // A zero gradient stays zero.
            for (int i = 0; i < divisors.Length; i++)
                if (gram.At(i, i) > GramScale.Smallest)
                    divisors[i] = Math.Sqrt(gram.At(i, i));
        }

        if (normalization is MgdaNormalization.Loss or MgdaNormalization.LossPlus)
        {
            if (losses.Length != divisors.Length)
                throw new ArgumentException($"MGDA normalised by the losses needs one loss per task, {divisors.Length}; got {losses.Length}");
            double largest = 0;
            foreach (double loss in losses) largest = Math.Max(largest, Math.Abs(loss));
            for (int i = 0; i < divisors.Length; i++)
                if (largest > 0)
                    divisors[i] *= Math.Max(Math.Abs(losses[i]), SmallestLoss * largest);
        }

        return divisors;
    }
}

namespace MtlHybrid.Strategies.Solvers;

/// <summary>
/// The shortest combination of gradients under bounds: min v^T M v over v = u + x, x >= 0, and sum x = 1 where asked. The
/// box QP v >= u; with the sum and u = 0, the minimum-norm point of the convex hull. A primal active-set method (C. Lawson, R.
/// Hanson 1974, Solving Least Squares Problems, chapter 23; P. Wolfe 1976, Finding the nearest point in a polytope): exact on
/// each support, the objective falls at every change of it, so that it ends. The answer depends on the support it ends with, not
/// on the way there: a warm start changes its cost only.
/// </summary>
internal sealed class ActiveSetProgram
{
    /// <summary>How far below zero a derivative must be to count, relative to the terms that make it up.</summary>
    private const double Tolerance = 1e-13;

    private readonly int _size;
    private readonly bool _sumsToOne;
    private readonly double[] _matrix;
    private readonly double[] _norms;
    private readonly GrowingCholesky _support;
    private readonly bool[] _inSupport;
    private readonly bool[] _refused;
    private readonly double[] _linear;
    private readonly double[] _gradient;
    private readonly double[] _target;
    private readonly double[] _ones;

    /// <param name="size">Number of gradients, n.</param>
    /// <param name="sumsToOne">Whether sum x = 1 is asked.</param>
    public ActiveSetProgram(int size, bool sumsToOne)
    {
        _size = size;
        _sumsToOne = sumsToOne;
        _matrix = new double[size * size];
        _norms = new double[size];
        _support = new GrowingCholesky(size);
        _inSupport = new bool[size];
        _refused = new bool[size];
        _linear = new double[size];
        _gradient = new double[size];
        _target = new double[size];
        _ones = new double[size];
    }

    /// <summary>Number of gradients, n.</summary>
    public int Size => _size;

    /// <summary>Changes of the support after which <see cref="Solve"/> gives up.</summary>
    public int MaxChanges => 50 + (10 * _size);

    /// <summary>Sets the matrix.</summary>
    /// <param name="gram">[n, n], symmetric positive semidefinite. Copied.</param>
    public void Load(ReadOnlySpan<double> gram)
    {
        gram.CopyTo(_matrix);
        if (_sumsToOne)
        {
            // Adding a constant to every entry changes v^T M v by a constant where the sum is fixed, and makes M definite on a support
            // whose points are affinely independent. Small, so as not to swallow short gradients; not too small, so as to be seen.
            double smallest = double.PositiveInfinity;
            double sum = 0;
            for (int i = 0; i < _size; i++)
            {
                smallest = Math.Min(smallest, gram[i * (_size + 1)]);
                sum += gram[i * (_size + 1)];
            }

            double shift = Math.Max(smallest, 1e-8 * sum / _size);
            foreach (ref double entry in _matrix.AsSpan()) entry += shift;
        }

        for (int i = 0; i < _size; i++) _norms[i] = Math.Sqrt(Math.Max(_matrix[i * (_size + 1)], 0));
    }

    /// <summary>Solves the program.</summary>
    /// <param name="offset">[n] u.</param>
    /// <param name="x">[n] where to start: feasible, or all zero for none. Replaced by the solution.</param>
    /// <returns>False when the support still changed after <see cref="MaxChanges"/>: x is feasible, and no worse than the start.</returns>
    public bool Solve(ReadOnlySpan<double> offset, Span<double> x)
    {
        Derivatives(offset, _linear);
        Start(x);
        bool ordered = true;
        bool entered = false;
        for (int change = 0; change < MaxChanges; change++)
        {
            if (!MoveToTarget(x))
            {
                ordered = false;
                entered = false;
                continue;
            }

            // The objective has fallen: a row refused before may help now.
            if (entered) Array.Clear(_refused);
            int entering = Entering(offset, x);
            if (entering < 0)
            {
                if (!ordered) Reorder(x);
                return true;
            }

            entered = true;
            ordered &= _support.Count == 1 || _support.Indices[^2] < entering;
        }

        return false;
    }

    /// <summary>The solution without x >= 0 on the support that <see cref="Solve"/> ended with; x is 0 elsewhere.</summary>
    /// <param name="offset">[n] u.</param>
    /// <param name="x">[n], written.</param>
    public void SolveOnSupport(ReadOnlySpan<double> offset, Span<double> x)
    {
        Derivatives(offset, _linear);
        ReadOnlySpan<double> target = Target();
        x.Clear();
        for (int i = 0; i < target.Length; i++) x[_support.Indices[i]] = target[i];
    }

    /// <summary>The support of the start, rows in ascending order; the best vertex where there is none and the sum is given.</summary>
    private void Start(Span<double> x)
    {
        _support.Clear();
        Array.Clear(_refused);
        double sum = 0;
        for (int i = 0; i < _size; i++)
        {
            _inSupport[i] = x[i] > 0 && _support.TryAdd(_matrix, i);
            if (!_inSupport[i]) x[i] = 0;
            sum += x[i];
        }

        if (!_sumsToOne) return;
        if (_support.Count > 0)
        {
            foreach (ref double value in x) value /= sum;
            return;
        }

        int best = 0;
        for (int i = 1; i < _size; i++)
            if (Vertex(i) < Vertex(best))
                best = i;
        x[best] = 1;
        _inSupport[best] = _support.TryAdd(_matrix, best);

        double Vertex(int i) => (_matrix[i * (_size + 1)] / 2) + _linear[i];
    }

    /// <summary>Goes to the solution on the support, or as far as x >= 0 lets it: then false, and what became 0 has left.</summary>
    private bool MoveToTarget(Span<double> x)
    {
        ReadOnlySpan<double> target = Target();
        double step = 1;
        int leaving = -1;
        for (int i = 0; i < target.Length; i++)
        {
            if (target[i] > 0) continue;
            double here = x[_support.Indices[i]];
            // A row that came in on rounding alone goes out again, and is not asked a second time.
            double reach = here == 0 ? 0 : here / (here - target[i]);
            if (leaving >= 0 && reach >= step) continue;
            leaving = i;
            step = reach;
        }

        for (int i = 0; i < target.Length; i++)
        {
            ref double value = ref x[_support.Indices[i]];
            value = leaving < 0 ? target[i] : i == leaving ? 0 : Math.Max(value + (step * (target[i] - value)), 0);
        }

        if (leaving < 0) return true;
        int row = _support.Indices[leaving];
        _support.RemoveAt(leaving);
        _inSupport[row] = false;
        if (step > 0) Array.Clear(_refused);
        else _refused[row] = true;
        return false;
    }

    /// <summary>Adds the row that promises most to the support; -1 when none does, and x is the solution.</summary>
    private int Entering(ReadOnlySpan<double> offset, ReadOnlySpan<double> x)
    {
        for (int i = 0; i < _size; i++) _target[i] = offset[i] + x[i];
        Derivatives(_target, _gradient);
        double level = 0;
        double terms = 0;
        for (int i = 0; i < _size; i++)
        {
            if (_sumsToOne) level += x[i] * _gradient[i];
            terms += Math.Abs(_target[i]) * _norms[i];
        }

        while (true)
        {
            int best = -1;
            double promise = -Tolerance * terms;
            for (int i = 0; i < _size; i++)
            {
                if (_inSupport[i] || _refused[i] || _norms[i] == 0) continue;
                double slope = (_gradient[i] - level) / _norms[i];
                if (!(slope < promise)) continue;
                promise = slope;
                best = i;
            }

            if (best < 0) return -1;
            if (_support.TryAdd(_matrix, best))
            {
                _inSupport[best] = true;
                return best;
            }

            _refused[best] = true;
        }
    }

    /// <summary>The same support, factored in ascending order: the same bits whatever the way there was.</summary>
    private void Reorder(Span<double> x)
    {
        _support.Clear();
        for (int i = 0; i < _size; i++)
            if (_inSupport[i] && !_support.TryAdd(_matrix, i))
                return;
        ReadOnlySpan<double> target = Target();
        foreach (double value in target)
            if (!(value > 0))
                return;
        for (int i = 0; i < target.Length; i++) x[_support.Indices[i]] = target[i];
    }

    /// <summary>The solution on the support: M_SS x_S = -(M u)_S, plus a multiple of M_SS^-1 1 where the sum is given.</summary>
    private Span<double> Target()
    {
        Span<double> target = _target.AsSpan(0, _support.Count);
        for (int i = 0; i < target.Length; i++) target[i] = -_linear[_support.Indices[i]];
        _support.Solve(target);
        if (!_sumsToOne) return target;
        Span<double> ones = _ones.AsSpan(0, _support.Count);
        ones.Fill(1);
        _support.Solve(ones);
        double missing = 1;
        double perOne = 0;
        for (int i = 0; i < target.Length; i++)
        {
            missing -= target[i];
            perOne += ones[i];
        }

        SpanAlgebra.AddScaled(target, missing / perOne, ones);
        return target;
    }

    /// <summary>M v: half the derivatives of v^T M v.</summary>
    private void Derivatives(ReadOnlySpan<double> v, double[] result)
    {
        Array.Clear(result);
        for (int i = 0; i < _size; i++)
            if (v[i] != 0)
                SpanAlgebra.AddScaled(result, v[i], _matrix.AsSpan(i * _size, _size));
    }
}

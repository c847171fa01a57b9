using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Strategies.Solvers;

/// <summary>
/// Solves M a = a^(-p) element by element, a > 0: the minimum of the convex function a^T M a / 2 - sum psi(a_i), psi' = a^(-p), by
/// Newton's method with a line search. In unit gradients: with the norms n_i, the cosines C and x_i = n_i a_i it reads
/// C x = s x^(-p), s_i = n_i^(p-1), so that the scale of rows does no harm.
/// </summary>
/// <remarks>
/// Where a convex combination of the gradients vanishes there is no solution: weights would grow without end. The identity
/// times the precision of the inner products is added to C: weights times norms stay below about the square root of its inverse,
/// and the update goes to zero as the gradients come to oppose each other. Always started afresh: with a start from the last
/// batch the last bits would depend on history, at little gain.
/// </remarks>
internal sealed class BalanceEquation
{
    private const int MaxRounds = 200;

    private readonly double _power;
    private readonly int _size;
    private readonly double[] _matrix;
    private readonly double[] _scales;
    private readonly double[] _hessian;
    private readonly GrowingCholesky _factor;

    private BalanceEquation(double[] cosines, double[] norms, double power)
    {
        _power = power;
        _size = norms.Length;
        _matrix = cosines;
        for (int i = 0; i < _size; i++) _matrix[i * (_size + 1)] += GramScale.Precision(_size);
        // Where gradients are orthogonal, x_i = s_i^(1/(1+p)).
        _scales = [.. norms.Select(norm => Math.Pow(norm, (power - 1) / (power + 1)))];
        _hessian = new double[_size * _size];
        _factor = new GrowingCholesky(_size);
    }

    /// <summary>Solves the equation.</summary>
    /// <param name="gram">[n, n] M.</param>
    /// <param name="power">p, above 0.</param>
    /// <param name="weights">[n] a, written; 0 where the gradient is zero.</param>
    /// <returns>False when Newton's method did not converge: the weights are its last iterate, positive and finite.</returns>
    public static bool Solve(Matrix<double> gram, double power, Span<double> weights)
    {
        weights.Clear();
        UnitGram unit = UnitGram.Of(gram);
        int size = unit.Rows.Length;
        if (size == 0) return true;
        double scale = Math.Sqrt(unit.Norms.Sum(norm => norm * norm / size));
        double[] norms = [.. unit.Norms.Select(norm => norm / scale)];
        double[] x = new double[size];
        bool converged = new BalanceEquation(unit.Cosines, norms, power).Minimize(x);
        // M = scale^2 M': a = scale^(-2/(1+p)) a'.
        double back = Math.Pow(scale, -2 / (1 + power));
        for (int i = 0; i < size; i++) weights[unit.Rows[i]] = x[i] / norms[i] * back;
        return converged;
    }

    private bool Minimize(double[] x)
    {
        // The best point on the ray through the solution for orthogonal gradients.
        double ray = Math.Pow(SpanAlgebra.Dot(_scales, _scales) / SpanAlgebra.QuadraticForm(_matrix, _scales), 1 / (1 + _power));
        for (int i = 0; i < _size; i++) x[i] = ray * _scales[i];
        double[] direction = new double[_size];
        double[] product = new double[_size];
        double[] trial = new double[_size];
        double last = double.PositiveInfinity;
        for (int round = 0; round < MaxRounds; round++)
        {
            if (!Direction(x, direction, out double decrement, out double size)) return false;
            double change = 0;
            double longest = double.PositiveInfinity;
            for (int i = 0; i < _size; i++)
            {
                change = Math.Max(change, Math.Abs(direction[i]) / x[i]);
                if (direction[i] < 0) longest = Math.Min(longest, -x[i] / direction[i]);
            }

            // So near that every full step squares the error, or that the objective has no digits left to judge steps by.
            bool near = change <= 0.01 || decrement <= 1e-9 * size;
            double step = near ? Math.Min(1, 0.95 * longest) : Search(x, direction, product, trial, decrement, longest);
            if (step == 0) return false;
            SpanAlgebra.AddScaled(x, step, direction);
            // Squared once more it is nothing; or it does not fall any more, because the residual is rounding alone.
            if (change <= 1e-9 || (near && step == 1 && change > 0.3 * last)) return true;
            last = near && step == 1 ? change : double.PositiveInfinity;
        }

        return false;
    }

    /// <summary>Newton's direction -H^-1 r, its decrement r^T H^-1 r, and the size of the terms of the objective.</summary>
    private bool Direction(double[] x, double[] direction, out double decrement, out double size)
    {
        decrement = 0;
        size = 0;
        _matrix.CopyTo(_hessian, 0);
        _factor.Clear();
        double[] residual = new double[_size];
        for (int i = 0; i < _size; i++)
        {
            double ratio = x[i] / _scales[i];
            double force = Math.Pow(ratio, -_power);
            residual[i] = SpanAlgebra.Dot(_matrix.AsSpan(i * _size, _size), x) - (_scales[i] * force);
            direction[i] = -residual[i];
            size += x[i] * _scales[i] * force;
            _hessian[i * (_size + 1)] += _power * force / ratio;
        }

        for (int i = 0; i < _size; i++)
            if (!_factor.TryAdd(_hessian, i))
                return false;
        _factor.Solve(direction);
        decrement = -SpanAlgebra.Dot(residual, direction);
        return double.IsFinite(decrement);
    }

    /// <summary>A step that lowers the objective enough (Armijo); 0 when there is none.</summary>
    private double Search(double[] x, double[] direction, double[] product, double[] trial, double decrement, double longest)
    {
        for (int i = 0; i < _size; i++) product[i] = SpanAlgebra.Dot(_matrix.AsSpan(i * _size, _size), direction);
        double linear = SpanAlgebra.Dot(product, x);
        double quadratic = SpanAlgebra.Dot(product, direction);
        double step = Math.Min(1, 0.95 * longest);
        for (int halving = 0; halving < 60; halving++, step /= 2)
        {
            for (int i = 0; i < _size; i++) trial[i] = x[i] + (step * direction[i]);
            double change = (step * linear) + (step * step * quadratic / 2);
            for (int i = 0; i < _size; i++) change -= Gain(i, x[i], trial[i]);
            if (change <= -1e-4 * step * decrement) return step;
        }

        return 0;
    }

    /// <summary>s_i times the integral of x^(-p) from one value to the other.</summary>
    private double Gain(int i, double from, double to)
    {
        double scale = _scales[i] * _scales[i];
        double growth = Math.Log(to / from);
        double exponent = 1 - _power;
        if (exponent == 0) return scale * growth;
        return scale * Math.Pow(from / _scales[i], exponent) * Expm1(exponent * growth) / exponent;
    }

    /// <summary>e^t - 1 without loss of digits near 0.</summary>
    private static double Expm1(double t) => Math.Abs(t) < 1e-5 ? t + (t * t / 2) : Math.Exp(t) - 1;
}

using System.Numerics;
using System.Runtime.InteropServices;

namespace MtlHybrid.Grouping;

/// <summary>
/// The messages of affinity propagation for one number of tasks K. All buffers are flat, [K, K] row-major, and are used again
/// from run to run; a round allocates nothing. Sums run in the order of scikit-learn's, so that oscillating cases agree too.
/// </summary>
internal sealed class MessagePassing(int tasks)
{
    private readonly double[] _similarity = new double[tasks * tasks];
    private readonly double[] _responsibility = new double[tasks * tasks];
    private readonly double[] _availability = new double[tasks * tasks];

    // Per column k: R(k,k) + sum over i != k of max(0, R(i,k)).
    private readonly double[] _support = new double[tasks];
    private readonly bool[] _exemplar = new bool[tasks];

    public int Tasks => tasks;

    /// <summary>Sets the similarities and forgets all messages.</summary>
    public void Start(ReadOnlySpan<double> similarities, double preference, ScikitLearnNoise noise)
    {
        similarities.CopyTo(_similarity);
        for (int i = 0; i < tasks; i++)
            _similarity[i * (tasks + 1)] = preference;
        // Noise far below any difference that means something, so that ties do not keep the messages swinging.
        const double relative = 2.220446049250313e-16, absolute = 2.2250738585072014e-308 * 100;
        for (int i = 0; i < _similarity.Length; i++)
            _similarity[i] += (relative * _similarity[i] + absolute) * noise.Next();
        Array.Clear(_responsibility);
        Array.Clear(_availability);
        Array.Clear(_exemplar);
    }

    /// <summary>Passes messages until the exemplars have settled; false when they had not after the rounds allowed.</summary>
    public bool Run(double damping, int maxIterations, int convergenceIterations, out int iterations)
    {
        int unchanged = 0;
        for (iterations = 1; iterations <= maxIterations; iterations++)
        {
            UpdateResponsibilities(damping);
            UpdateAvailabilities(damping);
            unchanged = UpdateExemplars(out bool any) ? 1 : unchanged + 1;
            if (any && unchanged >= convergenceIterations && iterations > convergenceIterations) return true;
        }

        iterations = maxIterations;
        return false;
    }

    /// <summary>Label per task: the index of its exemplar. Null when no task is an exemplar.</summary>
    public int[]? Assign()
    {
        int[] exemplars = [.. Enumerable.Range(0, tasks).Where(task => _exemplar[task])];
        if (exemplars.Length == 0) return null;

        int[] labels = JoinNearest(exemplars);
        for (int c = 0; c < exemplars.Length; c++)
            exemplars[c] = MostCentral([.. Enumerable.Range(0, tasks).Where(task => labels[task] == c)]);
        labels = JoinNearest(exemplars);
        return Array.ConvertAll(labels, c => exemplars[c]);
    }

    private void UpdateResponsibilities(double damping)
    {
        Array.Clear(_support);
        for (int i = 0; i < tasks; i++)
        {
            Span<double> responsibility = Row(_responsibility, i);
            ReadOnlySpan<double> similarity = Row(_similarity, i), availability = Row(_availability, i);
            (double first, double second) = TwoLargestSums(availability, similarity);
            double supportBefore = _support[i];
            UpdateResponsibilities(similarity, availability, responsibility, _support, first, second, damping);
            // A task's responsibility for itself counts with its sign.
            _support[i] = supportBefore + responsibility[i];
        }
    }

    private void UpdateAvailabilities(double damping)
    {
        for (int i = 0; i < tasks; i++)
        {
            Span<double> availability = Row(_availability, i);
            ReadOnlySpan<double> responsibility = Row(_responsibility, i);
            double self = availability[i] * damping - (responsibility[i] - _support[i]) * (1 - damping);
            UpdateAvailabilities(responsibility, _support, availability, damping);
            availability[i] = self;
        }
    }

    private bool UpdateExemplars(out bool any)
    {
        bool changed = false;
        any = false;
        for (int i = 0; i < tasks; i++)
        {
            bool exemplar = _availability[i * (tasks + 1)] + _responsibility[i * (tasks + 1)] > 0;
            changed |= exemplar != _exemplar[i];
            any |= exemplar;
            _exemplar[i] = exemplar;
        }

        return changed;
    }

    private int[] JoinNearest(int[] exemplars)
    {
        int[] labels = new int[tasks];
        for (int i = 0; i < tasks; i++)
            for (int c = 1; c < exemplars.Length; c++)
                if (_similarity[i * tasks + exemplars[c]] > _similarity[i * tasks + exemplars[labels[i]]])
                    labels[i] = c;
        for (int c = 0; c < exemplars.Length; c++)
            labels[exemplars[c]] = c;
        return labels;
    }

    private int MostCentral(int[] members)
    {
        int best = members[0];
        double bestSum = double.NegativeInfinity;
        foreach (int candidate in members)
        {
            double sum = 0;
            foreach (int member in members)
                sum += _similarity[member * tasks + candidate];
            if (sum > bestSum) (best, bestSum) = (candidate, sum);
        }

        return best;
    }

    private Span<double> Row(double[] matrix, int i) => matrix.AsSpan(i * tasks, tasks);

    /// <summary>The largest and the second largest of a + s (equal where the largest occurs twice).</summary>
    private static (double First, double Second) TwoLargestSums(ReadOnlySpan<double> a, ReadOnlySpan<double> s)
    {
        double first = double.NegativeInfinity, second = double.NegativeInfinity;
        ReadOnlySpan<Vector<double>> va = MemoryMarshal.Cast<double, Vector<double>>(a), vs = MemoryMarshal.Cast<double, Vector<double>>(s);
        if (va.Length > 0)
        {
            Vector<double> firsts = new(first), seconds = new(first);
            for (int v = 0; v < va.Length; v++)
            {
                Vector<double> sum = va[v] + vs[v];
                seconds = Vector.Max(seconds, Vector.Min(firsts, sum));
                firsts = Vector.Max(firsts, sum);
            }

            for (int lane = 0; lane < Vector<double>.Count; lane++)
            {
                Include(firsts[lane]);
                Include(seconds[lane]);
            }
        }

        for (int k = va.Length * Vector<double>.Count; k < a.Length; k++)
            Include(a[k] + s[k]);
        return (first, second);

        void Include(double sum)
        {
            second = Math.Max(second, Math.Min(first, sum));
            first = Math.Max(first, sum);
        }
    }

    /// <summary>One row of R, and its positive part added to the support of every column.</summary>
    private static void UpdateResponsibilities(ReadOnlySpan<double> s, ReadOnlySpan<double> a, Span<double> r, Span<double> support,
        double first, double second, double damping)
    {
        double fresh = 1 - damping;
        ReadOnlySpan<Vector<double>> va = MemoryMarshal.Cast<double, Vector<double>>(a), vs = MemoryMarshal.Cast<double, Vector<double>>(s);
        Span<Vector<double>> vr = MemoryMarshal.Cast<double, Vector<double>>(r), vsupport = MemoryMarshal.Cast<double, Vector<double>>(support);
        Vector<double> firsts = new(first), seconds = new(second);
        for (int v = 0; v < vr.Length; v++)
        {
            Vector<double> rival = Vector.ConditionalSelect(Vector.Equals(va[v] + vs[v], firsts), seconds, firsts);
            Vector<double> updated = vr[v] * damping + (vs[v] - rival) * fresh;
            vr[v] = updated;
            vsupport[v] += Vector.Max(updated, Vector<double>.Zero);
        }

        for (int k = vr.Length * Vector<double>.Count; k < r.Length; k++)
        {
            double rival = a[k] + s[k] == first ? second : first;
            r[k] = r[k] * damping + (s[k] - rival) * fresh;
            support[k] += Math.Max(r[k], 0);
        }
    }

    /// <summary>One row of A, as if all of it were off the diagonal.</summary>
    private static void UpdateAvailabilities(ReadOnlySpan<double> r, ReadOnlySpan<double> support, Span<double> a, double damping)
    {
        double fresh = 1 - damping;
        ReadOnlySpan<Vector<double>> vr = MemoryMarshal.Cast<double, Vector<double>>(r), vsupport = MemoryMarshal.Cast<double, Vector<double>>(support);
        Span<Vector<double>> va = MemoryMarshal.Cast<double, Vector<double>>(a);
        for (int v = 0; v < va.Length; v++)
        {
            Vector<double> lacking = Vector.Max(Vector.Max(vr[v], Vector<double>.Zero) - vsupport[v], Vector<double>.Zero);
            va[v] = va[v] * damping - lacking * fresh;
        }

        for (int k = va.Length * Vector<double>.Count; k < a.Length; k++)
            a[k] = a[k] * damping - Math.Max(Math.Max(r[k], 0) - support[k], 0) * fresh;
    }
}

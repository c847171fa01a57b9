namespace MtlHybrid.Grouping;

/// <summary>
/// An upper bound of the best division of a set of tasks into at most c served sets: the best of its part in the first part of
/// all tasks plus the best of its part in the second, both solved exactly. The first is larger: tighter, and still cheap.
/// </summary>
internal sealed class TwoPartBound
{
    private readonly ServedSetValues _values;
    private readonly int _split;
    private readonly double[][] _first;
    private readonly double[][] _second;

    /// <param name="values">Of all sets.</param>
    /// <param name="most">Largest number of sets.</param>
    public TwoPartBound(ServedSetValues values, int most)
    {
        _values = values;
        _split = 2 * values.Tasks / 3;
        _first = Solve(most, 0, _split);
        _second = Solve(most, _split, values.Tasks - _split);
    }

    /// <summary>Not below the best sum for a set divided into at most <paramref name="count"/> sets.</summary>
    public double Of(int count, int set) => count == 1
        ? _values[set]
        : _first[count][set & ((1 << _split) - 1)] + _second[count][set >> _split];

    /// <summary>By number of sets and mask, shifted to begin at 0: the best sum for tasks of one part.</summary>
    private double[][] Solve(int most, int shift, int tasks)
    {
        double[][] best = [.. Enumerable.Range(0, most + 1).Select(_ => new double[1 << tasks])];
        for (int set = 1; set < 1 << tasks; set++)
        {
            best[1][set] = _values[set << shift];
            int lowest = set & -set, others = set ^ lowest;
            for (int count = 2; count <= most; count++)
            {
                double largest = double.NegativeInfinity;
                for (int more = others; ; more = (more - 1) & others)
                {
                    largest = Math.Max(largest, _values[(lowest | more) << shift] + best[count - 1][others ^ more]);
                    if (more == 0) break;
                }

                best[count][set] = largest;
            }
        }

        return best;
    }
}

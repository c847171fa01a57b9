namespace MtlHybrid.Grouping;

/// <summary>
/// Divides the tasks into at most b served sets with the largest sum of values: the exact search behind <see cref="CoverSearch"/>.
/// </summary>
/// <remarks>
/// <para>A cover and a division into served sets are the same question: give every task of a cover to the group that serves it
/// best; the other way round take the best group of every set.</para>
/// <para>best(c, U), the best division of the tasks U into at most c sets, is the maximum over the sets T of U that hold its first
/// task of value(T) + best(c - 1, U - T): dynamic programming over sets, with bounds. Values are subadditive (a group that serves a
/// union serves its parts), hence so is best(c, .): the sum over two fixed parts of the tasks, which are quickly solved,
/// bounds it from above. Where the bounds of U and of the tasks outside it add up to less than a division found by climbing,
/// U is no part of the optimum, and left out. At worst 3^(K-1) / 2 additions per set allowed beyond two.</para>
/// </remarks>
internal sealed class ServedSetPartition
{
    private const int Restarts = 40;

    private readonly ServedSetValues _values;
    private readonly int _most;
    private readonly int _all;
    private readonly double _tolerance;

    /// <param name="values">Of all sets.</param>
    /// <param name="most">b, from 1 to the number of tasks.</param>
    public ServedSetPartition(ServedSetValues values, int most)
    {
        (_values, _most) = (values, most);
        _all = (1 << values.Tasks) - 1;
        // Sums of the same numbers in another order.
        for (int task = 0; task < values.Tasks; task++) _tolerance += 1e-12 * Math.Abs(values[1 << task]);
    }

    /// <summary>The sets, as few as reach the best sum.</summary>
    public int[] Solve()
    {
        double least = Value(Climb(_most)) - _tolerance;
        // best[c][U / 2] for sets U without task 0, which belongs to the first set.
        var best = new List<double[]> { new double[1], WithoutFirst() };
        var sums = new List<double> { double.NegativeInfinity, _values[_all] };
        var bound = new TwoPartBound(_values, _most);
        for (int count = 2; count <= _most; count++)
        {
            sums.Add(MaximumOver(_all, best[count - 1], out _));
            if (count < _most) best.Add(Layer(count, best, bound, least));
        }

        int fewest = sums.FindIndex(sum => sum >= sums[^1] - _tolerance);
        var sets = new List<int>();
        int rest = _all;
        for (int count = fewest; rest != 0; count--)
        {
            int first = rest;
            if (count > 1) MaximumOver(rest, best[count - 1], out first);
            sets.Add(first);
            rest ^= first;
        }

        return [.. sets];
    }

    private double Value(int[] sets) => sets.Sum(set => _values[set]);

    private double[] WithoutFirst()
    {
        double[] values = new double[(_all >> 1) + 1];
        for (int half = 0; half < values.Length; half++) values[half] = _values[half << 1];
        return values;
    }

    /// <summary>best(count, U) for all sets U without task 0 that may be part of the optimum, an upper bound of it for the
    /// others. Whatever uses such a bound stays below <paramref name="least"/>, so that it does no harm.</summary>
    private double[] Layer(int count, List<double[]> smaller, TwoPartBound parts, double least)
    {
        double[] previous = smaller[count - 1], best = new double[previous.Length];
        int left = _most - count;
        for (int half = 1; half < best.Length; half++)
        {
            int set = half << 1, outside = _all ^ set;
            double rest = parts.Of(left, outside);
            if (left < count) rest = Math.Min(rest, smaller[left][outside >> 1] + _values[1]);
            best[half] = parts.Of(count, set);
            // One task less has been solved or bounded before.
            for (int tasks = half; tasks != 0; tasks &= tasks - 1)
            {
                int task = tasks & -tasks;
                best[half] = Math.Min(best[half], best[half ^ task] + _values[task << 1]);
            }

            if (best[half] + rest >= least) best[half] = MaximumOver(set, previous, out _);
        }

        return best;
    }

    /// <summary>The maximum over the sets T of U that hold its first task of value(T) + best(U - T), and that T.</summary>
    private double MaximumOver(int set, double[] best, out int first)
    {
        ReadOnlySpan<double> values = _values.All;
        int lowest = set & -set, others = set ^ lowest;
        double largest = double.NegativeInfinity;
        first = set;
        for (int rest = others; ; rest = (rest - 1) & others)
        {
            double sum = values[set ^ rest] + best[rest >> 1];
            if (sum > largest) (largest, first) = (sum, set ^ rest);
            if (rest == 0) return largest;
        }
    }

    /// <summary>A good division to begin with: from random ones, one task is moved or two are exchanged while that helps.</summary>
    private int[] Climb(int count)
    {
        int[] best = [_all];
        int[] sets = new int[count];
        for (int restart = 0; restart < Restarts; restart++)
        {
            var random = new SeededGenerator(0, restart);
            Array.Clear(sets);
            for (int task = 0; task < _values.Tasks; task++) sets[random.Below(count)] |= 1 << task;
            while (Step(sets))
            {
            }

            if (Value(sets) > Value(best)) best = [.. sets.Where(set => set != 0)];
        }

        return best;
    }

    private bool Step(int[] sets)
    {
        for (int a = 0; a < sets.Length; a++)
        {
            for (int b = 0; b < sets.Length; b++)
            {
                if (a == b) continue;
                double now = _values[sets[a]] + _values[sets[b]] + _tolerance;
                for (int left = sets[a]; left != 0; left &= left - 1)
                {
                    int leaving = left & -left;
                    // Against nobody, or against one of b.
                    for (int back = sets[b], coming = 0; ; back &= back - 1)
                    {
                        if (_values[sets[a] ^ leaving ^ coming] + _values[sets[b] ^ coming ^ leaving] > now)
                        {
                            (sets[a], sets[b]) = (sets[a] ^ leaving ^ coming, sets[b] ^ coming ^ leaving);
                            return true;
                        }

                        if (back == 0) break;
                        coming = back & -back;
                    }
                }
            }
        }

        return false;
    }
}

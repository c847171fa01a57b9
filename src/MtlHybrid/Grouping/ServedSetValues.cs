using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Grouping;

/// <summary>
/// For every set of tasks that one group is to serve, the largest sum of their scores over all groups that contain them. Sets are
/// bit masks.
/// </summary>
/// <remarks>
/// In a group of n members the served tasks score (affinity among themselves + what each helper gives to all of them) / (n - 1).
/// So of a given number of helpers the best are those that give most, and while a helper gives more than the value so far, it
/// raises the value: taking helpers one by one until the next no longer does finds the optimum.
/// </remarks>
internal sealed class ServedSetValues
{
    private readonly double[,] _affinity;
    private readonly double[] _values;
    // given[depth][h]: what task h gives to the set chosen down to this depth of the recursion.
    private readonly double[][] _given;

    /// <param name="affinity">[K, K], finite, row = source; K at most 30, and 2^K numbers are kept.</param>
    public ServedSetValues(Matrix<double> affinity)
    {
        _affinity = affinity.ToArray();
        Tasks = affinity.RowCount;
        for (int task = 0; task < Tasks; task++) _affinity[task, task] = 0;
        _values = new double[1 << Tasks];
        _given = [.. Enumerable.Range(0, Tasks + 1).Select(_ => new double[Tasks])];
        Fill(0, 0, 0);
    }

    public int Tasks { get; }

    /// <summary>The value of every set, by mask; 0 of the empty one.</summary>
    public ReadOnlySpan<double> All => _values;

    public double this[int set] => _values[set];

    /// <summary>The smallest group that gives a set its value.</summary>
    public int BestGroup(int set)
    {
        double[] given = new double[Tasks];
        for (int source = 0; source < Tasks; source++)
            for (int target = 0; target < Tasks; target++)
                if ((set >> target & 1) != 0)
                    given[source] += _affinity[source, target];
        Evaluate(set, given, out int group);
        return group;
    }

    private void Fill(int task, int set, int depth)
    {
        if (task == Tasks)
        {
            if (set != 0) _values[set] = Evaluate(set, _given[depth], out _);
            return;
        }

        Fill(task + 1, set, depth);
        double[] given = _given[depth], more = _given[depth + 1];
        for (int source = 0; source < Tasks; source++) more[source] = given[source] + _affinity[source, task];
        Fill(task + 1, set | 1 << task, depth + 1);
    }

    private double Evaluate(int set, double[] given, out int group)
    {
        double sum = 0;
        for (int task = 0; task < Tasks; task++)
            if ((set >> task & 1) != 0)
                sum += given[task];
        int members = BitOperations.PopCount((uint)set);
        double value = members == 1 ? CoverScore.Alone : sum / (members - 1);
        group = set;
        for (; ; )
        {
            int helper = -1;
            for (int task = 0; task < Tasks; task++)
                if ((group >> task & 1) == 0 && (helper < 0 || given[task] > given[helper]))
                    helper = task;
            if (helper < 0 || !(given[helper] > value)) return value;
            sum += given[helper];
            group |= 1 << helper;
            value = sum / members++;
        }
    }
}

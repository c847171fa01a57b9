using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Grouping;
using Xunit;

namespace MtlHybrid.Tests.Grouping;

public sealed class CoverSearchTests
{
    private static readonly CoverSearchOptions Three = new() { MaxGroups = 3 };

    [Fact]
    public void No_cover_is_better() => Gen.Select(AffinitySamples.Random(1, 6), Gen.Int[1, 4]).Sample((affinity, most) =>
    {
        GroupingResult found = Search(affinity, most);
        double best = BestByBruteForce(affinity, most);
        return found.Groups.Count <= most && found.Groups.TaskCount == affinity.RowCount
            && Math.Abs(CoverScore.Of(affinity, found.Groups) - found.Score!.Value) <= 1e-12
            && Math.Abs(found.Score.Value - best) <= 1e-9;
    }, iter: 60);

    [Fact]
    public void No_cover_of_seven_tasks_with_three_groups_is_better()
    {
        for (int seed = 0; seed < 3; seed++)
        {
            var random = new Random(seed);
            Matrix<double> affinity = Matrix<double>.Build.Dense(7, 7, (_, _) => random.NextDouble() - 0.7);
            Assert.Equal(BestByBruteForce(affinity, 3), Search(affinity, 3).Score!.Value, 1e-9);
        }
    }

    // With four groups and more, sets are left out by bounds of several kinds; here against the plain recursion over served sets.
    [Fact]
    public void Bounds_never_cost_the_optimum() => Gen.Select(AffinitySamples.Random(8, 10), Gen.Int[2, 6]).Sample((affinity, most) =>
    {
        var values = new ServedSetValues(affinity);
        double best = BestDivision(values, (1 << affinity.RowCount) - 1, most, []);
        return Math.Abs(Search(affinity, most).Score!.Value - best) <= 1e-9;
    }, iter: 25);

    [Fact]
    public void Served_sets_have_the_value_of_their_best_group() => AffinitySamples.Random(1, 7).Sample(affinity =>
    {
        var values = new ServedSetValues(affinity);
        int all = (1 << affinity.RowCount) - 1;
        return Enumerable.Range(1, all).All(served =>
        {
            double best = Enumerable.Range(1, all).Where(group => (group & served) == served).Max(group => ScoreOf(affinity, group, served));
            return Math.Abs(values[served] - best) <= 1e-12 * Math.Abs(best) + 1e-12
                && Math.Abs(ScoreOf(affinity, values.BestGroup(served), served) - best) <= 1e-12 * Math.Abs(best) + 1e-12;
        });
    }, iter: 50);

    [Fact]
    public void Planted_groups_are_found() => AffinitySamples.Planted(6, 12, 3).Where(sample => sample.Groups.All(group => group.Count >= 2)).Sample(sample =>
    {
        Matrix<double> affinity = Matrix<double>.Build.Dense(sample.Groups.TaskCount, sample.Groups.TaskCount, (i, j) =>
            sample.Groups.GroupsOf(i)[0] == sample.Groups.GroupsOf(j)[0] ? 0.5 : -0.5);
        GroupingResult found = Search(affinity, sample.Groups.Count);
        return found.Groups == sample.Groups && found.Score == 0.5 * sample.Groups.TaskCount;
    });

    [Fact]
    public void The_order_of_the_tasks_does_not_matter() => Gen.Select(AffinitySamples.Random(2, 9), Gen.Int[0, 1000]).Sample((affinity, seed) =>
    {
        int[] order = AffinitySamples.Order(affinity.RowCount, seed);
        double reordered = Search(AffinitySamples.Reordered(affinity, order), 3).Score!.Value;
        return Math.Abs(reordered - Search(affinity, 3).Score!.Value) <= 1e-9;
    });

    [Fact]
    public void More_groups_are_never_worse() => AffinitySamples.Random(2, 9).Sample(affinity =>
    {
        double[] scores = [.. Enumerable.Range(1, 4).Select(most => Search(affinity, most).Score!.Value)];
        return scores.Zip(scores.Skip(1)).All(pair => pair.Second >= pair.First - 1e-12);
    });

    // Task 0 helps both 1 and 2, which hurt each other, and gains from nobody.
    [Fact]
    public void A_task_joins_a_second_group_only_to_help()
    {
        Matrix<double> affinity = Matrix<double>.Build.DenseOfArray(new[,] { { 0, 0.9, 0.9 }, { -0.1, 0, -0.9 }, { -0.1, -0.9, 0 } });
        GroupingResult found = Search(affinity, 2);
        Assert.Equal("0,1;0,2", found.Groups.ToString());
        Assert.False(found.Groups.IsPartition);
        Assert.Equal([0, 1], found.Groups.GroupsOf(0));
        Assert.Equal(1.7, found.Score!.Value, 1e-12);
    }

    [Fact]
    public void Few_groups_are_preferred_where_more_do_not_help()
    {
        Matrix<double> equal = Matrix<double>.Build.Dense(6, 6, 0.25);
        Assert.Equal(TaskGroups.Together(6), Search(equal, 3).Groups);
        Assert.Equal(TaskGroups.Together(5), Search(Matrix<double>.Build.Dense(5, 5), 3).Groups);
        Assert.Equal(TaskGroups.Together(2), Search(Matrix<double>.Build.Dense(2, 2, -0.5), 2).Groups);
    }

    [Fact]
    public void The_groups_in_force_stay_where_they_are_as_good()
    {
        Matrix<double> equal = Matrix<double>.Build.Dense(6, 6, 0.25);
        var previous = TaskGroups.Parse("0,3;1,2,4,5");
        Assert.Equal(previous, new CoverSearch(Three).Group(equal, previous, 0).Groups);
        equal[0, 1] = 0.3;
        Assert.NotEqual(previous, new CoverSearch(Three).Group(equal, previous, 0).Groups);
    }

    [Fact]
    public void One_task_is_alone_and_scores_so() =>
        Assert.Equal(CoverScore.Alone, new CoverSearch().Group(Matrix<double>.Build.Dense(1, 1, 1), null, 0).Score);

    [Fact]
    public void By_default_there_are_at_most_as_many_groups_as_the_root_of_the_tasks()
    {
        var random = new Random(1);
        Matrix<double> affinity = Matrix<double>.Build.Dense(10, 10, (_, _) => random.NextDouble());
        Assert.Equal(Search(affinity, 3).Score, new CoverSearch().Group(affinity, null, 0).Score);
    }

    // The hard case: nothing but noise.
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Twenty_tasks_take_seconds(int most)
    {
        var random = new Random(most);
        Matrix<double> affinity = Matrix<double>.Build.Dense(20, 20, (_, _) => random.NextDouble() - 0.5);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        TaskGroups groups = Search(affinity, most).Groups;
        Assert.InRange(groups.Count, 1, most);
        Assert.Equal(20, groups.TaskCount);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 60);
    }

    [Fact]
    public void Too_many_tasks_are_refused_with_the_limit_and_what_to_use_instead()
    {
        InvalidOptionException refusal = Assert.Throws<InvalidOptionException>(() => Search(Matrix<double>.Build.Dense(21, 21), 3));
        Assert.Contains("for more than 20 tasks, for example hierarchical", refusal.Message);
        Assert.Contains("21 tasks", refusal.Message);
        Assert.Equal(20, new CoverSearch().MaximumTasks);
    }

    [Fact]
    public void Options_are_checked() => Assert.Throws<InvalidOptionException>(() => new CoverSearch(new CoverSearchOptions { MaxGroups = 0 }));

    private static GroupingResult Search(Matrix<double> affinity, int most) =>
        new CoverSearch(new CoverSearchOptions { MaxGroups = most }).Group(affinity, null, 0);

    /// <summary>Over all choices of at most <paramref name="most"/> groups that cover the tasks.</summary>
    private static double BestByBruteForce(Matrix<double> affinity, int most)
    {
        int tasks = affinity.RowCount, all = (1 << tasks) - 1;
        double[][] scores = [.. Enumerable.Range(0, all + 1).Select(group => Enumerable.Range(0, tasks)
            .Select(task => (group >> task & 1) == 0 ? double.NegativeInfinity : ScoreOf(affinity, group, 1 << task)).ToArray())];
        return Best(1, most, [.. Enumerable.Repeat(double.NegativeInfinity, tasks)]);

        double Best(int from, int left, double[] reached)
        {
            double best = reached.Sum();
            if (left == 0) return best;
            for (int group = from; group <= all; group++)
                best = Math.Max(best, Best(group + 1, left - 1, [.. reached.Zip(scores[group], Math.Max)]));
            return best;
        }
    }

    private static double ScoreOf(Matrix<double> affinity, int group, int served)
    {
        int[] members = [.. Enumerable.Range(0, affinity.RowCount).Where(task => (group >> task & 1) != 0)];
        return members.Where(task => (served >> task & 1) != 0).Sum(task =>
            members.Length == 1 ? -1e6 : members.Where(source => source != task).Average(source => affinity[source, task]));
    }

    private static double BestDivision(ServedSetValues values, int set, int most, Dictionary<(int, int), double> known)
    {
        if (set == 0) return 0;
        if (most == 1) return values[set];
        if (known.TryGetValue((set, most), out double best)) return best;
        best = double.NegativeInfinity;
        int others = set & (set - 1);
        for (int rest = others; ; rest = (rest - 1) & others)
        {
            best = Math.Max(best, values[set ^ rest] + BestDivision(values, rest, most - 1, known));
            if (rest == 0) return known[(set, most)] = best;
        }
    }
}

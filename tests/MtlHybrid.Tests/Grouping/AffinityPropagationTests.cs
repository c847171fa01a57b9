using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Grouping;
using Xunit;

namespace MtlHybrid.Tests.Grouping;

public sealed class AffinityPropagationTests
{
    private static readonly AffinityPropagationOptions Raw = new() { Normalization = AffinityNormalization.None };

    [Fact]
    public void Answers_equal_scikit_learns_on_every_case()
    {
        var wrong = new List<string>();
        foreach (AffinityPropagationCase c in AffinityPropagationCase.All)
        {
            Matrix<double> matrix = c.Matrix();
            double sum = matrix.RowSums().Sum();
            if (!(Math.Abs(sum - c.Sum) <= 1e-12 * (1 + matrix.L1Norm() * c.K))) wrong.Add($"{c}: not the script's matrix, sum {sum}");
            var clustering = new AffinityPropagation(c.Options);
            for (int seed = 0; seed < c.Answers.Count; seed++)
            {
                AffinityPropagationResult result = clustering.Cluster(matrix, (ulong)seed);
                if (result != c.Answers[seed]) wrong.Add($"{c}, noise {seed}: expected {c.Answers[seed]}, got {result}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void The_cases_cover_every_size_ties_constants_and_oscillation()
    {
        IReadOnlyList<AffinityPropagationCase> cases = AffinityPropagationCase.All;
        Assert.True(cases.Count >= 200);
        Assert.Equal(Enumerable.Range(1, 40), cases.Select(c => c.K).Distinct().Order());
        Assert.True(cases.Count(c => c.Answers.Distinct().Count() > 1) >= 10, "ties that the noise decides");
        Assert.True(cases.Count(c => !c.Answers[0].Converged) >= 20, "not converging");
        Assert.True(cases.Count(c => c.Kind.StartsWith("constant", StringComparison.Ordinal)) >= 10, "constants");
    }

    [Fact]
    public void One_task_is_one_group() =>
        Assert.Equal("0", new AffinityPropagation(Raw).Cluster(Matrix<double>.Build.Dense(1, 1, -3), 0).Groups!.ToString());

    [Theory]
    [InlineData(0.99, "0;1")]
    [InlineData(1.01, "0,1")]
    public void Two_tasks_join_only_above_their_own_gain(double mutual, string expected)
    {
        Matrix<double> affinity = Matrix<double>.Build.DenseOfArray(new[,] { { 2, 2 * mutual }, { 2 * mutual, 2 } });
        Assert.Equal(expected, new AffinityPropagation().Group(affinity, null, 0).Groups.ToString());
    }

    [Fact]
    public void Two_true_pairs_are_found()
    {
        Matrix<double> affinity = Matrix<double>.Build.DenseOfArray(new[,]
        {
            { 1.0, -0.4, 0.7, -0.5 },
            { -0.3, 0.9, -0.5, 0.6 },
            { 0.8, -0.6, 1.1, -0.4 },
            { -0.5, 0.7, -0.3, 1.2 },
        });
        Assert.Equal("0,2;1,3", new AffinityPropagation().Group(affinity, TaskGroups.Singletons(4), 7).Groups.ToString());
    }

    [Fact]
    public void Nothing_observed_yet_leaves_every_task_alone() =>
        Assert.Equal(TaskGroups.Singletons(5), new AffinityPropagation().Group(Matrix<double>.Build.Dense(5, 5), null, 0).Groups);

    [Fact]
    public void Without_convergence_the_previous_groups_stay_and_the_remark_says_so()
    {
        AffinityPropagationCase swinging = AffinityPropagationCase.All.First(c => !c.Answers[0].Converged && c.Options.Damping == 0.5
            && c.Options.MaxIterations == 200);
        AffinityPropagationOptions options = swinging.Options with { Normalization = AffinityNormalization.None, RetryIterations = 0 };
        TaskGroups previous = TaskGroups.Together(swinging.K);

        GroupingResult kept = new AffinityPropagation(options).Group(swinging.Matrix(), previous, 0);
        Assert.Equal(previous, kept.Groups);
        Assert.Contains("did not converge in 200 rounds", kept.Remark);

        GroupingResult none = new AffinityPropagation(options).Group(swinging.Matrix(), null, 0);
        Assert.Equal(TaskGroups.Singletons(swinging.K), none.Groups);
        Assert.NotNull(none.Remark);
    }

    [Fact]
    public void A_second_try_goes_on_where_the_first_stopped()
    {
        Matrix<double> matrix = AffinityPropagationCase.All.First(c => c is { Kind: "uniform", K: > 10 } && c.Answers[0].Converged).Matrix();
        AffinityPropagationOptions tooFew = Raw with { MaxIterations = 10, RetryIterations = 0 };
        Assert.NotNull(new AffinityPropagation(tooFew).Group(matrix, null, 0).Remark);
        GroupingResult retried = new AffinityPropagation(tooFew with { RetryIterations = 500 }).Group(matrix, null, 0);
        Assert.Equal(new AffinityPropagation(Raw).Group(matrix, null, 0), retried);
        Assert.Null(retried.Remark);
    }

    [Fact]
    public void One_object_serves_many_sizes_and_threads()
    {
        AffinityPropagationCase[] cases = [.. AffinityPropagationCase.All.Where(c => c.K > 3 && c.Options == new AffinityPropagationOptions())];
        var shared = new AffinityPropagation(Raw);
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 2 }, _ =>
        {
            foreach (AffinityPropagationCase c in cases.Take(60))
                Assert.Equal(c.Answers[1], shared.Cluster(c.Matrix(), 1));
        });
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Raw_similarities_that_are_not_finite_are_an_error(double value)
    {
        Matrix<double> matrix = Matrix<double>.Build.Dense(3, 3, 0.5);
        matrix[1, 2] = value;
        ArgumentException error = Assert.Throws<ArgumentException>(() => new AffinityPropagation(Raw).Cluster(matrix, 0));
        Assert.Contains("(1, 2)", error.Message);
    }

    [Fact]
    public void Options_outside_their_range_are_named()
    {
        foreach ((AffinityPropagationOptions options, string name) in new (AffinityPropagationOptions, string)[]
        {
            (Raw with { Damping = 0.4 }, "Damping"), (Raw with { Damping = 1 }, "Damping"), (Raw with { Damping = double.NaN }, "Damping"),
            (Raw with { Preference = double.NaN }, "Preference"), (Raw with { MaxIterations = 0 }, "MaxIterations"),
            (Raw with { ConvergenceIterations = 0 }, "ConvergenceIterations"), (Raw with { RetryIterations = -1 }, "RetryIterations"),
        })
            Assert.Equal(name, Assert.Throws<InvalidOptionException>(() => new AffinityPropagation(options)).Option);
    }
}

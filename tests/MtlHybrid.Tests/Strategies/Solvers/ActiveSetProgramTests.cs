using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Solvers;
using MtlHybrid.Tests.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Solvers;

/// <summary>min v^T M v over v = u + x, x >= 0, with and without sum x = 1.</summary>
public sealed class ActiveSetProgramTests
{
    public static TheoryData<int, int, bool> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, bool>();
            foreach (bool sumsToOne in new[] { false, true })
                foreach ((int rows, int rank) in new[] { (1, 1), (2, 1), (2, 2), (3, 2), (4, 1), (5, 5), (6, 3), (6, 6), (7, 12) })
                    shapes.Add(rows, rank, sumsToOne);
            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_solution_is_the_shortest_of_all_supports(int rows, int rank, bool sumsToOne)
    {
        for (int seed = 0; seed < 25; seed++)
        {
            Matrix<double> gram = Gram(rows, rank, seed);
            double[] offset = Offset(rows, seed);
            double[] x = Solve(gram, offset, sumsToOne);

            Assert.All(x, value => Assert.True(value >= 0));
            if (sumsToOne) Assert.Equal(1, x.Sum(), 1e-12);
            double best = Enumerable.Range(0, 1 << rows).Min(support => OnSupport(gram, offset, support, sumsToOne));
            double found = Square(gram, offset, x);
            Assert.True(Math.Abs(found - best) <= 1e-10 * gram.Trace(), $"seed {seed}: {found}, the best is {best}");
        }
    }

    [Theory]
    [InlineData(40, 60, false)]
    [InlineData(40, 20, true)]
    [InlineData(139, 300, false)]
    [InlineData(139, 300, true)]
    [InlineData(139, 50, true)]
    public void No_change_helps_a_large_solution(int rows, int rank, bool sumsToOne)
    {
        Matrix<double> gram = Gram(rows, rank, 1);
        double[] offset = Offset(rows, 1);
        Vector<double> x = Vector<double>.Build.Dense(Solve(gram, offset, sumsToOne));
        Vector<double> gradient = gram * (x + Vector<double>.Build.Dense(offset));
        double level = sumsToOne ? x * gradient : 0;
        double scale = gram.Diagonal().Maximum();
        for (int i = 0; i < rows; i++)
        {
            Assert.True(gradient[i] - level >= -1e-10 * scale, $"{i}: {gradient[i]} below {level}");
            Assert.True(x[i] == 0 || gradient[i] - level <= 1e-10 * scale, $"{i}: {gradient[i]} above {level}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Where_it_starts_changes_no_bit_of_the_answer(bool sumsToOne)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            Matrix<double> gram = Gram(9, 14, seed);
            double[] offset = Offset(9, seed);
            double[] cold = Solve(gram, offset, sumsToOne);
            double[] start = [.. SampledMatrix.Normal(9, 1, seed).Column(0).Select(value => Math.Max(value, 0))];
            Assert.Equal(cold, Solve(gram, offset, sumsToOne, start));
            Assert.Equal(cold, Solve(gram, offset, sumsToOne, cold));
        }
    }

    [Fact]
    public void Without_the_sign_the_solution_on_the_support_solves_its_equations()
    {
        Matrix<double> gram = Gram(6, 10, 3);
        var program = new ActiveSetProgram(6, sumsToOne: true);
        program.Load(gram.ToColumnMajorArray());
        double[] x = new double[6];
        Assert.True(program.Solve(Offset(6, 3), x));
        double[] flat = new double[6];
        program.SolveOnSupport(new double[6], flat);
        Assert.Equal(1, flat.Sum(), 1e-12);
        Vector<double> gradient = gram * Vector<double>.Build.Dense(flat);
        double[] levels = [.. Enumerable.Range(0, 6).Where(i => x[i] > 0).Select(i => gradient[i])];
        Assert.True(levels.Length > 1 && levels.Max() - levels.Min() <= 1e-12 * gram.Trace());
    }

    private static Matrix<double> Gram(int rows, int rank, int seed)
    {
        Matrix<double> jacobian = SampledMatrix.Normal(rows, rank, seed);
        return jacobian * jacobian.Transpose();
    }

    /// <summary>One entry in the first seeds, as for a gradient; then all.</summary>
    private static double[] Offset(int rows, int seed) =>
        seed % 2 == 0 ? [.. Enumerable.Range(0, rows).Select(i => i == seed % rows ? 1.0 : 0)] : [.. SampledMatrix.Normal(rows, 1, 50 + seed).Column(0)];

    private static double[] Solve(Matrix<double> gram, double[] offset, bool sumsToOne, double[]? start = null)
    {
        var program = new ActiveSetProgram(gram.RowCount, sumsToOne);
        program.Load(gram.ToColumnMajorArray());
        double[] x = start is null ? new double[gram.RowCount] : [.. start];
        Assert.True(program.Solve(offset, x));
        return x;
    }

    private static double Square(Matrix<double> gram, double[] offset, double[] x)
    {
        Vector<double> v = Vector<double>.Build.Dense(offset) + Vector<double>.Build.Dense(x);
        return v * gram * v;
    }

    /// <summary>The least square when x is 0 outside the support and of any sign inside; infinite when a sign is wrong.</summary>
    private static double OnSupport(Matrix<double> gram, double[] offset, int support, bool sumsToOne)
    {
        int[] on = [.. Enumerable.Range(0, offset.Length).Where(i => (support >> i & 1) == 1)];
        if (on.Length == 0) return sumsToOne ? double.PositiveInfinity : Square(gram, offset, new double[offset.Length]);
        int extra = sumsToOne ? 1 : 0;
        Matrix<double> equations = Matrix<double>.Build.Dense(on.Length + extra, on.Length + extra, (i, j) =>
            i < on.Length && j < on.Length ? gram[on[i], on[j]] : i == on.Length && j == on.Length ? 0 : 1);
        Vector<double> right = Vector<double>.Build.Dense(on.Length + extra, i => i < on.Length ? -(gram.Row(on[i]) * Vector<double>.Build.Dense(offset)) : 1);
        // Singular supports have a solution in a smaller one as well.
        if (equations.Svd(computeVectors: false).ConditionNumber > 1e10) return double.PositiveInfinity;
        Vector<double> solution = equations.LU().Solve(right);
        double[] x = new double[offset.Length];
        for (int i = 0; i < on.Length; i++) x[on[i]] = solution[i];
        return x.Any(value => value < 0) ? double.PositiveInfinity : Square(gram, offset, x);
    }
}

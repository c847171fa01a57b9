using CsCheck;
using MtlHybrid.Strategies.Solvers;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Solvers;

public sealed class SimplexProjectionTests
{
    private static readonly Gen<double[]> Points = Gen.Double[-3, 3].Array[1, 7];

    [Fact]
    public void The_projection_is_the_nearest_of_all_faces() => Points.Sample(point =>
    {
        double[] projected = Project(point);
        double best = Enumerable.Range(1, (1 << point.Length) - 1).Min(face => DistanceToFace(point, face));
        Assert.Equal(best, Distance(point, projected), 1e-12);
    }, iter: 500, seed: "0000000000001");

    [Fact]
    public void It_lies_on_the_simplex() => Points.Sample(point =>
    {
        double[] projected = Project([.. point.Select(value => value * 1e6)]);
        Assert.All(projected, value => Assert.True(value >= 0));
        Assert.Equal(1, projected.Sum(), 1e-9);
    }, iter: 500, seed: "0000000000001");

    [Fact]
    public void Points_of_the_simplex_stay_where_they_are()
    {
        double[] point = [0.25, 0, 0.5, 0.25];
        Assert.Equal(point, Project(point));
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(-1e300)]
    [InlineData(0)]
    public void Equal_values_of_any_size_give_equal_shares(double value) =>
        Assert.Equal([0.25, 0.25, 0.25, 0.25], Project([value, value, value, value]));

    private static double[] Project(double[] point)
    {
        double[] projected = [.. point];
        SimplexProjection.Project(projected);
        return projected;
    }

    private static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());

    /// <summary>To the projection on the face's plane; infinite when that is not on the face.</summary>
    private static double DistanceToFace(double[] point, int face)
    {
        int[] on = [.. Enumerable.Range(0, point.Length).Where(i => (face >> i & 1) == 1)];
        double shift = (1 - on.Sum(i => point[i])) / on.Length;
        double[] projected = new double[point.Length];
        foreach (int i in on) projected[i] = point[i] + shift;
        return projected.Any(value => value < 0) ? double.PositiveInfinity : Distance(point, projected);
    }
}

using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

public class TrimmedMeanTests
{
    [Fact]
    public void The_published_direction() => Near.Equal(
        [1.5, 2.5],
        Aggregate.Direction(new TrimmedMean(1), Aggregate.Rows([1e11, 3], [1, -1e11], [-1e10, 1e10], [2, 2])));

    [Fact]
    public void Nothing_trimmed_is_the_mean() => Near.Equal([1, 1, 1], Aggregate.Direction(new TrimmedMean(0), Aggregate.Published), 1e-15);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void At_least_the_median_stays(int trim) =>
        Near.Equal([2], Aggregate.Direction(new TrimmedMean(trim), Aggregate.Rows([1], [2], [1e9])), 1e-15);

    [Fact]
    public void Two_rows_cannot_be_trimmed() => Near.Equal([1, 1, 1], Aggregate.Direction(new TrimmedMean(1), Aggregate.Published), 1e-15);

    [Fact]
    public void One_task_is_its_own_mean() => Near.Equal([5, -1], Aggregate.Direction(new TrimmedMean(1), Aggregate.Rows([5, -1])), 1e-15);
}

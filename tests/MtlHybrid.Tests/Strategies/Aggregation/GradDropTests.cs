using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

public class GradDropTests
{
    [Fact]
    public void The_published_vote_six_with_probability_0_6_else_minus_four()
    {
        var aggregator = new GradDrop(leak: 0);
        int positive = 0;
        for (int batch = 0; batch < 10_000; batch++)
        {
            double[] direction = Aggregate.Direction(aggregator, Aggregate.Published, seed: 1, batch: batch);
            Assert.Equal(2, direction[1]);
            Assert.Equal(2, direction[2]);
            Assert.True(direction[0] is 6 or -4);
            if (direction[0] > 0) positive++;
        }

        // Five standard deviations.
        Assert.InRange(positive, 5755, 6245);
    }

    [Fact]
    public void The_number_of_an_element_is_the_first_Philox_word_of_its_place()
    {
        (uint word, _, _, _) = Philox4x32.Words(7, 0, 0x64726F70, 3, 42);

        Assert.Equal(word / 4294967296.0, GradDrop.Uniform(7, Aggregate.AllTasks(2, [], seed: 42, batch: 3)));
    }

    [Fact]
    public void Elements_vote_each_for_itself()
    {
        Matrix<double> jacobian = Matrix<double>.Build.Dense(2, 1000, (task, _) => task == 0 ? 3 : -1);

        double[] direction = Aggregate.Direction(new GradDrop(0), jacobian, seed: 9);

        // 3 of 4 are positive; five standard deviations.
        Assert.InRange(direction.Count(value => value == 3), 681, 819);
        Assert.All(direction, value => Assert.True(value is 3 or -1));
    }

    [Fact]
    public void What_is_dropped_leaks_by_its_share()
    {
        double[] plain = Aggregate.Direction(new GradDrop(0), Aggregate.Published, seed: 4);
        double[] leaking = Aggregate.Direction(new GradDrop(0.25), Aggregate.Published, seed: 4);
        double other = plain[0] == 6 ? -4 : 6;

        Near.Equal([plain[0] + (0.25 * other), 2, 2], leaking, 1e-15);
        Near.Equal([2, 2, 2], Aggregate.Direction(new GradDrop(1), Aggregate.Published), 1e-15);
    }

    [Fact]
    public void Zeros_stay_zero() => Assert.Equal([0, 0], Aggregate.Direction(new GradDrop(0), Aggregate.Rows([0, 0], [0, 0])));
}

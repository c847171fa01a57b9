using CsCheck;
using MtlHybrid.Data;
using MtlHybrid.Strategies;
using MtlHybrid.Strategies.Aggregation;
using MtlHybrid.Training;
using Xunit;

namespace MtlHybrid.Tests.Training;

public sealed class RowsByTaskTests
{
    [Fact]
    public void Rows_come_by_task_and_else_as_they_were() =>
        Gen.Select(Gen.Int[0, 4].Array[2, 40], Gen.Int[1, 40]).Sample((first, take) =>
        {
            int[] rows = [.. Enumerable.Range(0, first.Length).Reverse().Take(take)];
            ReadOnlySpan<int> ordered = Data(first) is var data && RowsByTask.For(data, [.. Enumerable.Range(0, first.Length)]) is { } order
                ? order.Order(rows)
                : rows;
            Assert.Equal(rows.OrderBy(row => first[row]), ordered.ToArray());
        });

    [Fact]
    public void Where_all_rows_have_the_same_first_label_there_is_nothing_to_order() =>
        Assert.Null(RowsByTask.For(Data([1, 1, 1]), [0, 1, 2]));

    [Fact]
    public void Strategies_that_look_at_a_part_of_the_batch_take_it_as_it_comes()
    {
        Assert.True(new PCGradOptions().Create().RowsByTask);
        Assert.True(new PCGradOptions { Gradients = GradientEstimate.Parse("every:5") }.Create().RowsByTask);
        Assert.False(new PCGradOptions { Gradients = GradientEstimate.Parse("subsample:0.5") }.Create().RowsByTask);
        Assert.False(new MoDoOptions().Create().RowsByTask);
        Assert.False(new JointOptions().Create().RowsByTask);
        Assert.False(new SelectiveOptions().Create().RowsByTask);
        Assert.True(new SelectiveOptions { Aggregator = new PCGradOptions() }.Create().RowsByTask);
    }

    // One label per row: the order of a batch's rows changes sums in their last bits, and nothing else.
    [Fact]
    public void Training_with_one_label_per_row_goes_as_it_would_in_any_order()
    {
        var random = new Random(3);
        MultiTaskData data = Data([.. Enumerable.Range(0, 120).Select(_ => random.Next(5))]);
        TrainingOptions options = SmallData.Options() with { Epochs = 5, BatchSize = 16 };
        using TrainingResult byTask = new Trainer(options with { Strategy = new MgdaOptions() }).Train(data);
        // Of the whole batch, which the estimate does not know.
        using TrainingResult asTheyCome = new Trainer(options with { Strategy = new MgdaOptions { Gradients = GradientEstimate.Parse("subsample:1") } }).Train(data);
        float[] expected = SmallData.Weights(asTheyCome), actual = SmallData.Weights(byTask);
        // Sums in another order end in other bits; in the same order they would not.
        Assert.NotEqual(expected, actual);
        double largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 1e-3 * largest, $"{pair.Second} instead of {pair.First}"));
    }

    // After these rows two more for each task, as every target needs labels that differ.
    private static MultiTaskData Data(int[] given)
    {
        int[] firstTask = [.. given, .. Enumerable.Range(0, 10).Select(row => row % 5)];
        var inputs = new double[firstTask.Length, 2];
        var labels = new double[firstTask.Length, 5];
        for (int row = 0; row < firstTask.Length; row++)
        {
            (inputs[row, 0], inputs[row, 1]) = (Math.Sin(row), Math.Cos(3 * row));
            for (int task = 0; task < 5; task++) labels[row, task] = task == firstTask[row] ? inputs[row, 0] + (task * inputs[row, 1]) : double.NaN;
        }

        return MultiTaskData.FromArrays(inputs, labels);
    }
}

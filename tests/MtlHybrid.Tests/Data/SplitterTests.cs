using CsCheck;
using MtlHybrid.Data;
using Xunit;

namespace MtlHybrid.Tests.Data;

public sealed class SplitterTests
{
    private static readonly Gen<(int Rows, double Validation, double Test, SplitMethod Method, ulong Seed)> Cases =
        Gen.Select(Gen.Int[5, 200], Gen.Double[0, 0.4], Gen.Double[0, 0.4],
            Gen.Int[0, 2].Select(m => new[] { SplitMethod.Random, SplitMethod.Stratified, SplitMethod.Order }[m]), Gen.ULong);

    [Fact]
    public void Parts_are_disjoint_cover_all_rows_and_have_the_asked_for_sizes()
    {
        Cases.Sample(c =>
        {
            MultiTaskData data = RandomData(c.Rows, c.Seed);
            DataSplit split = Splitter.Split(data, Options(c.Method, c.Validation, c.Test), c.Seed);

            RequirePartition(c.Rows, split.Train, split.Validation, split.Test);
            Assert.InRange(split.Validation.Length - c.Validation * c.Rows, -1, 1);
            Assert.InRange(split.Test.Length - c.Test * c.Rows, -1, 1);
            Assert.NotEmpty(split.Train);
            Assert.Equal(c.Validation > 0, split.Validation.Length > 0);
            Assert.Equal(c.Test > 0, split.Test.Length > 0);
        }, iter: 300);
    }

    [Fact]
    public void Folds_are_disjoint_cover_all_rows_and_differ_by_one_row_at_most()
    {
        Gen.Select(Cases, Gen.Int[2, 5]).Sample((c, folds) =>
        {
            if (c.Rows * (1 - c.Validation - 1.0 / folds) < 3) return;
            MultiTaskData data = RandomData(c.Rows, c.Seed);
            IReadOnlyList<DataSplit> splits = Splitter.KFold(data, folds, Options(c.Method, c.Validation, 0.7), c.Seed);

            Assert.Equal(folds, splits.Count);
            RequirePartition(c.Rows, [.. splits.Select(split => split.Test)]);
            Assert.InRange(splits.Max(split => split.Test.Length) - splits.Min(split => split.Test.Length), 0, 1);
            foreach (DataSplit split in splits)
            {
                RequirePartition(c.Rows, split.Train, split.Validation, split.Test);
                Assert.InRange(split.Validation.Length - c.Validation * c.Rows, -1, 1);
                Assert.NotEmpty(split.Train);
            }
        }, iter: 200);
    }

    [Fact]
    public void Groups_stay_whole_no_part_is_empty_and_sizes_miss_by_less_than_the_largest_group()
    {
        Gen.Select(Gen.Int[1, 20].Array[5, 30], Gen.Double[0.05, 0.4], Gen.Double[0.05, 0.4], Gen.ULong).Sample((sizes, validation, test, seed) =>
        {
            double[] groups = [.. sizes.SelectMany((size, group) => Enumerable.Repeat((double)group, size))];
            MultiTaskData data = GroupedData(groups);
            SplitOptions options = Options(SplitMethod.Group, validation, test) with { GroupColumn = "g" };

            DataSplit split = Splitter.Split(data, options, seed);
            RequireGroups(groups, split.Train, split.Validation, split.Test);
            Assert.All([split.Train, split.Validation, split.Test], Assert.NotEmpty);
            Assert.InRange(split.Test.Length, 1, test * groups.Length + 1 + sizes.Max());
            Assert.InRange(split.Validation.Length, 1, validation * groups.Length + 1 + sizes.Max());

            IReadOnlyList<DataSplit> folds = Splitter.KFold(data, 3, options, seed);
            RequireGroups(groups, [.. folds.Select(fold => fold.Test)]);
            Assert.All(folds, fold => RequireGroups(groups, fold.Train, fold.Validation, fold.Test));
        }, iter: 200);
    }

    [Fact]
    public void One_seed_gives_one_split_and_another_seed_another()
    {
        MultiTaskData data = RandomData(100, 1);
        foreach (SplitMethod method in new[] { SplitMethod.Random, SplitMethod.Stratified })
        {
            SplitOptions options = Options(method, 0.2, 0.2);
            Assert.Equal(Splitter.Split(data, options, 5).Train, Splitter.Split(data, options, 5).Train);
            Assert.NotEqual(Splitter.Split(data, options, 5).Train, Splitter.Split(data, options, 6).Train);
            Assert.Equal(Splitter.KFold(data, 4, options, 5)[2].Train, Splitter.KFold(data, 4, options, 5)[2].Train);
            Assert.NotEqual(Splitter.KFold(data, 4, options, 5)[2].Test, Splitter.KFold(data, 4, options, 6)[2].Test);
        }
        SplitOptions groups = Options(SplitMethod.Group, 0.2, 0.2) with { GroupColumn = "x0" };
        Assert.Equal(Splitter.Split(data, groups, 5).Train, Splitter.Split(data, groups, 5).Train);
        Assert.NotEqual(Splitter.Split(data, groups, 5).Train, Splitter.Split(data, groups, 6).Train);
    }

    /// <summary>A saved run must be able to find its test rows again: these splits may never change.</summary>
    [Fact]
    public void Splits_are_the_same_in_every_version()
    {
        MultiTaskData data = GroupedData([.. Enumerable.Range(0, 20).Select(row => (double)(row % 7))]);

        DataSplit random = Splitter.Split(data, Options(SplitMethod.Random, 0.2, 0.2), 42);
        DataSplit stratified = Splitter.Split(data, Options(SplitMethod.Stratified, 0.2, 0.2), 42);
        DataSplit group = Splitter.Split(data, Options(SplitMethod.Group, 0.2, 0.2) with { GroupColumn = "g" }, 42);

        Assert.Equal("0 2 12 16 | 4 8 15 19", Held(random));
        Assert.Equal("0 8 17 19 | 1 4 12 14", Held(stratified));
        Assert.Equal("5 12 19 | 1 6 8 13 15", Held(group));
    }

    [Fact]
    public void By_order_the_first_rows_train_the_next_validate_and_the_last_test()
    {
        DataSplit split = Splitter.Split(RandomData(10, 1), Options(SplitMethod.Order, 0.2, 0.3), 9);

        Assert.Equal([0, 1, 2, 3, 4], split.Train);
        Assert.Equal([5, 6], split.Validation);
        Assert.Equal([7, 8, 9], split.Test);
        DataSplit fold = Splitter.KFold(RandomData(10, 1), 2, Options(SplitMethod.Order, 0.2, 0), 9)[0];
        Assert.Equal([0, 1, 2, 3, 4], fold.Test);
        Assert.Equal([5, 6, 7], fold.Train);
        Assert.Equal([8, 9], fold.Validation);
    }

    [Fact]
    public void Stratified_parts_have_the_classes_of_every_task_in_proportion()
    {
        // Rows are dealt greedily, which promises no bound for a single class: its share is held loosely, the mean tightly.
        // A random split is off by about 2 rows in the mean.
        const int Draws = 60;
        var random = new Random(7);
        double total = 0;
        int counted = 0;
        for (ulong seed = 0; seed < Draws; seed++)
        {
            double[,] labels = new double[200, 2];
            for (int row = 0; row < 200; row++) (labels[row, 0], labels[row, 1]) = (random.Next(4), row % 5 == 0 ? double.NaN : random.Next(2));
            MultiTaskData data = MultiTaskData.FromArrays(new double[200, 1], labels, [TaskDefinition.MultiClass("state", 4), TaskDefinition.Binary("flag")]);

            DataSplit split = Splitter.Split(data, Options(SplitMethod.Stratified, 0.25, 0.25), seed);

            for (int task = 0; task < 2; task++)
            {
                for (int c = 0; c < data.Tasks[task].Classes.Count; c++)
                {
                    double all = Count(data, task, c, [.. Enumerable.Range(0, 200)]);
                    foreach ((int[] part, double share) in new[] { (split.Train, 0.5), (split.Validation, 0.25), (split.Test, 0.25) })
                    {
                        double off = Math.Abs(Count(data, task, c, part) - all * share);
                        Assert.InRange(off, 0, 8);
                        total += off;
                        counted++;
                    }
                }
            }
        }

        Assert.InRange(total / counted, 0, 1.2);
    }

    [Fact]
    public void Stratified_training_parts_get_the_first_row_of_a_rare_class()
    {
        double[,] labels = new double[100, 1];
        labels[17, 0] = 1;
        labels[55, 0] = labels[56, 0] = 2;
        MultiTaskData data = MultiTaskData.FromArrays(new double[100, 1], labels, [TaskDefinition.MultiClass("state", 3)]);

        for (ulong seed = 0; seed < 20; seed++)
        {
            DataSplit split = Splitter.Split(data, Options(SplitMethod.Stratified, 0.4, 0.4), seed);
            Assert.Contains(17, split.Train);
            Assert.InRange(split.Train.Count(row => row is 55 or 56), 1, 1);
        }
    }

    [Fact]
    public void Stratified_folds_share_rare_classes_out()
    {
        double[,] labels = new double[60, 1];
        for (int i = 0; i < 5; i++) labels[i * 11, 0] = 1;
        MultiTaskData data = MultiTaskData.FromArrays(new double[60, 1], labels, [TaskDefinition.Binary("fault")]);

        for (ulong seed = 0; seed < 20; seed++)
        {
            IReadOnlyList<DataSplit> folds = Splitter.KFold(data, 5, Options(SplitMethod.Stratified, 0.2, 0), seed);
            Assert.All(folds, fold => Assert.Equal(1, Count(data, 0, 1, fold.Test)));
            Assert.All(folds, fold => Assert.InRange(Count(data, 0, 1, fold.Train), 2, 4));
        }
    }

    [Fact]
    public void Stratified_parts_of_regression_data_cover_the_range_of_the_first_task()
    {
        MultiTaskData data = RegressionData(200);

        DataSplit split = Splitter.Split(data, Options(SplitMethod.Stratified, 0.2, 0.2), 3);

        for (int bin = 0; bin < 10; bin++)
        {
            Assert.Equal(12, split.Train.Count(row => row / 20 == bin));
            Assert.Equal(4, split.Test.Count(row => row / 20 == bin));
        }
    }

    [Fact]
    public void Stratified_splits_give_every_task_of_one_label_per_row_its_training_rows()
    {
        int[] sizes = [1, 2, 3, 5, 9, 20, 60];
        int rows = sizes.Sum();
        double[,] labels = new double[rows, sizes.Length];
        int row = 0;
        for (int task = 0; task < sizes.Length; task++)
            for (int i = 0; i < sizes[task]; i++, row++)
                for (int t = 0; t < sizes.Length; t++) labels[row, t] = t == task ? row * 0.1 : double.NaN;
        MultiTaskData data = MultiTaskData.FromArrays(new double[rows, 1], labels,
            [.. sizes.Select((_, t) => TaskDefinition.Regression($"t{t}"))]);

        for (ulong seed = 0; seed < 20; seed++)
        {
            DataSplit split = Splitter.Split(data, Options(SplitMethod.Stratified, 0.2, 0.2), seed);
            for (int task = 0; task < sizes.Length; task++)
            {
                int train = split.Train.Count(r => !double.IsNaN(data.Labels(task)[r]));
                Assert.InRange(train, Math.Max(1, sizes[task] * 0.6 - 3), sizes[task] * 0.6 + 3);
            }
        }
    }

    [Fact]
    public void Too_few_rows_or_groups_are_refused()
    {
        RequireFault(() => Splitter.Split(RegressionData(2), Options(SplitMethod.Random, 0.2, 0.2), 1), "2 rows are too few", "ValidationFraction 0.2", "TestFraction 0.2");
        RequireFault(() => Splitter.KFold(RegressionData(3), 4, Options(SplitMethod.Random, 0, 0), 1), "3 rows are too few for 4 folds");
        RequireFault(() => Splitter.KFold(RegressionData(4), 2, Options(SplitMethod.Random, 0.5, 0), 1), "ValidationFraction 0.5");
        SplitOptions groups = Options(SplitMethod.Group, 0.2, 0.2) with { GroupColumn = "g" };
        RequireFault(() => Splitter.Split(GroupedData([1, 1, 2, 2, 1]), groups, 1), "'g'", "3 parts need as many groups", "have 2");
        RequireFault(() => Splitter.KFold(GroupedData([1, 1, 2, 2, 1]), 3, groups, 1), "3 parts need as many groups");
        RequireFault(() => Splitter.Split(GroupedData([1, 2, 3]), groups with { GroupColumn = "G" }, 1), "'G'", "did you mean 'g'?");
        RequireFault(() => Splitter.Split(GroupedData([1, double.NaN, 3, 4]), groups, 1), "row 1", "'g'");
    }

    [Theory]
    [InlineData("random", SplitMethod.Random, null)]
    [InlineData("Stratified", SplitMethod.Stratified, null)]
    [InlineData("order", SplitMethod.Order, null)]
    [InlineData("group:subject#", SplitMethod.Group, "subject#")]
    [InlineData("group:a:b", SplitMethod.Group, "a:b")]
    public void Methods_are_read_from_text(string text, SplitMethod method, string? column)
    {
        SplitOptions options = SplitOptions.Parse(text);

        options.Validate();
        Assert.Equal((method, column), (options.Method, options.GroupColumn));
    }

    [Theory]
    [InlineData("")]
    [InlineData("group")]
    [InlineData("group:")]
    [InlineData("shuffled")]
    public void Other_text_is_refused(string text) =>
        Assert.Equal("Split", Assert.Throws<InvalidOptionException>(() => SplitOptions.Parse(text)).Option);

    [Fact]
    public void Options_out_of_range_are_named()
    {
        (SplitOptions Options, string Name)[] bad =
        [
            (new SplitOptions { ValidationFraction = -0.1 }, "ValidationFraction"),
            (new SplitOptions { ValidationFraction = double.NaN }, "ValidationFraction"),
            (new SplitOptions { TestFraction = 1 }, "TestFraction"),
            (new SplitOptions { ValidationFraction = 0.5, TestFraction = 0.5 }, "TestFraction"),
            (new SplitOptions { Method = SplitMethod.Group }, "GroupColumn"),
            (new SplitOptions { GroupColumn = "g" }, "GroupColumn"),
            (new SplitOptions { Method = (SplitMethod)7 }, "Method"),
        ];

        Assert.All(bad, b => Assert.Equal(b.Name, Assert.Throws<InvalidOptionException>(b.Options.Validate).Option));
        Assert.Equal("Folds", Assert.Throws<InvalidOptionException>(() => Splitter.KFold(RegressionData(9), 1, new SplitOptions(), 1)).Option);
    }

    private static string Held(DataSplit split) => $"{string.Join(' ', split.Validation)} | {string.Join(' ', split.Test)}";

    private static SplitOptions Options(SplitMethod method, double validation, double test) =>
        new() { Method = method, ValidationFraction = validation, TestFraction = test };

    private static MultiTaskData RegressionData(int rows) => GroupedData([.. Enumerable.Range(0, rows).Select(row => (double)row)]);

    private static MultiTaskData GroupedData(double[] groups)
    {
        double[,] inputs = new double[groups.Length, 1], labels = new double[groups.Length, 1];
        for (int row = 0; row < groups.Length; row++) (inputs[row, 0], labels[row, 0]) = (groups[row], row);
        return MultiTaskData.FromArrays(inputs, labels, [TaskDefinition.Regression("y")], ["g"]);
    }

    /// <summary>A classification task with a rare class, and a regression task with missing labels.</summary>
    private static MultiTaskData RandomData(int rows, ulong seed)
    {
        SeededGenerator random = new(seed, 77);
        double[,] inputs = new double[rows, 1], labels = new double[rows, 2];
        for (int row = 0; row < rows; row++)
        {
            inputs[row, 0] = row;
            labels[row, 0] = random.Below(10) switch { 0 => 2, < 4 => 1, 9 => double.NaN, _ => 0 };
            labels[row, 1] = random.Below(3) == 0 ? double.NaN : random.Below(1000);
        }
        return MultiTaskData.FromArrays(inputs, labels, [TaskDefinition.MultiClass("c", 3), TaskDefinition.Regression("r")]);
    }

    private static int Count(MultiTaskData data, int task, int index, int[] rows) => rows.Count(row => data.Labels(task)[row] == index);

    private static void RequirePartition(int rows, params int[][] parts)
    {
        Assert.Equal(Enumerable.Range(0, rows), parts.SelectMany(part => part).Order());
        Assert.All(parts, part => Assert.Equal(part.Order(), part));
    }

    private static void RequireGroups(double[] groups, params int[][] parts)
    {
        RequirePartition(groups.Length, parts);
        Assert.Equal(groups.Distinct().Count(), parts.Sum(part => part.Select(row => groups[row]).Distinct().Count()));
    }

    private static void RequireFault(Action action, params string[] expected)
    {
        DataException error = Assert.Throws<DataException>(action);
        foreach (string part in expected) Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }
}

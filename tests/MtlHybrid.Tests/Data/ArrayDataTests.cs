using MtlHybrid.Data;
using Xunit;

namespace MtlHybrid.Tests.Data;

public sealed class ArrayDataTests
{
    private static readonly double[,] Inputs = { { 1, double.NaN }, { 3, 4 }, { 5, 6 } };

    [Fact]
    public void Tasks_and_names_are_inferred_as_from_a_file()
    {
        MultiTaskData data = MultiTaskData.FromArrays(Inputs, new[,] { { 1.5, 0 }, { double.NaN, 1 }, { 2.5, 1 } });

        Assert.Equal([("task0", TaskKind.Regression), ("task1", TaskKind.Binary)], data.Tasks.Select(task => (task.Name, task.Kind)));
        Assert.Equal(["x0", "x1"], data.Inputs.Select(input => input.Name));
        Assert.Equal([1.5, double.NaN, 2.5], data.Labels(0).ToArray());
        Assert.Equal((3, "data in memory"), (data.Rows, data.Source));
    }

    [Fact]
    public void Later_changes_of_the_arrays_do_not_reach_the_data()
    {
        double[,] inputs = { { 1 }, { 2 } };
        double[,] labels = { { 1.5 }, { 2.5 } };
        MultiTaskData data = MultiTaskData.FromArrays(inputs, labels);
        inputs[0, 0] = labels[0, 0] = 99;

        Assert.Equal([1.5, 2.5], data.Labels(0).ToArray());
        Assert.Equal([1.0, 2], data.Table.Column("x0", "an input").Numbers);
    }

    [Fact]
    public void Given_tasks_allow_labels_that_do_not_vary()
    {
        MultiTaskData data = MultiTaskData.FromArrays(Inputs, new[,] { { 2.0, 7 }, { 2, 7 }, { 2, double.NaN } },
            [TaskDefinition.MultiClass("state", 3), TaskDefinition.Regression("level")], ["a", "b"]);

        Assert.Equal([2.0, 2, 2], data.Labels(0).ToArray());
        Assert.Equal("b", data.Inputs[1].Name);
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_row_and_column()
    {
        double[,] labels = { { 1.5 }, { 2.5 }, { 3.5 } };
        TaskDefinition[] classes = [TaskDefinition.MultiClass("state", 3)];

        Require(() => MultiTaskData.FromArrays(new double[0, 2], new double[0, 1]), "at least one row");
        Require(() => MultiTaskData.FromArrays(new double[3, 0], labels), "at least one column of inputs");
        Require(() => MultiTaskData.FromArrays(Inputs, new double[3, 0]), "at least one column of labels");
        Require(() => MultiTaskData.FromArrays(Inputs, new double[2, 1]), "expected 3 rows of labels as of inputs, got 2");
        Require(() => MultiTaskData.FromArrays(Inputs, labels, []), "expected 1 tasks");
        Require(() => MultiTaskData.FromArrays(Inputs, labels, null, ["a"]), "expected 2 names");
        Require(() => MultiTaskData.FromArrays(Inputs, labels, null, ["a", "a"]), "'a'", "twice");
        Require(() => MultiTaskData.FromArrays(new[,] { { 1 }, { double.PositiveInfinity }, { 3 } }, labels), "'x0'", "row 1", "finite");
        Require(() => MultiTaskData.FromArrays(Inputs, new[,] { { 1.5 }, { 2 }, { double.NegativeInfinity } }), "'task0'", "row 2", "finite");
        Require(() => MultiTaskData.FromArrays(Inputs, new[,] { { 0.0 }, { 3 }, { 1 } }, classes), "'state'", "row 1", "from 0 to 2, got 3");
        Require(() => MultiTaskData.FromArrays(Inputs, new[,] { { 0.0 }, { 1 }, { -1 } }, classes), "row 2", "got -1");
        Require(() => MultiTaskData.FromArrays(Inputs, new[,] { { 0.5 }, { 1 }, { 1 } }, classes), "row 0", "got 0.5");
        Require(() => MultiTaskData.FromArrays(Inputs, new[,] { { 4.0 }, { 4 }, { 4 } }), "'task0'", "constant");
        Require(() => MultiTaskData.FromArrays(Inputs, new[,] { { double.NaN }, { double.NaN }, { double.NaN } }), "no labels at all");
    }

    private static void Require(Action action, params string[] expected)
    {
        DataException error = Assert.Throws<DataException>(action);
        foreach (string part in expected) Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }
}

using MtlHybrid.Data;
using Xunit;

namespace MtlHybrid.Tests.Data;

public sealed class TaskInferenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1,0,?,1", TaskKind.Binary, "0|1", "1,0,NaN,1")]
    [InlineData("yes,no,yes,?", TaskKind.Binary, "no|yes", "1,0,1,NaN")]
    [InlineData("b,c,a,b", TaskKind.MultiClass, "a|b|c", "1,2,0,1")]
    [InlineData("1,2,1,2", TaskKind.Regression, "", "1,2,1,2")]
    [InlineData("0.5,0,1,?", TaskKind.Regression, "", "0.5,0,1,NaN")]
    [InlineData("a,3,20,3.0", TaskKind.MultiClass, "20|3|a", "2,1,0,1")]
    public void The_values_decide_what_a_target_is(string values, TaskKind kind, string classes, string labels)
    {
        MultiTaskData data = Load(values, null);

        RequireTask(data, kind, classes, labels);
    }

    [Theory]
    [InlineData("100,3,20,3.0", TaskKind.MultiClass, "3|20|100", "2,0,1,0")]
    [InlineData("2,1,?,2.00", TaskKind.Binary, "1|2", "1,0,NaN,1")]
    [InlineData("1,0,1,0", TaskKind.MultiClass, "0|1", "1,0,1,0")]
    [InlineData("1,0,1,0", TaskKind.Regression, "", "1,0,1,0")]
    [InlineData("-0,0,1.5,1.50", TaskKind.Binary, "0|1.5", "0,0,1,1")]
    public void A_declared_kind_overrides_the_values(string values, TaskKind kind, string classes, string labels)
    {
        MultiTaskData data = Load(values, kind);

        RequireTask(data, kind, classes, labels);
    }

    [Fact]
    public void Few_whole_numbers_treated_as_regression_are_noted_unless_declared()
    {
        Assert.Contains(Load("3,20,100,3", null).Notes, note =>
            note == "y has 3 distinct whole numbers and is treated as regression; --task 'y:multiclass' makes it classification");
        Assert.Contains(Load("1,2,2,1", null).Notes, note => note.Contains("'y:binary'", StringComparison.Ordinal));
        Assert.Empty(Load("3,20,100,3", TaskKind.Regression).Notes);
        Assert.Empty(Load("3,20,100.5,3", null).Notes);
    }

    [Fact]
    public void The_positive_class_is_named_unless_it_goes_without_saying()
    {
        Assert.Contains("y: 'yes' is the positive class, 'no' the negative", Load("yes,no,no,yes", null).Notes);
        Assert.Empty(Load("1,0,1,1", null).Notes);
    }

    [Fact]
    public void Tasks_come_in_the_order_of_the_options_and_inputs_in_that_of_the_file()
    {
        string path = _folder.Write("a,t1,b,id,t2,c\n1,1.5,x,7,0,2\n2,2.5,y,8,1,3\n");

        MultiTaskData data = MultiTaskData.Load(path, new DataOptions { Targets = ["t2", "t1"], Ignore = ["id"], Categorical = ["c"] });

        Assert.Equal(["t2", "t1"], data.Tasks.Select(task => task.Name));
        Assert.Equal([new InputColumn("a", false), new("b", true), new("c", true)], data.Inputs);
        Assert.Equal([0.0, 1], data.Labels(0).ToArray());
    }

    [Fact]
    public void Inputs_that_look_like_identifiers_are_noted()
    {
        string rows = string.Concat(Enumerable.Range(0, 30).Select(i => $"{i + 5},S{i},{i % 4},{(char)('a' + i % 3)},{i * i}\n"));

        MultiTaskData data = MultiTaskData.Load(_folder.Write("number,serial,x,c,y\n" + rows), new DataOptions { Targets = ["y"] });

        Assert.Equal(2, data.Notes.Count);
        Assert.Contains(data.Notes, note => note.StartsWith("number", StringComparison.Ordinal) && note.EndsWith("--ignore 'number'", StringComparison.Ordinal));
        Assert.Contains(data.Notes, note => note.StartsWith("serial", StringComparison.Ordinal) && note.EndsWith("--ignore 'serial'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_model_fixes_kinds_and_classes_and_labels_need_not_vary()
    {
        TaskDefinition[] known = [new("y", TaskKind.MultiClass, ["3", "20", "100"]), TaskDefinition.Regression("z")];
        DataOptions options = new() { Targets = ["z", "y"], Ignore = ["serial"] };

        MultiTaskData data = MultiTaskData.Load(_folder.Write("x,y,z\n1,20,?\n"), options, known);

        Assert.Equal(known, data.Tasks);
        Assert.Equal(1.0, Assert.Single(data.Labels(0).ToArray()));
        Assert.True(double.IsNaN(Assert.Single(data.Labels(1).ToArray())));
        DataException error = Assert.Throws<DataException>(() =>
            MultiTaskData.Load(_folder.Write("x,y,z\n1,20.0,1\n2,21,1\n"), options, known));
        Assert.Equal((3, "y"), (error.Line, error.Column));
        Assert.Contains("'3', '20', '100'; got '21'", error.Message, StringComparison.Ordinal);
        InvalidOptionException mismatch = Assert.Throws<InvalidOptionException>(() =>
            MultiTaskData.Load(_folder.Write("x,y,z\n1,20,1\n"), options with { Targets = ["y"] }, known));
        Assert.Equal("Targets", mismatch.Option);
    }

    [Fact]
    public void A_model_of_some_of_the_targets_does_not_look_at_the_others_and_does_not_take_them_for_inputs()
    {
        DataOptions options = new() { Targets = ["z", "y"] };

        MultiTaskData with = MultiTaskData.Load(_folder.Write("x,y,z\n1,20,oops\n"), options, [TaskDefinition.Regression("y")]);
        MultiTaskData without = MultiTaskData.Load(_folder.Write("x,y\n1,20\n"), options, [TaskDefinition.Regression("y")]);

        Assert.Equal(["x"], with.Inputs.Select(input => input.Name));
        Assert.Equal([20.0], with.Labels(0).ToArray());
        Assert.Equal([20.0], without.Labels(0).ToArray());
    }

    private MultiTaskData Load(string values, TaskKind? kind)
    {
        string path = _folder.Write("x,y\n" + string.Concat(values.Split(',').Select((value, row) => $"{row * row},{value}\n")));
        return MultiTaskData.Load(path, new DataOptions
        {
            Targets = ["y"],
            TaskKinds = kind is null ? new Dictionary<string, TaskKind>() : new() { ["y"] = kind.Value },
        });
    }

    private static void RequireTask(MultiTaskData data, TaskKind kind, string classes, string labels)
    {
        Assert.Equal(kind, data.Tasks[0].Kind);
        Assert.Equal(classes.Split('|', StringSplitOptions.RemoveEmptyEntries), data.Tasks[0].Classes);
        Assert.Equal(labels.Split(',').Select(double.Parse), data.Labels(0).ToArray());
    }
}

using MtlHybrid.Data;
using Xunit;

namespace MtlHybrid.Tests.Data;

public sealed class LongFormTests : IDisposable
{
    private static readonly DataOptions Options = new() { Targets = ["y"], TaskColumn = "task" };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_value_of_the_task_column_is_a_task_with_labels_in_its_rows_alone()
    {
        MultiTaskData data = MultiTaskData.Load(_folder.Write("task,x,y\n10,1,1.5\n9,2,2.5\n10,3,3.5\n9.0,4,?\n"), Options);

        Assert.Equal(["9", "10"], data.Tasks.Select(task => task.Name));
        Assert.Equal([double.NaN, 2.5, double.NaN, double.NaN], data.Labels(0).ToArray());
        Assert.Equal([1.5, double.NaN, 3.5, double.NaN], data.Labels(1).ToArray());
        Assert.Equal("x", Assert.Single(data.Inputs).Name);
        Assert.Contains(data.Notes, note => note.Contains("fewer than two different labels", StringComparison.Ordinal)
            && note.EndsWith("'9'", StringComparison.Ordinal));
    }

    [Fact]
    public void Classes_are_those_of_the_whole_column_for_every_task()
    {
        MultiTaskData data = MultiTaskData.Load(_folder.Write("task,x,y\na,1,low\nb,2,high\na,3,mid\nb,4,low\n"), Options);

        Assert.All(data.Tasks, task => Assert.Equal(["high", "low", "mid"], task.Classes));
        Assert.Equal([1, double.NaN, 2, double.NaN], data.Labels(0).ToArray());
    }

    [Fact]
    public void Kinds_are_given_by_target_or_by_task()
    {
        string path = _folder.Write("task,x,y\na,1,1\nb,2,1\na,3,2\nb,4,3\n");

        MultiTaskData all = MultiTaskData.Load(path, Options with { TaskKinds = new Dictionary<string, TaskKind> { ["y"] = TaskKind.MultiClass } });
        MultiTaskData one = MultiTaskData.Load(path, Options with { TaskKinds = new Dictionary<string, TaskKind> { ["b"] = TaskKind.MultiClass } });

        Assert.All(all.Tasks, task => Assert.Equal(TaskKind.MultiClass, task.Kind));
        Assert.Equal([TaskKind.Regression, TaskKind.MultiClass], one.Tasks.Select(task => task.Kind));
        Assert.Equal([1, double.NaN, 2, double.NaN], one.Labels(0).ToArray());
        Assert.Equal([double.NaN, 0, double.NaN, 2], one.Labels(1).ToArray());
    }

    [Fact]
    public void A_row_without_a_task_and_a_kind_without_rows_are_refused()
    {
        string path = _folder.Write("task,x,y\npump,1,1\n?,2,1\nfan,3,2\n");
        DataException error = Assert.Throws<DataException>(() => MultiTaskData.Load(path, Options));
        Assert.Equal((3, "task"), (error.Line, error.Column));

        string good = _folder.Write("task,x,y\npump,1,1\nfan,3,2\n");
        error = Assert.Throws<DataException>(() =>
            MultiTaskData.Load(good, Options with { TaskKinds = new Dictionary<string, TaskKind> { ["pumps"] = TaskKind.Regression } }));
        Assert.Contains("did you mean 'pump'?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_fixes_the_tasks_and_refuses_others()
    {
        TaskDefinition[] known = [TaskDefinition.Regression("pump"), TaskDefinition.Regression("fan")];

        MultiTaskData data = MultiTaskData.Load(_folder.Write("task,x,y\nfan,1,5\n"), Options, known);

        Assert.Equal(known, data.Tasks);
        Assert.True(double.IsNaN(data.Labels(0)[0]));
        Assert.Equal(5, data.Labels(1)[0]);
        DataException error = Assert.Throws<DataException>(() =>
            MultiTaskData.Load(_folder.Write("task,x,y\nfan,1,5\nfans,1,5\n"), Options, known));
        Assert.Equal((3, "task"), (error.Line, error.Column));
        Assert.Contains("did you mean 'fan'?", error.Message, StringComparison.Ordinal);
    }
}

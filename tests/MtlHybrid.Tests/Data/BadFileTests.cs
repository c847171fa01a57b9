using MtlHybrid.Data;
using Xunit;

namespace MtlHybrid.Tests.Data;

/// <summary>Every fault of a file names the file, the line and the column as far as there are any, and what was expected.</summary>
public sealed class BadFileTests : IDisposable
{
    private static readonly DataOptions TargetY = new() { Targets = ["y"] };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", null, null, "empty")]
    [InlineData("\n\n", null, null, "empty")]
    [InlineData("x,y\n", null, null, "no rows")]
    [InlineData("x,y\n1,2\n", null, null, "one row")]
    [InlineData("y\n1\n2\n", null, null, "one column")]
    [InlineData("x,y,x\n1,2,3\n", 1L, "x", "twice, in columns 1 and 3")]
    [InlineData("x,y\n1,2\n\n3,4,5\n", 4L, null, "expected 2 fields as in the header, got 3")]
    [InlineData("x,y\n1,2\n3\n", 3L, null, "expected 2 fields as in the header, got 1")]
    [InlineData("x,y\n1,\"2\n3,4\n", 2L, null, "not a CSV record")]
    [InlineData("x,y\n1,\"2\"z\n3,4\n", 2L, null, "not a CSV record")]
    [InlineData("x,yy\n1,2\n3,4\n", null, "y", "did you mean 'yy'?")]
    [InlineData("x,y\n1,?\n2,NaN\n", null, "y", "no labels at all")]
    [InlineData("x,y\n1,7\n2,7\n3,?\n", null, "y", "constant, 7 in every row")]
    [InlineData("x,y\n1,good\n2,good\n", null, "y", "one class only, 'good'")]
    [InlineData("x,y\n1,1\n2,1\n", null, "y", "one class only, '1'")]
    [InlineData("x,y\n1,1\n2,inf\n", 3L, "y", "expected a finite number, got 'inf'")]
    [InlineData("x,y\n1,1\n2,-Infinity\n", 3L, "y", "expected a finite number, got '-Infinity'")]
    [InlineData("x,y\n1e999,1\n2,3\n", 2L, "x", "expected a finite number, got '1e999'")]
    [InlineData("x,y\n1,\"2,5\"\n2,\"3,5\"\n3,4\n", 2L, "y", "decimal point")]
    [InlineData("x;y\n1,5;2\n2,5;3\n", 2L, "x", "decimal point")]
    public void The_message_says_what_and_where(string text, long? line, string? column, string expected)
    {
        string path = _folder.Write(text);

        RequireFault(() => MultiTaskData.Load(path, TargetY), path, line, column, expected);
    }

    [Fact]
    public void Text_in_another_encoding_is_refused_not_guessed()
    {
        string path = _folder.Write("");
        File.WriteAllBytes(path, System.Text.Encoding.Latin1.GetBytes("x,y\n1,Öl\n2,Äl\n3,Öl\n4,Äl\n"));

        RequireFault(() => MultiTaskData.Load(path, TargetY), path, null, null, "not UTF-8");
    }

    [Fact]
    public void Text_among_mostly_numbers_is_a_mistake_and_both_ways_out_are_named()
    {
        string path = _folder.Write("x 1,y\n1,1.5\n2,2.5\n3,3.5\n4,4.5\nfour,5\n6,6\n7,7\n8,8\n9,9\n10,10\n");

        RequireFault(() => MultiTaskData.Load(path, TargetY), path, 6, "x 1",
            "expected a number, got 'four' (9 of 10 values are numbers)", "--categorical 'x 1'", "--missing 'four'");
        Assert.True(MultiTaskData.Load(path, TargetY with { Categorical = ["x 1"] }).Inputs[0].IsCategorical);
        Assert.False(MultiTaskData.Load(path, TargetY with { MissingValues = ["four"] }).Inputs[0].IsCategorical);
    }

    [Fact]
    public void Text_in_a_column_declared_numeric_is_a_mistake_however_much_there_is()
    {
        string path = _folder.Write("x,y\n1,1.5\nb,2.5\nc,3.5\n");

        RequireFault(() => MultiTaskData.Load(path, TargetY with { Numeric = ["x"] }), path, 3, "x", "expected a number, got 'b'");
    }

    [Fact]
    public void Text_in_a_regression_target_is_a_mistake()
    {
        string path = _folder.Write("x,y\n1,a\n2,2.5\n3,3.5\n");

        RequireFault(() => MultiTaskData.Load(path, TargetY with { TaskKinds = Kinds(TaskKind.Regression) }), path, 2, "y",
            "expected a number, got 'a'", "--task 'y:multiclass'");
    }

    [Fact]
    public void More_than_two_classes_in_a_binary_target_are_a_mistake()
    {
        string path = _folder.Write("x,y\n1,3\n2,20\n3,100\n");

        RequireFault(() => MultiTaskData.Load(path, TargetY with { TaskKinds = Kinds(TaskKind.Binary) }), path, null, "y",
            "two classes", "got 3: '3', '20', '100'", "--task 'y:multiclass'");
    }

    [Fact]
    public void Names_that_the_file_does_not_have_are_refused_and_near_ones_suggested()
    {
        string path = _folder.Write("Torque [Nm],Speed,y\n1,2,3\n4,5,6\n");

        RequireFault(() => MultiTaskData.Load(path, TargetY with { Ignore = ["speed"] }), path, null, "speed", "ignored", "did you mean 'Speed'?");
        RequireFault(() => MultiTaskData.Load(path, TargetY with { Categorical = ["Torque [nm]"] }), path, null, "Torque [nm]", "categorical",
            "did you mean 'Torque [Nm]'?");
        RequireFault(() => MultiTaskData.Load(path, TargetY with { Numeric = ["zzzzzzzz"] }), path, null, "zzzzzzzz", "numeric");
        RequireFault(() => MultiTaskData.Load(path, TargetY with { TaskColumn = "task" }), path, null, "task", "task column");
    }

    [Fact]
    public void A_table_without_inputs_is_refused()
    {
        string path = _folder.Write("x,y\n1,2.5\n3,4\n");

        RequireFault(() => MultiTaskData.Load(path, TargetY with { Ignore = ["x"] }), path, null, null, "no inputs are left");
    }

    [Fact]
    public void Absent_files_folders_and_empty_files_are_told_apart()
    {
        string absent = Path.Combine(_folder.Path, "absent.csv");
        RequireFault(() => MultiTaskData.Load(absent, TargetY), absent, null, null, "no such file");
        string lost = Path.Combine(_folder.Path, "nowhere", "absent.csv");
        RequireFault(() => MultiTaskData.Load(lost, TargetY), lost, null, null, "no such file");
        RequireFault(() => MultiTaskData.Load(_folder.Path, TargetY), _folder.Path, null, null, "folder");
    }

    [Fact]
    public void A_file_one_may_not_read_is_reported_as_such()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "permissions do not bind this user");
        string path = _folder.Write("x,y\n1,2\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.None);

        RequireFault(() => MultiTaskData.Load(path, TargetY), path, null, null, "no permission");
    }

    [Fact]
    public void What_is_no_gzip_file_no_whole_one_or_no_text_is_refused()
    {
        string plain = _folder.Write("x,y\n1,2\n", "plain.csv.gz");
        RequireFault(() => MultiTaskData.Load(plain, TargetY), plain, null, null, "expected gzip data");

        string rows = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i * 7919 % 10007},{i}\n"));
        byte[] whole = TemporaryFolder.Gzip("x,y\n" + rows);
        foreach (int length in new[] { 15, whole.Length / 2, whole.Length - 9, whole.Length - 8, whole.Length - 1 })
        {
            string cut = _folder.WriteBytes(whole[..length], "cut.csv.gz");
            RequireFault(() => MultiTaskData.Load(cut, TargetY), cut, null, null, "damaged or cut off");
        }

        byte[] damagedBytes = [.. whole];
        damagedBytes.AsSpan(whole.Length / 2, 40).Fill(0xFF);
        string damaged = _folder.WriteBytes(damagedBytes, "damaged.csv.gz");
        RequireFault(() => MultiTaskData.Load(damaged, TargetY), damaged, null, null, "damaged or cut off");

        string sheet = _folder.WriteBytes([.. "PK\x3\x4"u8, 1, 2, 3], "table.csv");
        RequireFault(() => MultiTaskData.Load(sheet, TargetY), sheet, null, null, "spreadsheet");

        string binary = _folder.WriteBytes([0, 1, 2, 3, (byte)',', 0, 10, 5, 6], "binary.csv");
        RequireFault(() => MultiTaskData.Load(binary, TargetY), binary, 1, null, "binary file");
    }

    [Fact]
    public void Odd_values_cannot_garble_the_message()
    {
        string path = _folder.Write($"x,y\n1,1.5\n2,\"a\nb\u0007{new string('z', 500)}\"\n");

        DataException error = Assert.Throws<DataException>(() =>
            MultiTaskData.Load(path, TargetY with { TaskKinds = Kinds(TaskKind.Regression) }));
        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.InRange(error.Message.Length, 50, path.Length + 400);
    }

    private static Dictionary<string, TaskKind> Kinds(TaskKind kind) => new() { ["y"] = kind };

    private static void RequireFault(Action action, string file, long? line, string? column, params string[] expected)
    {
        DataException error = Assert.Throws<DataException>(action);
        Assert.Equal((file, line, column), (error.File, error.Line, error.Column));
        Assert.StartsWith(file, error.Message, StringComparison.Ordinal);
        if (line is not null) Assert.Contains($"line {line}", error.Message, StringComparison.Ordinal);
        if (column is not null) Assert.Contains($"'{column}'", error.Message, StringComparison.Ordinal);
        foreach (string part in expected) Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }
}

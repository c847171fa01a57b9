using System.Text;
using MtlHybrid.Data;
using Xunit;

namespace MtlHybrid.Tests.Data;

public sealed class CsvReadingTests : IDisposable
{
    private static readonly DataOptions TargetY = new() { Targets = ["y"] };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("x,y\n1,2.5\n3,4.5\n")]
    [InlineData("x,y\r\n1,2.5\r\n3,4.5\r\n")]
    [InlineData("x,y\n1,2.5\n3,4.5")]
    [InlineData("x,y\n\n1,2.5\n   \n3,4.5\n\n\n")]
    [InlineData("x;y\n1;2.5\n3;4.5\n")]
    [InlineData("x\ty\n1\t2.5\n3\t4.5\n")]
    [InlineData("\"x\",\"y\"\n\"1\",\"2.5\"\n\"3\",\"4.5\"\n")]
    [InlineData(" x , y \n 1, 2.5 \n3 ,4.50\n")]
    [InlineData("y,x\n2.5,1\n45e-1,+3.0\n")]
    public void Spellings_of_one_table_read_alike(string text)
    {
        MultiTaskData data = MultiTaskData.Load(_folder.Write(text), TargetY);

        Assert.Equal([2.5, 4.5], data.Labels(0).ToArray());
        Assert.Equal([1.0, 3.0], data.Table.Column("x", "an input").Numbers);
        Assert.Equal(new InputColumn("x", false), Assert.Single(data.Inputs));
        Assert.Equal((2, "y", TaskKind.Regression), (data.Rows, data.Tasks[0].Name, data.Tasks[0].Kind));
    }

    [Fact]
    public void Gzip_is_recognised_by_its_content_whatever_the_name()
    {
        byte[] packed = TemporaryFolder.Gzip("x,y\n1,2.5\n3,4.5\n");

        Assert.Equal(2, MultiTaskData.Load(_folder.WriteBytes(packed, "a.csv.gz"), TargetY).Rows);
        Assert.Equal(2, MultiTaskData.Load(_folder.WriteBytes(packed, "a.csv"), TargetY).Rows);
    }

    [Fact]
    public void Gzip_files_one_after_the_other_are_one_file()
    {
        string path = _folder.WriteBytes([.. TemporaryFolder.Gzip("x,y\n1,2.5\n"), .. TemporaryFolder.Gzip("3,4.5\n5,6\n")]);

        Assert.Equal([2.5, 4.5, 6], MultiTaskData.Load(path, TargetY).Labels(0).ToArray());
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_name()
    {
        string path = _folder.WriteBytes([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("y,x\n1.5,2\n3,4\n")]);

        Assert.Equal([1.5, 3.0], MultiTaskData.Load(path, TargetY).Labels(0).ToArray());
    }

    [Fact]
    public void Quoted_fields_may_hold_delimiters_quotes_and_line_breaks_and_lines_are_still_counted()
    {
        string path = _folder.Write("x,y\n\"a, \"\"b\"\"\nc\",1.5\n\nd,2.5\ne,oops\n");

        DataException error = Assert.Throws<DataException>(() =>
            MultiTaskData.Load(path, TargetY with { TaskKinds = new Dictionary<string, TaskKind> { ["y"] = TaskKind.Regression } }));
        Assert.Equal(6, error.Line);
        MultiTaskData good = MultiTaskData.Load(_folder.Write("x,y\n\"a, \"\"b\"\"\nc\",1.5\n\nd,2.5\n"), TargetY);
        Assert.Equal("a, \"b\"\nc", good.Table.Column("x", "an input").Categories[0]);
    }

    [Fact]
    public void A_header_may_begin_with_a_hash()
    {
        MultiTaskData data = MultiTaskData.Load(_folder.Write("#x,y\n1,2.5\n3,4\n"), TargetY);

        Assert.Equal("#x", data.Inputs[0].Name);
        Assert.Equal(2, data.Rows);
    }

    [Fact]
    public void Very_long_lines_are_read()
    {
        const int columns = 50_000;
        string header = string.Join(',', Enumerable.Range(0, columns).Select(c => $"x{c}"));
        string row = string.Join(',', Enumerable.Repeat("0.123456789", columns));

        MultiTaskData data = MultiTaskData.Load(_folder.Write($"{header},y\n{row},1.5\n{row},2\n"), TargetY);

        Assert.Equal(columns, data.Inputs.Count);
        Assert.Equal(0.123456789, data.Table.Column($"x{columns - 1}", "an input").Numbers[1]);
    }

    [Fact]
    public void A_column_without_a_name_gets_one_and_a_note()
    {
        MultiTaskData data = MultiTaskData.Load(_folder.Write(",y\n5,1.5\n7,2.5\n"), TargetY);

        Assert.Equal("column_1", data.Inputs[0].Name);
        Assert.Contains(data.Notes, note => note.Contains("column_1", StringComparison.Ordinal));
    }

    [Fact]
    public void Numbers_are_read_to_the_last_bit()
    {
        double[] values = [0.1, -1.0 / 3, 1e-300, 1.7976931348623157e308, 5e-324, 123456789.12345679];
        string path = _folder.Write("x,y\n" + string.Concat(values.Select(value => $"1,{value:R}\n")));

        Assert.Equal(values, MultiTaskData.Load(path, TargetY).Labels(0).ToArray());
    }

    [Theory]
    [InlineData("?")]
    [InlineData("")]
    [InlineData("NA")]
    [InlineData("N/A")]
    [InlineData("NaN")]
    [InlineData("nan")]
    [InlineData("null")]
    [InlineData("NAN")]
    public void Missing_inputs_and_labels_stay_missing(string missing)
    {
        MultiTaskData data = MultiTaskData.Load(_folder.Write($"x,c,y\n{missing},a,1.5\n2,{missing},2.5\n3,b,{missing}\n"), TargetY);

        Assert.Equal([double.NaN, 2, 3], data.Table.Column("x", "an input").Numbers);
        Assert.Equal([1.5, 2.5, double.NaN], data.Labels(0).ToArray());
        Assert.Contains("y: 1 of 3 labels are missing", data.Notes);
        if (missing != "NAN") Assert.Equal([0, -1, 1], data.Table.Column("c", "an input").Codes);
    }

    [Fact]
    public void A_missing_value_that_is_a_number_counts_in_all_its_spellings_and_only_when_asked_for()
    {
        string path = _folder.Write("x,y\n-200,1.5\n-200.0,2.5\n-2e2,3.5\n-20,4.5\n");

        MultiTaskData asked = MultiTaskData.Load(path, TargetY with { MissingValues = ["", "-200"] });
        Assert.Equal([double.NaN, double.NaN, double.NaN, -20], asked.Table.Column("x", "an input").Numbers);
        Assert.Equal([-200.0, -200, -200, -20], MultiTaskData.Load(path, TargetY).Table.Column("x", "an input").Numbers);
    }
}

using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Affinity;
using MtlHybrid.Data;
using Xunit;

namespace MtlHybrid.Tests.Affinity;

public sealed class AffinityMatrixTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mtl-affinity-").FullName;

    private string FilePath => Path.Combine(_folder, "affinity.csv");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_reads_back_to_the_last_bit() =>
        Gen.Select(Gen.Int[1, 6].SelectMany(k => Gen.Double.Where(double.IsFinite).Array[k * k]), Gen.Bool).Sample((values, withNames) =>
        {
            int tasks = (int)Math.Sqrt(values.Length);
            string[] names = [.. Enumerable.Range(0, tasks).Select(task => $"task, \"{task}\";")];
            AffinityMatrix.FromRowMajor(values, [], names).WriteCsv(FilePath, withNames);
            AffinityMatrix read = AffinityMatrix.ReadCsv(FilePath);
            string[] expectedNames = withNames ? names : [.. Enumerable.Range(0, tasks).Select(task => $"{task}")];
            return read.Values.Equals(Matrix<double>.Build.DenseOfRowMajor(tasks, tasks, values))
                && read.TaskNames.SequenceEqual(expectedNames) && Directory.GetFiles(_folder).Length == 1;
        }, iter: 60, threads: 1);

    [Theory]
    [InlineData("1,2\n3,4\n", "0 1")]
    [InlineData("1;2\r\n3;4", "0 1")]
    [InlineData("\n1,2\n\n3,4\n\n", "0 1")]
    [InlineData("a,b\n1,2\n3,4", "a b")]
    [InlineData("a,1,2\nb,3,4", "a b")]
    [InlineData("source,a,b\na,1,2\nb,3,4", "a b")]
    [InlineData(",a,b\na,1,2\nb,3,4", "a b")]
    [InlineData("school,1,2\n1,1,2\n2,3,4", "1 2")]
    [InlineData("a,7\n1,2\n3,4", "a 7")]
    public void Names_may_stand_above_at_the_left_on_both_sides_or_nowhere(string text, string names)
    {
        AffinityMatrix matrix = Read(text);
        Assert.Equal(Matrix<double>.Build.DenseOfArray(new double[,] { { 1, 2 }, { 3, 4 } }), matrix.Values);
        Assert.Equal(names.Split(' '), matrix.TaskNames);
        Assert.False(matrix.HasObservations);
    }

    [Fact]
    public void One_number_is_the_matrix_of_one_task() => Assert.Equal(0.5, Read("0.5\n").Values[0, 0]);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("1,2\n3", "line 2: expected 2 values as in the first line, got 1")]
    [InlineData("1,2\n3,4,5", "line 2: expected 2 values as in the first line, got 3")]
    [InlineData("1,2,3\n4,5,6", "expected a square matrix, got 2 lines of 3 values")]
    [InlineData("1,2\n3,4\n5,6", "expected a square matrix, got 3 lines of 2 values")]
    [InlineData("1,2\n3,x", "line 2, column '2': expected a finite number, got 'x'")]
    [InlineData("1,2\n3,", "line 2, column '2': expected a finite number, got nothing")]
    [InlineData("x,2\n3,4", "line 1, column '1': expected a finite number, got 'x'")]
    [InlineData("nan,1\n1,2", "line 1, column '1': expected a finite number, got 'nan'")]
    [InlineData("1,NaN\n3,4", "line 1, column '2': expected a finite number, got 'NaN'")]
    [InlineData("1,2\ninf,4", "line 2, column '1': expected a finite number, got 'inf'")]
    [InlineData("1,2\n3,1e999", "line 2, column '2': expected a finite number, got '1e999'")]
    [InlineData("source,a,b\na,1,2\nb,3,?", "line 3, column '3': expected a finite number, got '?'")]
    [InlineData("a,a\n1,2\n3,4", "task name 'a' occurs 2 times")]
    [InlineData("1 2\n3 4", "expected")]
    public void A_file_that_is_no_affinity_matrix_is_explained_with_its_place(string text, string expected)
    {
        DataException error = Assert.Throws<DataException>(() => Read(text));
        Assert.StartsWith(FilePath, error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void A_missing_file_is_a_data_error_that_names_it() => Assert.Contains(FilePath,
        Assert.Throws<DataException>(() => AffinityMatrix.ReadCsv(FilePath)).Message);

    [Fact]
    public void Rows_are_sources_and_columns_targets()
    {
        AffinityMatrix matrix = AffinityMatrix.FromRowMajor([1, 2, 3, 4], [5, 6, 7, 8], ["a", "b"]);
        Assert.Equal(2, matrix.Values[0, 1]);
        Assert.Equal(7, matrix.Observations(1, 0));
        matrix.WriteCsv(FilePath);
        Assert.Equal("source,a,b\na,1,2\nb,3,4\n", File.ReadAllText(FilePath));
    }

    [Fact]
    public void Shapes_values_and_names_are_checked()
    {
        Assert.Throws<ArgumentException>(() => AffinityMatrix.FromRowMajor([1, 2, 3], [], ["a", "b"]));
        Assert.Throws<ArgumentException>(() => AffinityMatrix.FromRowMajor([1, 2, 3, 4], [1], ["a", "b"]));
        Assert.Contains("(1, 0)", Assert.Throws<ArgumentException>(
            () => AffinityMatrix.FromRowMajor([1, 2, double.NaN, 4], [], ["a", "b"])).Message);
        Assert.Throws<ArgumentException>(() => AffinityMatrix.FromRowMajor([1, 2, 3, 4], [], ["a", "a"]));
        Assert.Throws<ArgumentException>(() => new AffinityMatrix(Matrix<double>.Build.Dense(2, 3)));
        Assert.Throws<ArgumentException>(() => new AffinityMatrix(Matrix<double>.Build.Dense(2, 2), null, new long[1, 2]));
    }

    [Fact]
    public void Later_changes_to_the_argument_do_not_change_the_matrix()
    {
        Matrix<double> mine = Matrix<double>.Build.Dense(2, 2, 1);
        var matrix = new AffinityMatrix(mine);
        mine[0, 0] = 9;
        Assert.Equal(1, matrix.Values[0, 0]);
    }

    private AffinityMatrix Read(string text)
    {
        File.WriteAllText(FilePath, text);
        return AffinityMatrix.ReadCsv(FilePath);
    }
}

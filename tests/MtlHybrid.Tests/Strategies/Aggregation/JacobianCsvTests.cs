using System.IO.Compression;
using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Data;
using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

public sealed class JacobianCsvTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mtl-jacobian-").FullName;

    private string FilePath => Path.Combine(_folder, "jacobian.csv");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("-4,1,1\n6,1,1\n")]
    [InlineData("-4;1;1\r\n6;1;1")]
    [InlineData("\n-4e0, 1.0, +1\n\n 6,1,1\n\n")]
    [InlineData("a,b,c\n-4,1,1\n6,1,1\n")]
    [InlineData("a,,\n-4,1,1\n6,1,1\n")]
    public void Rows_are_tasks_with_or_without_a_header(string text) => Assert.Equal(Aggregate.Published, Read(text));

    [Fact]
    public void One_number_is_a_matrix() => Assert.Equal(Aggregate.Rows([0.5]), Read("0.5"));

    [Fact]
    public void Gzip_is_read_too()
    {
        using (var stream = new GZipStream(File.Create(FilePath + ".gz"), CompressionLevel.Fastest))
            stream.Write("1,2\n"u8);

        Assert.Equal(Aggregate.Rows([1, 2]), JacobianCsv.Read(FilePath + ".gz"));
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("\n\n", "the file is empty")]
    [InlineData("a,b\n", "there is none below the header")]
    [InlineData("1,2\n3\n", "line 2: expected 2 values as in the first line, got 1")]
    [InlineData("1,2\n3,4,5\n", "line 2: expected 2 values as in the first line, got 3")]
    [InlineData("a,b\n1,2,3\n", "line 2: expected 2 values as in the first line, got 3")]
    [InlineData("1,2\n3,x\n", "line 2, column '2': expected a finite number, got 'x'")]
    [InlineData("1,2\nx,y\n", "line 2, column '1': expected a finite number, got 'x'")]
    [InlineData("x,2\n3,4\n", "line 1, column '1': expected a finite number, got 'x'")]
    [InlineData("1,2\n3,\n", "line 2, column '2': expected a finite number, got nothing")]
    [InlineData("1,NaN\n3,4\n", "line 1, column '2': expected a finite number, got 'NaN'")]
    [InlineData("NaN,NaN\n3,4\n", "line 1, column '1': expected a finite number, got 'NaN'")]
    [InlineData("1,2\n-inf,4\n", "line 2, column '1': expected a finite number, got '-inf'")]
    [InlineData("1,2\n3,1e999\n", "line 2, column '2': expected a finite number, got '1e999'")]
    public void What_is_no_matrix_is_explained_with_its_place(string text, string expected)
    {
        DataException error = Assert.Throws<DataException>(() => Read(text));
        Assert.StartsWith(FilePath, error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void A_missing_file_is_named() => Assert.Contains(FilePath, Assert.Throws<DataException>(() => JacobianCsv.Read(FilePath)).Message);

    private Matrix<double> Read(string text)
    {
        File.WriteAllText(FilePath, text);
        return JacobianCsv.Read(FilePath);
    }
}

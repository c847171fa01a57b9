using System.Buffers.Binary;
using System.Text;
using MtlHybrid.Interchange;
using Xunit;

namespace MtlHybrid.Tests.Interchange;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mtl-safetensors");

    private string Path => System.IO.Path.Combine(_folder.FullName, "w.safetensors");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_is_written_is_read_back_bit_for_bit()
    {
        float[] odd = [1.5f, -0f, float.Epsilon, float.MaxValue, 1 / 3f, 0];
        SafetensorsFile.Write(Path, [new("trunk.0.weight", [2, 3], odd), new("b \"quoted\" é", [0], []), new("scalar", [], [7])]);
        IReadOnlyDictionary<string, SafetensorsEntry> read = SafetensorsFile.Read(Path);
        Assert.Equal(3, read.Count);
        Assert.Equal([2, 3], read["trunk.0.weight"].Shape);
        Assert.Equal(odd.Select(BitConverter.SingleToInt32Bits), read["trunk.0.weight"].Values.Select(BitConverter.SingleToInt32Bits));
        Assert.Empty(read["b \"quoted\" é"].Values);
        Assert.Equal([7f], read["scalar"].Values);
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public void The_layout_is_that_of_the_format()
    {
        SafetensorsFile.Write(Path, [new("a", [1], [1f])]);
        byte[] bytes = File.ReadAllBytes(Path);
        long header = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, (8 + header) % 8);
        Assert.Equal(8 + header + 4, bytes.Length);
        string json = Encoding.UTF8.GetString(bytes, 8, (int)header).TrimEnd();
        Assert.Equal("""{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", json);
    }

    [Theory]
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 0xF8, 0xBF }, -1.5f)]
    [InlineData("F16", new byte[] { 0x00, 0xBE }, -1.5f)]
    [InlineData("BF16", new byte[] { 0xC0, 0xBF }, -1.5f)]
    public void Other_float_types_are_converted(string type, byte[] data, float expected)
    {
        WriteRaw($$$"""{"x":{"dtype":"{{{type}}}","shape":[1],"data_offsets":[0,{{{data.Length}}}]}}""", data);
        Assert.Equal([expected], SafetensorsFile.Read(Path)["x"].Values);
    }

    [Theory]
    [InlineData("""{"x":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}""", "type I32")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "does not fit 4 bytes")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "truncated")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "impossible")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}""", "not a safetensors file")]
    [InlineData("""{"x":{"dtype":"F32","data_offsets":[0,4]}}""", "not a safetensors file")]
    [InlineData("""{"x":3}""", "not a safetensors file")]
    [InlineData("""[1,2]""", "not a safetensors file")]
    [InlineData("""{"x":""", "not a safetensors file")]
    public void Damaged_files_are_refused_with_their_name(string header, string problem)
    {
        WriteRaw(header, [0, 0, 0, 0]);
        ModelFileException e = Assert.Throws<ModelFileException>(() => SafetensorsFile.Read(Path));
        Assert.Contains(Path, e.Message, StringComparison.Ordinal);
        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_truncation_of_a_file_is_refused()
    {
        SafetensorsFile.Write(Path, [new("a", [2], [1f, 2f])]);
        byte[] bytes = File.ReadAllBytes(Path);
        for (int length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(Path, bytes[..length]);
            Assert.Throws<ModelFileException>(() => SafetensorsFile.Read(Path));
        }
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        ModelFileException e = Assert.Throws<ModelFileException>(() => SafetensorsFile.Read(Path));
        Assert.Contains(Path, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failing_write_leaves_the_old_file_and_nothing_else()
    {
        File.WriteAllText(Path, "old");
        Assert.Throws<IOException>(() => AtomicFile.Write(Path, stream =>
        {
            stream.WriteByte(1);
            throw new IOException("disk full");
        }));
        Assert.Equal("old", File.ReadAllText(Path));
        Assert.Single(_folder.GetFiles());
    }

    private void WriteRaw(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        File.WriteAllBytes(Path, [.. length, .. text, .. data]);
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace MtlHybrid.Interchange;

/// <summary>The safetensors format (https://huggingface.co/docs/safetensors): an 8-byte little-endian header length, a JSON
/// header with type, shape and byte range of each tensor, then the bytes.</summary>
public static class SafetensorsFile
{
    private const int MaximumHeader = 100_000_000;

    /// <summary>Writes tensors as F32, in the given order; the file is whole or not there.</summary>
    public static void Write(string path, IReadOnlyList<SafetensorsEntry> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        byte[] header = Header(tensors);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (SafetensorsEntry tensor in tensors) stream.Write(MemoryMarshal.AsBytes<float>(tensor.Values));
        });
    }

    /// <summary>Reads every tensor of a file; F64, F16 and BF16 are converted to 32-bit floats.</summary>
    /// <exception cref="ModelFileException">The file is missing, unreadable, truncated or not in the format.</exception>
    public static IReadOnlyDictionary<string, SafetensorsEntry> Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, $"cannot be read: {e.Message}", e);
        }

        if (bytes.Length < 8) throw new ModelFileException(path, $"truncated: {bytes.Length} bytes, a safetensors file has at least 8");
        long headerLength = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (headerLength is < 2 or > MaximumHeader) throw new ModelFileException(path, $"not a safetensors file: header length {headerLength}");
        if (8 + headerLength > bytes.Length)
            throw new ModelFileException(path, $"truncated: the header needs {8 + headerLength} bytes, the file has {bytes.Length}");
        try
        {
            using JsonDocument header = JsonDocument.Parse(bytes.AsMemory(8, (int)headerLength));
            var tensors = new Dictionary<string, SafetensorsEntry>();
            foreach (JsonProperty property in header.RootElement.EnumerateObject())
            {
                if (property.Name == "__metadata__") continue;
                if (!tensors.TryAdd(property.Name, Tensor(path, property, bytes, 8 + (int)headerLength)))
                    throw new ModelFileException(path, $"tensor '{property.Name}' appears twice");
            }

            return tensors;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw new ModelFileException(path, $"not a safetensors file: {e.Message}", e);
        }
    }

    private static byte[] Header(IReadOnlyList<SafetensorsEntry> tensors)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            json.WriteEndObject();
            long offset = 0;
            foreach (SafetensorsEntry tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (long dimension in tensor.Shape) json.WriteNumberValue(dimension);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += 4L * tensor.Values.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Padded with spaces so that the data start at a multiple of 8 bytes, as readers that map the file like it.
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static SafetensorsEntry Tensor(string path, JsonProperty property, byte[] bytes, int dataStart)
    {
        string type = property.Value.GetProperty("dtype").GetString() ?? "";
        long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())];
        long[] range = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(d => d.GetInt64())];
        int size = type switch
        {
            "F64" => 8,
            "F32" => 4,
            "F16" or "BF16" => 2,
            _ => throw new ModelFileException(path, $"tensor '{property.Name}' has type {type}; F64, F32, F16 and BF16 can be read"),
        };
        if (shape.Any(d => d < 0) || range.Length != 2 || range[0] < 0 || range[1] < range[0])
            throw new ModelFileException(path, $"tensor '{property.Name}' has an impossible shape or range");
        long elements = shape.Aggregate(1L, (product, d) => checked(product * d));
        if (range[1] - range[0] != checked(elements * size))
            throw new ModelFileException(path, $"tensor '{property.Name}': shape [{string.Join(", ", shape)}] does not fit {range[1] - range[0]} bytes");
        if (range[1] > bytes.Length - dataStart)
            throw new ModelFileException(path, $"truncated: tensor '{property.Name}' ends at byte {dataStart + range[1]}, the file has {bytes.Length}");
        ReadOnlySpan<byte> data = bytes.AsSpan(dataStart + (int)range[0], (int)(range[1] - range[0]));
        var values = new float[elements];
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<byte> element = data.Slice(i * size, size);
            values[i] = type switch
            {
                "F64" => (float)BinaryPrimitives.ReadDoubleLittleEndian(element),
                "F32" => BinaryPrimitives.ReadSingleLittleEndian(element),
                "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(element),
                _ => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(element) << 16),
            };
        }

        return new SafetensorsEntry(property.Name, shape, values);
    }
}

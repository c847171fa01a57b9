using System.Text.Json.Nodes;

namespace MtlHybrid.Cli.Tests;

public class DevicesTests
{
    [Fact]
    public void The_processor_is_listed_and_the_lack_of_a_GPU_explained()
    {
        NativeLibrary.Need();

        string output = Invocation.Run("devices").MustSucceed().Output;

        Assert.Contains("cpu:0", output, StringComparison.Ordinal);
        Assert.Contains("GiB", output, StringComparison.Ordinal);
        Assert.Contains("this build has no CUDA core", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_tells_the_same()
    {
        NativeLibrary.Need();

        JsonNode document = Invocation.Run("devices", "--json").MustSucceed().Json;

        JsonNode processor = Assert.Single(document["devices"]!.AsArray())!;
        Assert.Equal("cpu", (string)processor["kind"]!);
        Assert.InRange((int)processor["threads"]!, 1, 4096);
        Assert.True((long)processor["memoryBytes"]! > 0);
        Assert.False((bool)document["gpu"]!["available"]!);
        Assert.Equal("this build has no CUDA core", (string)document["gpu"]!["reason"]!);
    }
}

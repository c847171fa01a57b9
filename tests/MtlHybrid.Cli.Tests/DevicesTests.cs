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
        Assert.Contains("self-test", output, StringComparison.Ordinal);
        if (!output.Contains("cuda:0", StringComparison.Ordinal)) Assert.Contains("none: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_tells_the_same()
    {
        NativeLibrary.Need();

        JsonNode document = Invocation.Run("devices", "--json").MustSucceed().Json;

        JsonNode processor = document["devices"]![0]!;
        Assert.Equal("cpu", (string)processor["kind"]!);
        Assert.InRange((int)processor["threads"]!, 1, 4096);
        Assert.True((long)processor["memoryBytes"]! > 0);
        Assert.True((bool)processor["selfTest"]!["passed"]!);
        JsonNode gpu = document["gpu"]!;
        Assert.Equal((bool)gpu["available"]!, gpu["reason"] is null);
        Assert.EndsWith(OperatingSystem.IsWindows() ? "mtlhybrid_cuda.dll" : "libmtlhybrid_cuda.so", (string)gpu["plugin"]!["path"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_GPU_that_is_not_there_is_an_error_for_every_verb_that_computes()
    {
        NativeLibrary.Need();
        using var folder = new TemporaryFolder();
        string table = folder.WriteTable();
        Invocation.Run("train", "--data", table, "--targets", "sum,difference", "--epochs", "1", "--device", "cpu", "--quiet", "--out", folder["run"]).MustSucceed();
        string[][] verbs =
        [
            ["train", "--data", table, "--targets", "sum,difference", "--out", folder["other"]],
            ["pilot", "--data", table, "--targets", "sum,difference", "--out", folder["other"]],
            ["evaluate", "--data", table, "--model", folder["run"]],
            ["predict", "--data", table, "--model", folder["run"]],
            ["bench", "--quick"],
        ];
        foreach (string[] verb in verbs)
        {
            Invocation run = Invocation.Run([.. verb, "--device", "cuda:99", "--quiet"]);
            Assert.True(run.ExitCode == ExitCode.NativeOrDevice, $"{verb[0]}: exit code {run.ExitCode}: {run.Error}");
            Assert.Contains("CUDA", run.Error, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(folder["other"]));
    }

    [Fact]
    public void The_result_of_a_run_names_the_device_that_computed_it()
    {
        NativeLibrary.Need();
        using var folder = new TemporaryFolder();

        Invocation.Run(
            "train", "--data", folder.WriteTable(), "--targets", "sum,difference", "--epochs", "1", "--device", "cpu", "--threads", "1", "--quiet", "--out", folder["run"])
            .MustSucceed();

        JsonNode device = JsonNode.Parse(File.ReadAllText(folder["run/result.json"]))!["device"]!;
        Assert.Equal("cpu:0", (string)device["device"]!);
        Assert.Equal("float32", (string)device["precision"]!);
        Assert.Equal("asked for", (string)device["choice"]!);
        Assert.Equal(1, (int)device["threads"]!);
    }
}

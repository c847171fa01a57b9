using System.Text.Json.Nodes;

namespace MtlHybrid.Cli.Tests;

public class BenchTests
{
    [Fact]
    public void Json_has_every_number_with_its_unit_in_the_key()
    {
        NativeLibrary.Need();

        Invocation run = Invocation.Run("bench", "--quick", "--threads", "2", "--json").MustSucceed();

        JsonObject document = run.Json.AsObject();
        Assert.Equal(["machine", "threads", "matrixProduct", "networks"], document.Select(entry => entry.Key));
        Assert.Equal(["device", "processor", "usableThreads", "memoryBytes", "features", "build"], Keys(document["machine"]));
        Assert.Equal(2, (int)document["threads"]!);
        Assert.Equal(["rows", "columns", "depth", "oneThreadGflopPerSecond", "gflopPerSecond"], Keys(document["matrixProduct"]));
        double rate = Positive(document["matrixProduct"]!["gflopPerSecond"]);
        Positive(document["matrixProduct"]!["oneThreadGflopPerSecond"]);
        Assert.Equal(
            [(64, 128), (256, 256), (256, 512), (1024, 512)],
            document["networks"]!.AsArray().Select(network => ((int)network!["batchRows"]!, (int)network["hiddenWidth"]!)));
        foreach (JsonNode? network in document["networks"]!.AsArray())
        {
            Assert.Equal(
                ["batchRows", "hiddenWidth", "inputs", "tasks", "parameters", "jointStep", "selectiveStep", "oneRowPredictionMicroseconds"],
                Keys(network));
            Assert.InRange(Positive(network!["oneRowPredictionMicroseconds"]), 0.01, 1e6);
            int rows = (int)network["batchRows"]!, width = (int)network["hiddenWidth"]!;
            Assert.Equal((21 * width) + width + 2 * (width * width + width) + 7 * (width + 1), (long)network["parameters"]!);
            Check(network["jointStep"]!, groups: 1, rows, rate);
            Check(network["selectiveStep"]!, groups: 3, rows, rate);
        }
    }

    [Fact]
    public void People_get_the_machine_and_a_line_per_step()
    {
        NativeLibrary.Need();

        Invocation run = Invocation.Run("bench", "--quick", "--threads", "1").MustSucceed();

        Assert.Contains("matrix products", run.Output, StringComparison.Ordinal);
        Assert.Contains("GFLOP/s on one thread", run.Output, StringComparison.Ordinal);
        Assert.Contains("1024 x 512", run.Output, StringComparison.Ordinal);
        Assert.Equal(4, run.Output.Split('\n').Count(line => line.Contains("joint", StringComparison.Ordinal)));
        Assert.Equal(4, run.Output.Split('\n').Count(line => line.Contains("selective", StringComparison.Ordinal)));
        Assert.Contains("prediction of one row", run.Output, StringComparison.Ordinal);
        Assert.Contains("measuring for about", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void It_can_be_cancelled()
    {
        NativeLibrary.Need();

        Invocation.Run(new CancellationToken(canceled: true), "bench", "--quick").MustFail(ExitCode.Cancelled, "cancelled");
    }

    private static void Check(JsonNode step, int groups, int rows, double rate)
    {
        Assert.Equal(
            ["groups", "medianMilliseconds", "repeats", "stepsPerSecond", "rowsPerSecond", "megaflopPerStep", "gflopPerSecond", "shareOfMatrixProductRate"],
            Keys(step));
        Assert.Equal(groups, (int)step["groups"]!);
        Assert.InRange((int)step["repeats"]!, 5, 1000);
        double seconds = Positive(step["medianMilliseconds"]) / 1e3;
        Close(1 / seconds, step["stepsPerSecond"]);
        Close(rows / seconds, step["rowsPerSecond"]);
        Close(Positive(step["megaflopPerStep"]) / 1e3 / seconds, step["gflopPerSecond"]);
        Close(Positive(step["gflopPerSecond"]) / rate, step["shareOfMatrixProductRate"]);
    }

    private static IEnumerable<string> Keys(JsonNode? node) => node!.AsObject().Select(entry => entry.Key);

    private static double Positive(JsonNode? node)
    {
        double value = (double)node!;
        Assert.True(value > 0 && double.IsFinite(value), $"{node!.GetPath()} is {value}");
        return value;
    }

    private static void Close(double expected, JsonNode? actual) => Assert.Equal(1, Positive(actual) / expected, 1e-9);
}

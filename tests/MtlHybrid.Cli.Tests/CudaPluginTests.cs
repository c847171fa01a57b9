using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace MtlHybrid.Cli.Tests;

/// <summary>What the command says of the CUDA plug-in it finds, and does with it, in processes of their own, as a plug-in is
/// opened once per process.</summary>
public class CudaPluginTests
{
    // Two devices: the first passes its self-test and then has no memory, the second computes wrong.
    private const string FailingPlugin = """
        #include <stdint.h>
        #include <stdio.h>
        #include <string.h>
        struct info { char name[128], detail[256]; int64_t memory, free; int32_t major, minor, driver; };
        typedef void (*failure)(int32_t status, const char* text);
        struct host { failure fail; };
        struct plugin {
          const char* build;
          int32_t (*count)(char* why, int32_t size);
          _Bool (*describe)(int32_t device, struct info* info, char* why, int32_t size);
          _Bool (*self_test)(int32_t device, char* why, int32_t size);
          void* (*create)(int32_t device, int32_t precision);
          void (*destroy)(void* backend);
        };
        static const struct host* core;
        static int32_t count(char* why, int32_t size) { (void)why; (void)size; return 2; }
        static _Bool describe(int32_t device, struct info* info, char* why, int32_t size) {
          (void)why; (void)size;
          memset(info, 0, sizeof *info);
          snprintf(info->name, sizeof info->name, "Test GPU %d", device);
          info->memory = 80LL << 30;
          info->free = 70LL << 30;
          info->major = 9;
          info->driver = 12040;
          return 1;
        }
        static _Bool self_test(int32_t device, char* why, int32_t size) {
          snprintf(why, size, "the product is wrong");
          return device == 0;
        }
        static void* create(int32_t device, int32_t precision) {
          char text[100];
          snprintf(text, sizeof text, "device %d, precision %d: 1000 bytes asked, 10 free", device, precision);
          core->fail(3, text);
          return 0;
        }
        static void destroy(void* backend) { (void)backend; }
        static const struct plugin plugin = {"the test plug-in", count, describe, self_test, create, destroy};
        const struct plugin* mtl_cuda_plugin_open(uint32_t version, const struct host* host) {
          (void)version;
          core = host;
          return &plugin;
        }
        """;

    private const string OtherVersion = """
        #include <stdint.h>
        uint32_t mtl_cuda_plugin_version(void) { return 4711; }
        const void* mtl_cuda_plugin_open(uint32_t version, const void* host) { (void)version; (void)host; return 0; }
        """;

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        using var folder = new TemporaryFolder();

        JsonNode gpu = Devices(folder["none.so"])["gpu"]!;

        Assert.Equal("no-plugin", (string)gpu["state"]!);
        Assert.Contains(folder["none.so"], (string)gpu["reason"]!, StringComparison.Ordinal);
        Assert.Contains("--cuda=on", (string)gpu["remedy"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_library_is_told_in_the_loaders_words()
    {
        using var folder = new TemporaryFolder();

        JsonNode gpu = Devices(folder.Write("plugin.so", "no library"))["gpu"]!;

        Assert.Equal("not-loaded", (string)gpu["state"]!);
        Assert.Contains("does not load", (string)gpu["reason"]!, StringComparison.Ordinal);
        Assert.Contains("MTLHYBRID_CUDA_PATH", (string)gpu["reason"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_version_is_told_with_both_numbers()
    {
        using var folder = new TemporaryFolder();

        JsonNode gpu = Devices(Compile(folder, OtherVersion))["gpu"]!;

        Assert.Equal("other-version", (string)gpu["state"]!);
        Assert.Contains("version 4711", (string)gpu["reason"]!, StringComparison.Ordinal);
        Assert.Contains("needs version", (string)gpu["reason"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Devices_are_listed_with_what_is_known_and_the_result_of_their_self_test()
    {
        using var folder = new TemporaryFolder();

        JsonNode document = Devices(Compile(folder, FailingPlugin));

        JsonArray devices = document["devices"]!.AsArray();
        Assert.Equal(["cpu", "cuda", "cuda"], devices.Select(device => (string)device!["kind"]!));
        JsonNode first = devices[1]!;
        Assert.Equal("Test GPU 0", (string)first["name"]!);
        Assert.Equal(80L << 30, (long)first["memoryBytes"]!);
        Assert.Equal(70L << 30, (long)first["freeBytes"]!);
        Assert.Equal("9.0", (string)first["computeCapability"]!);
        Assert.Equal("12.4", (string)first["driver"]!);
        Assert.True((bool)first["selfTest"]!["passed"]!);
        Assert.Contains("the product is wrong", (string)devices[2]!["selfTest"]!["failure"]!, StringComparison.Ordinal);
        Assert.Equal("cpu:0", (string)document["auto"]!);
    }

    [Fact]
    public void Auto_computes_on_the_processor_and_says_what_stood_in_the_way()
    {
        using var folder = new TemporaryFolder();

        Invocation run = Train(folder, Compile(folder, FailingPlugin), "--device", "auto", "--json").MustSucceed();

        Assert.Contains("note: no GPU is used", run.Error, StringComparison.Ordinal);
        Assert.Contains("1000 bytes asked, 10 free", run.Error, StringComparison.Ordinal);
        Assert.Contains("the product is wrong", run.Error, StringComparison.Ordinal);
        Assert.Equal("cpu:0", (string)run.Json["device"]!["device"]!);
        Assert.Contains("1000 bytes asked", (string)run.Json["device"]!["choice"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cuda", "device 0, precision 1: 1000 bytes asked, 10 free")]
    [InlineData("cuda:1", "the product is wrong")]
    [InlineData("cuda:2", "no CUDA device 2")]
    public void A_GPU_that_fails_is_an_error_and_no_fallback(string device, string reason)
    {
        using var folder = new TemporaryFolder();

        Invocation run = Train(folder, Compile(folder, FailingPlugin), "--device", device, "--precision", "tf32");

        run.MustFail(ExitCode.NativeOrDevice, reason);
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Theory]
    [InlineData("auto", "float32", 1e-4)]
    [InlineData("cuda", "bf16", 0.05)]
    public void A_GPU_that_works_trains_evaluates_and_predicts_as_the_processor_does(string device, string precision, double tolerance)
    {
        using var folder = new TemporaryFolder();
        string plugin = EmulatedPlugin();
        string table = folder.WriteTable();

        Invocation onGpu = Train(folder, plugin, "--device", device, "--precision", precision, "--json").MustSucceed();
        Assert.Equal("cuda:0", (string)onGpu.Json["device"]!["device"]!);
        Assert.Equal(precision, (string)onGpu.Json["device"]!["precision"]!);
        Invocation predictedOnGpu = Run(plugin, "predict", "--model", folder["run"], "--data", table, "--device", "cuda").MustSucceed();
        Invocation predictedOnProcessor = Run(plugin, "predict", "--model", folder["run"], "--data", table, "--device", "cpu").MustSucceed();
        AssertNear(Numbers(predictedOnProcessor.Output), Numbers(predictedOnGpu.Output), 1e-5);
        Run(plugin, "evaluate", "--model", folder["run"], "--data", table, "--device", "cuda").MustSucceed();

        Train(folder, plugin, "--device", "cpu").MustSucceed();
        Invocation trainedOnProcessor = Run(plugin, "predict", "--model", folder["run"], "--data", table, "--device", "cpu").MustSucceed();
        AssertNear(Numbers(trainedOnProcessor.Output), Numbers(predictedOnGpu.Output), tolerance);
    }

    [Fact]
    public void An_explicit_GPU_without_a_plugin_is_an_error_with_the_remedy()
    {
        using var folder = new TemporaryFolder();

        Train(folder, folder["none.so"], "--device", "cuda").MustFail(ExitCode.NativeOrDevice, folder["none.so"], "--cuda=on");
        Train(folder, folder["none.so"], "--precision", "bf16").MustFail(ExitCode.NativeOrDevice, "BFloat16 needs a GPU", folder["none.so"]);
    }

    private static JsonNode Devices(string plugin) => Run(plugin, "devices", "--json").MustSucceed().Json;

    private static Invocation Train(TemporaryFolder folder, string plugin, params string[] arguments) => Run(
        plugin,
        ["train", "--data", folder.WriteTable(), "--targets", "sum,difference", "--epochs", "1", "--out", folder["run"], .. arguments]);

    private static Invocation Run(string plugin, params string[] arguments)
    {
        NativeLibrary.Need();
        var start = new ProcessStartInfo(MtlProgram.Path);
        start.Environment["MTLHYBRID_CUDA_PATH"] = plugin;
        return MtlProgram.Run(start, arguments);
    }

    // Built with the native tests; it computes on the processor what the GPU would.
    private static string EmulatedPlugin()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "MtlHybrid.sln"))) root = root.Parent;
        string[] built = root is null ? [] : [.. new[] { "release", "debug" }
            .Select(preset => Path.Combine(root.FullName, "artifacts", "build", preset, "tests", "native", "cuda", "libmtlhybrid_cuda.so"))
            .Where(File.Exists)];
        Assert.SkipWhen(built.Length == 0, "the emulated plug-in has not been built: ./build.sh test");
        return built[0];
    }

    private static double[] Numbers(string table) => [.. table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
        .SelectMany(line => line.Split(',')).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];

    private static void AssertNear(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(actual[i] - expected[i]) <= tolerance * scale, $"value {i} is {actual[i]}, expected {expected[i]}");
    }

    private static string Compile(TemporaryFolder folder, string source)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/gcc"), "needs Linux and gcc");
        using Process gcc = Process.Start("/usr/bin/gcc", ["-shared", "-fPIC", "-o", folder["plugin.so"], folder.Write("plugin.c", source)]);
        gcc.WaitForExit();
        Assert.Equal(0, gcc.ExitCode);
        return folder["plugin.so"];
    }
}

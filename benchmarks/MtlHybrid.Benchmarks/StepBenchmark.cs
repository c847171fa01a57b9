using BenchmarkDotNet.Attributes;
using MtlHybrid.Benchmarks.Paired;
using MtlHybrid.Engine;

namespace MtlHybrid.Benchmarks;

/// <summary>
/// One training step on one batch, from row indices to updated parameters: <see cref="StepNetwork"/> with 7 heads, random data,
/// all hardware threads. Joint: one update of all tasks. Selective: three group updates with the losses of all tasks and the
/// affinity.
/// </summary>
public class StepBenchmark
{
    private Device _device = null!;
    private OurSide _side = null!;

    /// <summary>The sizes that are timed.</summary>
    public static IReadOnlyList<StepShape> Shapes { get; } = [new(64, 128), new(256, 256), new(256, 512), new(1024, 512)];

    /// <summary>The size being timed.</summary>
    [ParamsSource(nameof(Shapes))]
    public StepShape Shape { get; set; } = Shapes[0];

    /// <summary>Puts the data on the device and compiles the network without affinity.</summary>
    [GlobalSetup(Target = nameof(Joint))]
    public void SetUpJoint() => SetUp(StepKind.Joint);

    /// <summary>The same with affinity.</summary>
    [GlobalSetup(Target = nameof(Selective))]
    public void SetUpSelective() => SetUp(StepKind.Selective);

    /// <summary>Frees the device.</summary>
    [GlobalCleanup]
    public void TearDown()
    {
        _side.Dispose();
        _device.Dispose();
    }

    /// <summary>One joint step.</summary>
    [Benchmark(Baseline = true)]
    public void Joint() => _side.Step();

    /// <summary>One selective step of three groups.</summary>
    [Benchmark]
    public void Selective() => _side.Step();

    private void SetUp(StepKind kind)
    {
        _device = Device.Open();
        _side = Side(_device, Shape, kind);
    }

    private static OurSide Side(Device device, StepShape shape, StepKind kind) => new OurSide(device, new StepProblem(shape), kind);
}

using MtlHybrid.Engine;
using Xunit;

namespace MtlHybrid.Tests.Engine;

public sealed class NetworkArgumentTests : IDisposable
{
    private readonly Device _device = SmallProblem.OpenDevice();
    private readonly DeviceDataset _data;
    private readonly Network _network;

    public NetworkArgumentTests()
    {
        _data = SmallProblem.Data(_device);
        _network = Network.Compile(_device, SmallProblem.Graph(), maxBatch: 32, seed: 5);
    }

    public void Dispose()
    {
        _network.Dispose();
        _data.Dispose();
        _device.Dispose();
    }

    [Fact]
    public void A_span_of_the_wrong_length_is_named_with_both_lengths()
    {
        Expect("losses", "3", "2", () => _network.ReadLosses(new double[2]));
        Expect("sums", "3", "2", () => _network.TakeLossTotals(new double[2], new long[3]));
        Expect("batches", "3", "4", () => _network.TakeLossTotals(new double[3], new long[4]));
        Expect("affinity", "9", "3", () => _network.ReadAffinity(new double[3], new long[9]));
        Expect("observations", "9", "3", () => _network.WriteAffinity(new double[9], new long[3]));
        Expect("counts", "4", "3", () => _network.ReadStepCounts(new long[3]));
        Expect("counts", "4", "3", () => _network.WriteStepCounts(new long[3]));
        Expect("features", "10", "9", () => _network.Predict(new float[9], new int[2], 2, new float[10]));
        Expect("codes", "2", "1", () => _network.Predict(new float[10], new int[1], 2, new float[10]));
        Expect("outputs", "10", "9", () => _network.Predict(new float[10], new int[2], 2, new float[9]));
        Expect("outputs", "5", "4", () => _network.PredictRows(_data, [0], new float[4]));
        Expect("lossSums", "3", "1", () => _network.Evaluate(_data, [0], new double[1], new double[3]));
        Expect("weightSums", "3", "1", () => _network.Evaluate(_data, [0], new double[3], new double[1]));
        Expect("featureValues", "15", "14", () => DeviceDataset.Create(_device, 3, 5, 0, 1, new float[14], [], new float[3]));
        Expect("codes", "0", "1", () => DeviceDataset.Create(_device, 3, 5, 0, 1, new float[15], new int[1], new float[3]));
        Expect("labels", "3", "2", () => DeviceDataset.Create(_device, 3, 5, 0, 1, new float[15], [], new float[2]));
        // No overflow: 70,000 x 70,000 does not fit into 32 bits.
        Expect("featureValues", "4900000000", "14", () => DeviceDataset.Create(_device, 70_000, 70_000, 0, 1, new float[14], [], new float[3]));
    }

    [Fact]
    public void Empty_groups_and_batches_are_refused_by_name()
    {
        Assert.Throws<ArgumentException>("rows", () => _network.BeginBatch(_data, [], 0));
        Assert.Throws<ArgumentException>("tasks", () => _network.UpdateGroup([], new UpdateOptions(0.1, 0.1)));
        Assert.Throws<ArgumentException>("tasks", () => _network.ComputeGradients([], GroupReduction.Sum));
        Assert.Throws<ArgumentException>("rows", () => _network.Evaluate(_data, [], new double[3], new double[3]));
    }

    [Fact]
    public void Reading_and_writing_outside_the_flat_arrays_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("offset", () => _network.Read(NetworkBuffer.Parameters, -1, new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>("offset", () => _network.Read(NetworkBuffer.Parameters, _network.ParameterCount, new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>("offset", () => _network.Write(NetworkBuffer.Parameters, long.MaxValue, new float[2]));
        _network.Read(NetworkBuffer.Parameters, _network.ParameterCount, []);
    }

    [Fact]
    public void Null_arguments_are_refused_by_name()
    {
        Assert.Throws<ArgumentNullException>("data", () => _network.BeginBatch(null!, [0], 0));
        Assert.Throws<ArgumentNullException>("data", () => _network.PredictRows(null!, [0], new float[5]));
        Assert.Throws<ArgumentNullException>("options", () => _network.ConfigureOptimizer(null!));
        Assert.Throws<ArgumentNullException>("graph", () => Network.Compile(_device, null!, 1, 0));
        Assert.Throws<ArgumentNullException>("device", () => Network.Compile(null!, SmallProblem.Graph(), 1, 0));
    }

    [Fact]
    public void What_only_the_core_can_check_comes_back_as_its_own_words_and_leaves_the_network_usable()
    {
        _network.BeginBatch(_data, [0, 1], 0);
        Refused("mtl_network_begin_batch", () => _network.BeginBatch(_data, [0, SmallProblem.Rows], 0));
        Refused("mtl_network_begin_batch", () => _network.BeginBatch(_data, new int[33], 0));
        _network.BeginBatch(_data, [0, 1], 0);
        Refused("mtl_network_update_group", () => _network.UpdateGroup([3], new UpdateOptions(0.1, 0.1)));
        Refused("mtl_network_update_group", () => _network.UpdateGroup([1, 1], new UpdateOptions(0.1, 0.1)));
        Refused("mtl_network_update_group", () => _network.UpdateGroup([1], new UpdateOptions(double.NaN, 0.1)));
        Refused("mtl_network_update_group", () => _network.UpdateGroup([1], new UpdateOptions(0.1, -1)));
        Refused("mtl_network_configure_affinity", () => _network.ConfigureAffinity(true, AffinityCredit.SteppedGroup, 0));
        Refused("mtl_network_slice", () => _network.Slice(3));

        _network.BeginBatch(_data, [0, 1], 0);
        _network.UpdateGroup([0], new UpdateOptions(0.1, 0.1));
    }

    [Fact]
    public void A_step_without_a_batch_is_an_invalid_state()
    {
        EngineException e = Assert.Throws<EngineException>(() => _network.UpdateGroup([0], new UpdateOptions(0.1, 0.1)));

        Assert.Equal(EngineStatus.InvalidState, e.Status);
    }

    [Fact]
    public void Options_outside_their_ranges_are_named()
    {
        Named("Momentum", new OptimizerOptions { Momentum = 1 });
        Named("Momentum", new OptimizerOptions { Nesterov = true });
        Named("Beta1", new OptimizerOptions { Beta1 = double.NaN });
        Named("Beta2", new OptimizerOptions { Beta2 = -0.1 });
        Named("Epsilon", new OptimizerOptions { Epsilon = 0 });
        Named("WeightDecay", new OptimizerOptions { WeightDecay = double.PositiveInfinity });
        Named("ClipNorm", new OptimizerOptions { ClipNorm = -1 });
        Named("Kind", new OptimizerOptions { Kind = (OptimizerKind)9 });
        Assert.Equal("Threads", Assert.Throws<InvalidOptionException>(() => Device.Open(new DeviceOptions { Threads = -1 })).Option);
        Assert.Equal("Kind", Assert.Throws<InvalidOptionException>(() => Device.Open(new DeviceOptions { Kind = (DeviceKind)9 })).Option);

        void Named(string option, OptimizerOptions options) =>
            Assert.Equal(option, Assert.Throws<InvalidOptionException>(() => _network.ConfigureOptimizer(options)).Option);
    }

    private static void Expect(string argument, string expected, string actual, Action call)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(argument, call);
        Assert.Contains($"{argument} must have {expected} elements", e.Message, StringComparison.Ordinal);
        Assert.Contains($"it has {actual}.", e.Message, StringComparison.Ordinal);
    }

    private static void Refused(string function, Action call)
    {
        EngineException e = Assert.Throws<EngineException>(call);
        Assert.Equal(EngineStatus.InvalidArgument, e.Status);
        Assert.Contains(function, e.Message, StringComparison.Ordinal);
    }
}

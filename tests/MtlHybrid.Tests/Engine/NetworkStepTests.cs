using MtlHybrid.Engine;
using Xunit;

namespace MtlHybrid.Tests.Engine;

public sealed class NetworkStepTests : IDisposable
{
    private readonly Device _device = SmallProblem.OpenDevice();
    private readonly DeviceDataset _data;
    private readonly Network _network;

    public NetworkStepTests()
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
    public void A_joint_step_through_the_whole_boundary_moves_every_slice_and_lowers_the_losses()
    {
        float[] before = SmallProblem.Parameters(_network);
        double first = TotalLoss();

        for (int step = 0; step < 100; ++step)
        {
            _network.BeginBatch(_data, SmallProblem.AllRows().AsSpan(0, 32), (ulong)step);
            _network.UpdateGroup([0, 1, 2], new UpdateOptions(0.01, 0.01));
        }

        var losses = new double[SmallProblem.Tasks];
        _network.ReadLosses(losses);
        Assert.All(losses, loss => Assert.True(double.IsFinite(loss)));
        float[] after = SmallProblem.Parameters(_network);
        for (int owner = -1; owner < SmallProblem.Tasks; ++owner)
        {
            (long offset, long count) = _network.Slice(owner);
            Assert.True(count > 0);
            Assert.NotEqual(before.AsSpan((int)offset, (int)count).ToArray(), after.AsSpan((int)offset, (int)count).ToArray());
        }
        var steps = new long[SmallProblem.Tasks + 1];
        _network.ReadStepCounts(steps);
        Assert.Equal([100, 100, 100, 100], steps);
        Assert.True(TotalLoss() < 0.7 * first, $"the loss went from {first} to {TotalLoss()}");
    }

    [Fact]
    public void Heads_outside_the_group_stay_bit_for_bit()
    {
        _network.BeginBatch(_data, SmallProblem.AllRows().AsSpan(0, 32), 0);
        _network.UpdateGroup([0, 1, 2], new UpdateOptions(0.01, 0.01));
        float[] before = SmallProblem.Parameters(_network);

        _network.UpdateGroup([0, 2], new UpdateOptions(0.01, 0.01));

        float[] after = SmallProblem.Parameters(_network);
        (long offset, long count) = _network.Slice(1);
        Assert.Equal(before.AsSpan((int)offset, (int)count).ToArray(), after.AsSpan((int)offset, (int)count).ToArray());
        var steps = new long[SmallProblem.Tasks + 1];
        _network.ReadStepCounts(steps);
        Assert.Equal([2, 2, 1, 2], steps);
    }

    [Fact]
    public void A_step_allocates_no_managed_memory()
    {
        int[] rows = SmallProblem.AllRows();
        // Arrays, because unoptimised code allocates for a span literal.
        int[] one = [1];
        int[] others = [0, 2];
        var losses = new double[SmallProblem.Tasks];
        _network.ConfigureAffinity(true, AffinityCredit.SteppedGroup, 0.01);
        Steps(10); // the first calls bind the functions and compile the methods

        long before = GC.GetAllocatedBytesForCurrentThread();
        Steps(100);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);

        void Steps(int count)
        {
            for (int step = 0; step < count; ++step)
            {
                _network.BeginBatch(_data, rows.AsSpan(step % 8, 32), (ulong)step);
                _network.UpdateGroup(one, new UpdateOptions(1e-3, 1e-3));
                _network.UpdateGroup(others, new UpdateOptions(1e-3, 1e-3));
                _network.Measure();
                _network.ReadLosses(losses);
            }
        }
    }

    [Fact]
    public void Parameters_and_optimizer_state_written_back_continue_to_the_same_bits()
    {
        _network.ConfigureOptimizer(new OptimizerOptions { Kind = OptimizerKind.AdamW, WeightDecay = 0.01, ClipNorm = 1 });
        Step(0);
        using Network copy = Network.Compile(_device, SmallProblem.Graph(), maxBatch: 32, seed: 5);
        copy.ConfigureOptimizer(new OptimizerOptions { Kind = OptimizerKind.AdamW, WeightDecay = 0.01, ClipNorm = 1 });
        foreach (NetworkBuffer buffer in (NetworkBuffer[])[NetworkBuffer.Parameters, NetworkBuffer.FirstMoment, NetworkBuffer.SecondMoment])
        {
            var values = new float[_network.ParameterCount];
            _network.Read(buffer, 0, values);
            copy.Write(buffer, 0, values);
        }
        var steps = new long[SmallProblem.Tasks + 1];
        _network.ReadStepCounts(steps);
        copy.WriteStepCounts(steps);

        Step(1);
        copy.BeginBatch(_data, SmallProblem.AllRows().AsSpan(3, 17), 1);
        copy.UpdateGroup([0, 1], new UpdateOptions(0.01, 0.02));

        Assert.Equal(SmallProblem.Parameters(_network), SmallProblem.Parameters(copy));

        void Step(ulong batch)
        {
            _network.BeginBatch(_data, SmallProblem.AllRows().AsSpan(3, 17), batch);
            _network.UpdateGroup([0, 1], new UpdateOptions(0.01, 0.02));
        }
    }

    [Fact]
    public void Affinity_is_recorded_and_can_be_read_and_written()
    {
        _network.ConfigureAffinity(true, AffinityCredit.SteppedGroup, 0.5);
        _network.BeginBatch(_data, SmallProblem.AllRows().AsSpan(0, 32), 0);
        _network.UpdateGroup([0], new UpdateOptions(0.001, 0.001));
        _network.UpdateGroup([1], new UpdateOptions(0.001, 0.001));

        var affinity = new double[9];
        var observations = new long[9];
        _network.ReadAffinity(affinity, observations);
        Assert.Equal([0, 0, 0, 0, 0, 0], observations.AsSpan(3).ToArray());
        Assert.Equal(1, observations[1]);
        Assert.NotEqual(0, affinity[1]);

        double[] written = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        _network.WriteAffinity(written, []);
        _network.ReadAffinity(affinity, observations);
        Assert.Equal(written, affinity);
        Assert.Equal(new long[9], observations);
        _network.ReadAffinity(affinity, []);
    }

    [Fact]
    public void Loss_totals_are_taken_once()
    {
        _network.BeginBatch(_data, SmallProblem.AllRows().AsSpan(0, 32), 0);
        _network.UpdateGroup([0, 1, 2], new UpdateOptions(0, 0));
        var losses = new double[3];
        var sums = new double[3];
        var batches = new long[3];
        _network.ReadLosses(losses);

        _network.TakeLossTotals(sums, batches);
        Assert.Equal(losses, sums);
        Assert.Equal([1, 1, 1], batches);

        _network.TakeLossTotals(sums, batches);
        Assert.Equal([0, 0, 0], batches);
    }

    [Fact]
    public void Gradients_are_left_in_their_buffer_and_nothing_steps()
    {
        float[] before = SmallProblem.Parameters(_network);
        _network.BeginBatch(_data, SmallProblem.AllRows().AsSpan(0, 32), 0);

        _network.ComputeGradients([1], GroupReduction.Sum);

        (long offset, long count) = _network.Slice(1);
        var gradients = new float[count];
        _network.Read(NetworkBuffer.Gradients, offset, gradients);
        Assert.Contains(gradients, gradient => gradient != 0);
        Assert.All(gradients, gradient => Assert.True(float.IsFinite(gradient)));
        Assert.Equal(before, SmallProblem.Parameters(_network));
    }

    [Fact]
    public void One_seed_gives_the_same_parameters_and_another_seed_others()
    {
        float[] first = SmallProblem.Parameters(_network);
        _network.Initialize(6);
        Assert.NotEqual(first, SmallProblem.Parameters(_network));
        _network.Initialize(5);
        Assert.Equal(first, SmallProblem.Parameters(_network));
    }

    [Fact]
    public void Prediction_of_rows_equals_prediction_of_the_same_values()
    {
        var random = new Random(3);
        var features = new float[2 * SmallProblem.Features];
        for (int i = 0; i < features.Length; ++i)
            features[i] = (float)random.NextDouble();
        int[] codes = [1, 3];
        using DeviceDataset data = DeviceDataset.Create(_device, 2, SmallProblem.Features, 1, 0, features, codes, []);
        var byValue = new float[2 * SmallProblem.Outputs];
        var byRow = new float[2 * SmallProblem.Outputs];

        _network.Predict(features, codes, 2, byValue);
        _network.PredictRows(data, [0, 1], byRow);

        Assert.Equal(byValue, byRow);
        Assert.Contains(byValue, value => value != 0);
        _network.Predict([], [], 0, []);
        _network.PredictRows(data, [], []);
    }

    private double TotalLoss()
    {
        var sums = new double[SmallProblem.Tasks];
        var weights = new double[SmallProblem.Tasks];
        _network.Evaluate(_data, SmallProblem.AllRows(), sums, weights);
        return Enumerable.Range(0, SmallProblem.Tasks).Sum(task => sums[task] / weights[task]);
    }
}

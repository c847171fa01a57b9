using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Tests.Engine;
using MtlHybrid.Training;
using Xunit;

namespace MtlHybrid.Tests.Training;

public sealed class TraceTests
{
    [Fact]
    public void A_trace_changes_no_weight_and_knows_every_batch_and_step()
    {
        MultiTaskData data = SmallData.Create();
        TrainingOptions options = SmallData.Options("selective");
        using TrainingResult without = new Trainer(options).Train(data);
        using TrainingResult with = new Trainer(options with { TraceEvents = 1_000_000 }).Train(data);

        Assert.Null(without.Trace);
        Assert.Equal(SmallData.Weights(without), SmallData.Weights(with));
        DeviceTrace trace = with.Trace!;
        Assert.Equal(0, trace.Dropped);
        Assert.Equal(Enumerable.Range(0, (int)with.Batches).Select(i => (long)i), Of(trace, "begin_batch").Select(item => item.Index));
        Assert.Equal(with.OptimizerSteps, Of(trace, "step").Count());
        Assert.Equal(with.OptimizerSteps, Of(trace, "group").Count());
        Assert.All(Of(trace, "group"), item => Assert.InRange(item.Tasks, 1ul, 7ul));
        Assert.NotEmpty(Of(trace, "evaluate"));
        Assert.NotEmpty(Of(trace, "affinity"));
    }

    [Fact]
    public void A_full_trace_keeps_the_end_and_says_so()
    {
        using TrainingResult result = new Trainer(SmallData.Options() with { TraceEvents = 50 }).Train(SmallData.Create());

        Assert.Equal(50, result.Trace!.Events.Count);
        Assert.True(result.Trace.Dropped > 0);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(Device.MostTraceEvents + 1)]
    public void Room_for_a_number_of_events_that_cannot_be_is_refused(int events)
    {
        var refusal = Assert.Throws<InvalidOptionException>(() => new Trainer(SmallData.Options() with { TraceEvents = events }));

        Assert.Equal(nameof(TrainingOptions.TraceEvents), refusal.Option);
    }

    [Fact]
    public void A_device_without_a_trace_has_none()
    {
        using Device device = SmallProblem.OpenDevice();

        Assert.Empty(device.StopTrace().Events);
        Assert.Throws<EngineException>(() => device.StartTrace(0));
    }

    private static IEnumerable<TraceEvent> Of(DeviceTrace trace, string name) => trace.Events.Where(item => item.Name == name);
}

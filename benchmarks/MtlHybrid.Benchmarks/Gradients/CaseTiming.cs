using MtlHybrid.Engine;

namespace MtlHybrid.Benchmarks.Gradients;

/// <summary>All steps of one case, timed in turn.</summary>
internal sealed class CaseTiming : IDisposable
{
    private readonly GradientCase _case;
    private readonly DeviceDataset _data;
    private readonly StepTiming _joint;
    private readonly List<StepTiming> _steps = [];
    private readonly List<(StepUnderTest, string)> _refused = [];

    /// <summary>Compiles a network for each step.</summary>
    public CaseTiming(Device device, GradientCase network, double secondsPerTiming)
    {
        _case = network;
        var tasks = new MixedTasks(network.Tasks);
        _data = DeviceDataset.Create(
            device, MixedTasks.Rows, StepNetwork.Features, categoricalColumns: 0, network.Tasks, tasks.Inputs, [], tasks.Labels);
        _joint = new StepTiming(device, _data, network, StepUnderTest.Joint, secondsPerTiming);
        foreach (StepUnderTest step in StepUnderTest.All)
        {
            try
            {
                _steps.Add(new StepTiming(device, _data, network, step, secondsPerTiming));
            }
            catch (EngineException refusal) when (refusal.Status == EngineStatus.OutOfMemory)
            {
                Console.Error.WriteLine($"{network}: {step}: {refusal.Message}");
                _refused.Add((step, refusal.Message));
            }
        }
    }

    /// <summary>What the rounds so far say.</summary>
    public CaseResult Result => new(_case, _joint.Result, [.. _steps.Select(step => step.Result)], _refused);

    /// <summary>Times every step once, and a joint step before and after each: a machine changes its speed for seconds at a time,
    /// and so each step is compared with its own time.</summary>
    public void Round()
    {
        double before = _joint.Repeat();
        foreach (StepTiming step in _steps)
        {
            double seconds = step.Repeat();
            double after = _joint.Repeat();
            step.AddOverJoint(seconds / ((before + after) / 2));
            before = after;
        }
    }

    public void Dispose()
    {
        _joint.Dispose();
        foreach (StepTiming step in _steps) step.Dispose();
        _data.Dispose();
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using MtlHybrid.Engine;
using MtlHybrid.Strategies;

namespace MtlHybrid.Benchmarks.Paired;

/// <summary>MtlHybrid's step. The selective one also tracks the affinity, as training does.</summary>
internal sealed class OurSide : ITrainingSide
{
    private static readonly UpdateOptions Update = new(StepProblem.LearningRate, StepProblem.LearningRate);

    private readonly StepProblem _problem;
    private readonly StepKind _kind;
    private readonly DeviceDataset _data;
    private readonly Network _network;
    private readonly IStrategy? _strategy; // of steps on task gradients
    private readonly double[] _losses = new double[StepProblem.Tasks];
    private ulong _batch;

    public OurSide(Device device, StepProblem problem, StepKind kind)
    {
        _problem = problem;
        _kind = kind is StepKind.Joint or StepKind.Selective or StepKind.TaskGradients
            ? kind
            : throw new ArgumentOutOfRangeException(nameof(kind), kind, "a peer's kind of step");
        _data = DeviceDataset.Create(
            device, StepProblem.Rows, StepNetwork.Features, categoricalColumns: 0, StepProblem.Tasks, problem.Inputs, [], problem.Labels);
        _network = StepNetwork.Compile(device, problem.Shape, StepProblem.Tasks, affinity: kind == StepKind.Selective);
        if (kind != StepKind.TaskGradients) return;
        _strategy = StrategyCatalog.Find("upgrad").Defaults.Create();
        string[] names = [.. StepProblem.Everyone.Select(task => $"task {task}")];
        _strategy.Prepare(_network, new StrategyContext(names, Seed: 1, NullLogger.Instance));
    }

    /// <summary>The parameters as they are now, in the order of the layout: the trunk's layers, then the heads.</summary>
    public IReadOnlyList<(ParameterTensor Where, float[] Values)> ReadParameters()
    {
        var parameters = new List<(ParameterTensor, float[])>();
        foreach (ParameterTensor tensor in _network.Parameters)
        {
            var values = new float[tensor.Rows * tensor.Columns];
            _network.Read(NetworkBuffer.Parameters, tensor.Offset, values);
            parameters.Add((tensor, values));
        }

        return parameters;
    }

    public void Step()
    {
        BeginBatch();
        if (_strategy is not null)
        {
            _strategy.RunBatch(_network, new BatchContext((long)_batch, StepProblem.LearningRate));
            return;
        }

        if (_kind == StepKind.Joint)
        {
            _network.UpdateGroup(StepProblem.Everyone, Update);
            return;
        }

        foreach (int[] group in StepProblem.Groups)
            _network.UpdateGroup(group, Update);
        _network.ReadLosses(_losses);
    }

    public double[] NextLosses()
    {
        BeginBatch();
        --_batch;
        _network.Measure();
        _network.ReadLosses(_losses);
        return [.. _losses];
    }

    public double[] NextGram()
    {
        BeginBatch();
        --_batch;
        double[] products = new double[StepProblem.Tasks * StepProblem.Tasks];
        _network.TaskGradients(StepProblem.Everyone, new GradientRequest(), products);
        return products;
    }

    public void Dispose()
    {
        _network.Dispose();
        _data.Dispose();
    }

    private void BeginBatch()
    {
        int rows = _problem.Shape.Batch;
        int first = (int)(_batch * (ulong)rows % StepProblem.Rows);
        _network.BeginBatch(_data, _problem.Order.AsSpan(first, rows), _batch++);
    }
}

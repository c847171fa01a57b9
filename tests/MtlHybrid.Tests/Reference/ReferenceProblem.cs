using MtlHybrid.Engine;
using MtlHybrid.Interchange;
using MtlHybrid.Modeling;

namespace MtlHybrid.Tests.Reference;

/// <summary>One small problem given to both implementations: the same data, the same initial weights.</summary>
internal sealed class ReferenceProblem : IDisposable
{
    public const int Rows = 60;
    public const int BatchSize = 13;
    public const double Beta = 0.01;
    private static readonly int[] Widths = [5, 9, 7];

    private static readonly ReferenceTask[] Tasks =
    [
        new(ReferenceLoss.Square, 1), new(ReferenceLoss.Logistic, 1), new(ReferenceLoss.Softmax, 3), new(ReferenceLoss.Square, 1),
    ];

    private readonly double[][] _x;
    private readonly double[][] _labels;
    private readonly Device _device;
    private readonly ModelGraph _graph;
    private readonly Random _random;

    public ReferenceProblem(ReferenceRule rule, bool missing, bool official, int seed, DeviceKind device = DeviceKind.Auto)
    {
        _random = new Random(seed);
        // Exactly representable in single precision, so that both sides see the same numbers.
        _x = [.. Enumerable.Range(0, Rows).Select(_ => Enumerable.Range(0, Widths[0]).Select(_ => (double)(float)(2 * _random.NextDouble() - 1)).ToArray())];
        _labels = [.. _x.Select(x => Labels(x, missing))];
        _device = Device.Open(new DeviceOptions { Kind = device, Threads = 2 });
        _graph = Graph();
        Network = Network.Compile(_device, _graph, BatchSize + 3, (ulong)seed);
        Network.ConfigureOptimizer(new OptimizerOptions
        {
            Kind = rule == ReferenceRule.Adam ? OptimizerKind.Adam : OptimizerKind.Sgd,
            Momentum = rule == ReferenceRule.Adam ? 0 : 0.9,
            WeightDecay = 0.01,
        });
        Data = DeviceDataset.Create(
            _device, Rows, Widths[0], 0, Tasks.Length,
            [.. _x.SelectMany(row => row).Select(value => (float)value)], [], [.. _labels.SelectMany(row => row).Select(value => (float)value)]);
        Reference = new ReferenceNetwork(
            Widths, Tasks, Parameters("trunk.0", "trunk.1"), Parameters("heads.0", "heads.1", "heads.2", "heads.3"),
            rule, momentum: 0.9, decay: 0.01, Beta, official);
    }

    public static int TaskCount => Tasks.Length;

    public Network Network { get; }

    public DeviceDataset Data { get; }

    public ReferenceNetwork Reference { get; }

    public int[] NextBatch() => [.. Enumerable.Range(0, BatchSize).Select(_ => _random.Next(Rows))];

    public double[][] Inputs(int[] rows) => [.. rows.Select(row => _x[row])];

    public double[][] LabelsOf(int[] rows) => [.. rows.Select(row => _labels[row])];

    /// <summary>Largest distance between the two implementations' parameters, each array relative to its norm.</summary>
    public double WeightError()
    {
        double[][] native = [.. Parameters("trunk.0", "trunk.1"), .. Parameters("heads.0", "heads.1", "heads.2", "heads.3")];
        double[][] expected = [.. Reference.Trunk, .. Reference.Heads];
        return native.Zip(expected, RelativeError).Max();
    }

    public double AffinityError()
    {
        var affinity = new double[TaskCount * TaskCount];
        Network.ReadAffinity(affinity, []);
        return RelativeError(affinity, [.. Reference.Affinity.Cast<double>()]);
    }

    public void Dispose()
    {
        Data.Dispose();
        Network.Dispose();
        _device.Dispose();
    }

    private static double RelativeError(double[] actual, double[] expected)
    {
        double difference = Math.Sqrt(actual.Zip(expected, (a, e) => (a - e) * (a - e)).Sum());
        return difference / Math.Sqrt(expected.Sum(e => e * e));
    }

    private double[] Labels(double[] x, bool missing)
    {
        double signal = Math.Sin(2 * x[0]) + x[1] * x[2];
        double[] labels =
        [
            (float)signal, signal + x[3] > 0 ? 1 : 0, signal > 0.3 ? 2 : x[4] > 0 ? 1 : 0, (float)(0.5 * x[3] - signal),
        ];
        for (int task = 0; missing && task < labels.Length; task++)
        {
            // Task 3 is so rare that many batches have no label of it at all.
            if (_random.NextDouble() < (task == 3 ? 0.96 : 0.4)) labels[task] = double.NaN;
        }

        return labels;
    }

    private static ModelGraph Graph()
    {
        var model = new ModelBuilder(Tasks.Length);
        Tensor x = model.DenseInput(Widths[0]);
        for (int layer = 0; layer + 1 < Widths.Length; layer++)
            x = model.Activation(model.Linear(x, Widths[layer + 1], name: $"trunk.{layer}"), Activation.Tanh);
        for (int task = 0; task < Tasks.Length; task++)
        {
            LossKind kind = Tasks[task].Loss switch
            {
                ReferenceLoss.Square => LossKind.MeanSquare,
                ReferenceLoss.Logistic => LossKind.BinaryCrossEntropy,
                _ => LossKind.SoftmaxCrossEntropy,
            };
            model.Output(task, model.Linear(x, Tasks[task].Width, task, $"heads.{task}"), new LossSpecification { Kind = kind });
        }

        return model.Build();
    }

    private double[][] Parameters(params string[] layers) => [.. layers.Select(layer => (double[])[.. Read($"{layer}.weight"), .. Read($"{layer}.bias")])];

    private double[] Read(string name)
    {
        ParameterTensor tensor = Network.Parameters.Single(candidate => NetworkWeights.Name(_graph, candidate) == name);
        var values = new float[tensor.Rows * tensor.Columns];
        Network.Read(NetworkBuffer.Parameters, tensor.Offset, values);
        return [.. values.Select(value => (double)value)];
    }
}

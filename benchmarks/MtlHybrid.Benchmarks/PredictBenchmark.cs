using BenchmarkDotNet.Attributes;
using MtlHybrid.Data;
using MtlHybrid.Modeling;
using MtlHybrid.Training;

namespace MtlHybrid.Benchmarks;

/// <summary>
/// Prediction with 21 inputs, three hidden ReLU layers of width 128 and 7 linear heads, on one thread: rows in raw units through a
/// trained model, the same rows encoded already, and raw outputs of the network itself (on all hardware threads). Nothing may be
/// allocated.
/// </summary>
[MemoryDiagnoser]
public class PredictBenchmark
{
    private const int Inputs = 21;
    private const int Tasks = 7;

    private TrainingResult _result = null!;
    private double[] _numbers = [];
    private float[] _features = [];
    private double[] _values = [];
    private float[] _outputs = [];

    /// <summary>Rows per call.</summary>
    [Params(1, 64, 1024)]
    public int Rows { get; set; } = 1;

    /// <summary>Trains a model for a moment; what it predicts does not matter.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        var random = new Random(1);
        const int TrainingRows = 256;
        var inputs = new double[TrainingRows, Inputs];
        var labels = new double[TrainingRows, Tasks];
        for (int row = 0; row < TrainingRows; row++)
        {
            for (int i = 0; i < Inputs; i++) inputs[row, i] = random.NextDouble();
            for (int task = 0; task < Tasks; task++) labels[row, task] = random.NextDouble();
        }

        TaskDefinition[] tasks = [.. Enumerable.Range(0, Tasks).Select(task => TaskDefinition.Regression($"task {task}"))];
        var options = new TrainingOptions { Epochs = 1, BatchSize = 64, Model = new MlpOptions { Hidden = [128, 128, 128] } };
        _result = new Trainer(options).Train(MultiTaskData.FromArrays(inputs, labels, tasks));
        _numbers = [.. Enumerable.Range(0, Rows * Inputs).Select(_ => random.NextDouble())];
        _features = [.. _numbers.Select(number => (float)(2 * number - 1))];
        _values = new double[Rows * Tasks];
        _outputs = new float[Rows * Tasks];
    }

    /// <summary>Frees the model.</summary>
    [GlobalCleanup]
    public void TearDown() => _result.Dispose();

    /// <summary>Numbers in raw units to predictions in raw units.</summary>
    [Benchmark(Baseline = true)]
    public void Raw() => _result.Model.Predict(_numbers, [], _values);

    /// <summary>Encoded features to predictions in raw units.</summary>
    [Benchmark]
    public void Encoded() => _result.Model.PredictEncoded(_features, [], _values);

    /// <summary>Encoded features to raw outputs, by the network, which uses all threads where that pays.</summary>
    [Benchmark]
    public void OfTheNetwork() => _result.Model.Network.Predict(_features, [], Rows, _outputs);
}

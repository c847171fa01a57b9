using MtlHybrid.Engine;
using Xunit;

namespace MtlHybrid.Tests.Engine;

public sealed class PredictorTests : IDisposable
{
    private readonly Device _device = SmallProblem.OpenDevice();
    private readonly Network _network;
    private readonly float[] _features = new float[SmallProblem.Rows * SmallProblem.Features];
    private readonly int[] _codes = new int[SmallProblem.Rows];

    public PredictorTests()
    {
        _network = Network.Compile(_device, SmallProblem.Graph(), maxBatch: 16, seed: 3);
        var random = new Random(2);
        for (int i = 0; i < _features.Length; ++i) _features[i] = random.NextSingle() - 0.5f;
        for (int i = 0; i < _codes.Length; ++i) _codes[i] = random.Next(SmallProblem.Categories);
    }

    public void Dispose()
    {
        _network.Dispose();
        _device.Dispose();
    }

    [Fact]
    public void Agrees_with_the_network()
    {
        using Predictor predictor = Predictor.Create(_network, maxBatch: 7);
        float[] expected = new float[SmallProblem.Rows * SmallProblem.Outputs];
        float[] actual = new float[expected.Length];
        _network.Predict(_features, _codes, SmallProblem.Rows, expected);
        predictor.Predict(_features, _codes, SmallProblem.Rows, actual);
        Assert.Contains(expected, value => value != 0);
        for (int i = 0; i < expected.Length; ++i) Assert.Equal(expected[i], actual[i], 1e-6f);
    }

    [Fact]
    public void Outlives_network_and_device()
    {
        using Predictor predictor = Predictor.Create(_network);
        float[] before = new float[SmallProblem.Outputs], after = new float[SmallProblem.Outputs];
        predictor.Predict(_features.AsSpan(0, 5), _codes.AsSpan(0, 1), 1, before);
        _network.Dispose();
        _device.Dispose();
        predictor.Predict(_features.AsSpan(0, 5), _codes.AsSpan(0, 1), 1, after);
        Assert.Equal(before, after);
        Assert.Throws<ObjectDisposedException>(() => Predictor.Create(_network));
    }

    [Fact]
    public void Says_when_it_is_disposed_and_what_is_wrong_with_arguments()
    {
        Predictor predictor = Predictor.Create(_network);
        Assert.Throws<ArgumentNullException>("network", () => Predictor.Create(null!));
        Assert.Throws<ArgumentOutOfRangeException>("maxBatch", () => Predictor.Create(_network, 0));
        Assert.Throws<ArgumentException>("features", () => predictor.Predict(new float[4], new int[1], 1, new float[5]));
        Assert.Throws<ArgumentException>("codes", () => predictor.Predict(new float[5], [], 1, new float[5]));
        Assert.Throws<ArgumentException>("outputs", () => predictor.Predict(new float[5], new int[1], 1, new float[6]));
        EngineException e = Assert.Throws<EngineException>(
            () => predictor.Predict([0, 0, float.NaN, 0, 0], new int[1], 1, new float[5]));
        Assert.Equal(EngineStatus.InvalidArgument, e.Status);
        predictor.Predict([], [], 0, []);
        predictor.Dispose();
        predictor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => predictor.Predict([], [], 0, []));
    }
}

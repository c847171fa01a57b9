using MtlHybrid.Engine;

namespace MtlHybrid.Training;

/// <summary>A predictor with room for encoded inputs and raw outputs. One thread at a time.</summary>
internal sealed class BufferedPredictor : IDisposable
{
    /// <summary>Rows predicted at a time.</summary>
    public const int Rows = 256;

    private readonly Predictor _predictor;
    private readonly float[] _features;
    private readonly float[] _outputs;

    public BufferedPredictor(Network network)
    {
        _predictor = Predictor.Create(network, Rows);
        _features = new float[(long)Rows * network.Features];
        _outputs = new float[(long)Rows * network.Outputs];
    }

    /// <summary>[rows, features], to be filled.</summary>
    /// <param name="rows">At most <see cref="Rows"/>.</param>
    public Span<float> Features(int rows) => _features.AsSpan(0, rows * _predictor.Features);

    /// <summary>Raw outputs [rows, outputs], valid until the next call.</summary>
    /// <param name="features">[rows, features].</param>
    /// <param name="codes">[rows, categorical columns].</param>
    /// <param name="rows">At most <see cref="Rows"/>.</param>
    /// <param name="firstRow">Where the rows lie among those of the caller, for messages.</param>
    public ReadOnlySpan<float> Predict(ReadOnlySpan<float> features, ReadOnlySpan<int> codes, int rows, int firstRow)
    {
        Span<float> outputs = _outputs.AsSpan(0, rows * _predictor.Outputs);
        try
        {
            _predictor.Predict(features, codes, rows, outputs);
        }
        catch (EngineException e) when (firstRow > 0 && e.Status == EngineStatus.InvalidArgument)
        {
            throw new EngineException(e.Status, $"in the rows from {firstRow} on, which count from 0 here: {e.Message}");
        }

        return outputs;
    }

    public void Dispose() => _predictor.Dispose();
}

namespace MtlHybrid.Benchmarks.Paired;

/// <summary>What was timed, round by round.</summary>
internal sealed class Series
{
    private readonly List<double> _values = [];

    /// <summary>How many rounds.</summary>
    public int Count => _values.Count;

    public double Median => MathNet.Numerics.Statistics.Statistics.Median(_values);

    public double Least => _values.Min();

    public double Most => _values.Max();

    public void Add(double value) => _values.Add(value);

    /// <summary>This divided by another, round by round.</summary>
    public Series Over(Series other)
    {
        if (other.Count != Count) throw new ArgumentException($"{other.Count} rounds for {Count}", nameof(other));
        var ratios = new Series();
        for (int i = 0; i < Count; ++i) ratios.Add(_values[i] / other._values[i]);
        return ratios;
    }
}

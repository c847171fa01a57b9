using MtlHybrid.Data;

namespace MtlHybrid.Training;

/// <summary>Turns raw outputs of a network into the units and classes of the data: regression in raw units, binary the
/// probability of the positive class, multi-class one probability per class. Immutable; any number of threads.</summary>
internal sealed class OutputConverter
{
    private readonly TaskKind[] _kinds;
    private readonly int[] _first;
    private readonly double[] _means;
    private readonly double[] _scales;

    public OutputConverter(DataEncoder encoder)
    {
        _kinds = [.. encoder.Tasks.Select(task => task.Kind)];
        _means = encoder.TargetMeans;
        _scales = encoder.TargetScales;
        _first = new int[_kinds.Length + 1];
        for (int task = 0; task < _kinds.Length; task++) _first[task + 1] = _first[task] + encoder.Tasks[task].OutputWidth;
    }

    /// <summary>Outputs, and values, per row.</summary>
    public int Width => _first[^1];

    /// <summary>Where the values of a task begin in a row.</summary>
    public int FirstOf(int task) => _first[task];

    /// <summary>One task of one row.</summary>
    /// <param name="task">Which task.</param>
    /// <param name="raw">[<see cref="Width"/>] of the row.</param>
    /// <param name="values">[width of the task], written.</param>
    public void Convert(int task, ReadOnlySpan<float> raw, Span<double> values)
    {
        ReadOnlySpan<float> own = raw[_first[task].._first[task + 1]];
        switch (_kinds[task])
        {
            case TaskKind.Regression:
                values[0] = own[0] * _scales[task] + _means[task];
                break;
            case TaskKind.Binary:
                values[0] = 1 / (1 + Math.Exp(-own[0]));
                break;
            default:
                Softmax(own, values);
                break;
        }
    }

    /// <summary>All tasks of some rows.</summary>
    /// <param name="raw">[rows, <see cref="Width"/>].</param>
    /// <param name="values">[rows, <see cref="Width"/>], written.</param>
    public void ConvertRows(ReadOnlySpan<float> raw, Span<double> values)
    {
        for (int start = 0; start < raw.Length; start += Width)
        {
            ReadOnlySpan<float> row = raw.Slice(start, Width);
            for (int task = 0; task < _kinds.Length; task++)
                Convert(task, row, values[(start + _first[task])..(start + _first[task + 1])]);
        }
    }

    private static void Softmax(ReadOnlySpan<float> logits, Span<double> probabilities)
    {
        double largest = double.NegativeInfinity;
        foreach (float logit in logits) largest = Math.Max(largest, logit);
        double sum = 0;
        for (int c = 0; c < logits.Length; c++) sum += probabilities[c] = Math.Exp(logits[c] - largest);
        for (int c = 0; c < logits.Length; c++) probabilities[c] /= sum;
    }
}

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>One number per task that lasts over batches in which tasks come and go.</summary>
internal sealed class TaskMemory
{
    private double[] _values = [];

    /// <summary>The numbers of the tasks that take part.</summary>
    /// <param name="inputs">Which these are.</param>
    /// <param name="values">[n], written; 0 where nothing has been stored yet.</param>
    public void Read(in AggregationInputs inputs, Span<double> values)
    {
        if (_values.Length == 0) _values = new double[inputs.TaskCount];
        for (int i = 0; i < values.Length; i++) values[i] = _values[inputs.Tasks[i]];
    }

    /// <summary>Stores the numbers of the tasks that take part; the others keep theirs.</summary>
    public void Write(in AggregationInputs inputs, ReadOnlySpan<double> values)
    {
        if (_values.Length == 0) _values = new double[inputs.TaskCount];
        for (int i = 0; i < values.Length; i++) _values[inputs.Tasks[i]] = values[i];
    }
}

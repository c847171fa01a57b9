using MtlHybrid.Data;

namespace MtlHybrid.Training;

/// <summary>Predictions of a model for a number of rows, in the units and classes of the data.</summary>
public sealed class Predictions
{
    private readonly double[][] _values;

    /// <summary>Turns raw outputs into predictions.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">Undoes the standardisation of targets.</param>
    /// <param name="outputs">[rows, sum of output widths], task after task.</param>
    /// <param name="rows">Rows.</param>
    internal Predictions(IReadOnlyList<TaskDefinition> tasks, DataEncoder encoder, ReadOnlySpan<float> outputs, int rows)
    {
        Tasks = tasks;
        Rows = rows;
        int stride = tasks.Sum(task => task.OutputWidth);
        _values = new double[tasks.Count][];
        int first = 0;
        for (int task = 0; task < tasks.Count; task++)
        {
            int width = tasks[task].OutputWidth;
            var values = new double[rows * width];
            for (int row = 0; row < rows; row++)
                Convert(tasks[task].Kind, outputs.Slice(row * stride + first, width), values.AsSpan(row * width, width), encoder, task);
            _values[task] = values;
            first += width;
        }
    }

    /// <summary>The tasks.</summary>
    public IReadOnlyList<TaskDefinition> Tasks { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>What is predicted for a task: regression [rows], in raw units; binary [rows], the probability of the positive
    /// class; multi-class [rows, classes], probabilities.</summary>
    public ReadOnlySpan<double> Values(int task) => _values[task];

    /// <summary>The most probable class of a row (binary: positive above probability 0.5).</summary>
    /// <exception cref="InvalidOperationException">The task is a regression.</exception>
    public int ClassIndex(int task, int row)
    {
        TaskDefinition definition = Tasks[task];
        if (definition.Kind == TaskKind.Regression) throw new InvalidOperationException($"task '{definition.Name}' is a regression: it has no classes");
        if (definition.Kind == TaskKind.Binary) return _values[task][row] > 0.5 ? 1 : 0;
        ReadOnlySpan<double> probabilities = _values[task].AsSpan(row * definition.OutputWidth, definition.OutputWidth);
        int best = 0;
        for (int c = 1; c < probabilities.Length; c++)
            if (probabilities[c] > probabilities[best]) best = c;
        return best;
    }

    /// <summary>The name of the most probable class of a row.</summary>
    public string ClassName(int task, int row) => Tasks[task].Classes[ClassIndex(task, row)];

    private static void Convert(TaskKind kind, ReadOnlySpan<float> raw, Span<double> values, DataEncoder encoder, int task)
    {
        switch (kind)
        {
            case TaskKind.Regression:
                values[0] = raw[0] * encoder.TargetScales[task] + encoder.TargetMeans[task];
                break;
            case TaskKind.Binary:
                values[0] = 1 / (1 + Math.Exp(-raw[0]));
                break;
            default:
                Softmax(raw, values);
                break;
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

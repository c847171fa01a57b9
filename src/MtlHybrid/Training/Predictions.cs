using MtlHybrid.Data;

namespace MtlHybrid.Training;

/// <summary>Predictions of a model for a number of rows, in the units and classes of the data.</summary>
public sealed class Predictions
{
    private readonly double[][] _values;

    /// <summary>Turns raw outputs into predictions.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="converter">Undoes the standardisation of targets.</param>
    /// <param name="outputs">[rows, sum of output widths], task after task.</param>
    /// <param name="rows">Rows.</param>
    internal Predictions(IReadOnlyList<TaskDefinition> tasks, OutputConverter converter, ReadOnlySpan<float> outputs, int rows)
    {
        Tasks = tasks;
        Rows = rows;
        _values = new double[tasks.Count][];
        for (int task = 0; task < tasks.Count; task++)
        {
            int width = tasks[task].OutputWidth;
            var values = new double[rows * width];
            for (int row = 0; row < rows; row++)
                converter.Convert(task, outputs.Slice(row * converter.Width, converter.Width), values.AsSpan(row * width, width));
            _values[task] = values;
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
}

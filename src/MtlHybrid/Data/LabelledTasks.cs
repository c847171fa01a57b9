namespace MtlHybrid.Data;

/// <summary>Tasks and their labels, in task order.</summary>
internal sealed class LabelledTasks
{
    private readonly List<TaskDefinition> _definitions = [];
    private readonly List<double[]> _labels = [];

    public IReadOnlyList<TaskDefinition> Definitions => _definitions;

    /// <summary>Per task [rows]: number or class index, NaN missing.</summary>
    public IReadOnlyList<double[]> Labels => _labels;

    public void Add(TaskDefinition task, double[] labels)
    {
        _definitions.Add(task);
        _labels.Add(labels);
    }
}

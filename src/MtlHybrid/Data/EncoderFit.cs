namespace MtlHybrid.Data;

/// <summary>Learns an <see cref="EncoderDescription"/> from the training rows of a table.</summary>
internal static class EncoderFit
{
    public static EncoderDescription Learn(MultiTaskData data, ReadOnlySpan<int> trainRows, List<string> notes)
    {
        if (trainRows.IsEmpty) throw new DataException("there are no training rows", data.Source);
        List<NumericInput> numeric = [];
        List<CategoricalInput> categorical = [];
        List<string> constant = [], missing = [];
        foreach (InputColumn input in data.Inputs)
        {
            DataColumn column = data.Table.Column(input.Name, "an input");
            bool kept = column.IsCategorical
                ? TryLearnCategories(column, trainRows, categorical, out bool empty)
                : TryLearnNumbers(column, trainRows, numeric, out empty);
            if (!kept) (empty ? missing : constant).Add(input.Name);
        }
        Note(notes, missing, "has no value", "have no value");
        Note(notes, constant, "is constant", "are constant");
        if (numeric.Count + categorical.Count == 0)
            throw new DataException("no inputs are left: all are constant or without values in the training rows", data.Source);

        (double[] means, double[] scales) = LearnTargets(data, trainRows, notes);
        return new EncoderDescription
        {
            Tasks = data.Tasks,
            TargetMeans = means,
            TargetScales = scales,
            NumericInputs = numeric,
            CategoricalInputs = categorical,
            MissingValues = data.Options.MissingValues,
        };
    }

    private static bool TryLearnNumbers(DataColumn column, ReadOnlySpan<int> rows, List<NumericInput> inputs, out bool empty)
    {
        Standardization values = Standardization.Of(column.Numbers, rows);
        empty = values.Count == 0;
        if (!(values.Scale > 0)) return false;
        inputs.Add(new NumericInput(column.Name, values.Mean, values.Scale, values.Count < rows.Length));
        return true;
    }

    private static bool TryLearnCategories(DataColumn column, ReadOnlySpan<int> rows, List<CategoricalInput> inputs, out bool empty)
    {
        bool[] seen = new bool[column.Categories.Length];
        bool someMissing = false;
        foreach (int row in rows)
        {
            if (column.Codes[row] >= 0) seen[column.Codes[row]] = true;
            else someMissing = true;
        }
        string[] categories = CategoryOrder.Sort(column.Categories.Where((_, code) => seen[code]));
        empty = categories.Length == 0;
        if (empty || (categories.Length == 1 && !someMissing)) return false;
        inputs.Add(new CategoricalInput(column.Name, categories));
        return true;
    }

    private static (double[] Means, double[] Scales) LearnTargets(MultiTaskData data, ReadOnlySpan<int> rows, List<string> notes)
    {
        double[] means = new double[data.Tasks.Count];
        double[] scales = new double[data.Tasks.Count];
        List<string> unlabelled = [];
        for (int t = 0; t < means.Length; t++)
        {
            TaskDefinition task = data.Tasks[t];
            Standardization labels = Standardization.Of(data.Labels(t), rows);
            bool standardised = task.Kind == TaskKind.Regression && labels.Count > 0;
            means[t] = standardised ? labels.Mean : 0;
            scales[t] = standardised && labels.Scale > 0 ? labels.Scale : 1;
            if (labels.Count == 0) unlabelled.Add(task.Name);
            else if (task.Kind != TaskKind.Regression) NoteUnseenClasses(task, data.Labels(t), rows, notes);
        }
        if (unlabelled.Count > 0) notes.Add($"tasks without any label in the training rows: {Quoted.List(unlabelled)}");
        return (means, scales);
    }

    private static void NoteUnseenClasses(TaskDefinition task, ReadOnlySpan<double> labels, ReadOnlySpan<int> rows, List<string> notes)
    {
        bool[] seen = new bool[task.Classes.Count];
        foreach (int row in rows)
            if (!double.IsNaN(labels[row])) seen[(int)labels[row]] = true;
        List<string> unseen = [.. task.Classes.Where((_, index) => !seen[index])];
        if (unseen.Count > 0) notes.Add($"{task.Name}: no training row has the class {Quoted.List(unseen)}");
    }

    private static void Note(List<string> notes, List<string> names, string one, string many)
    {
        if (names.Count == 1) notes.Add($"input {Quoted.Text(names[0])} {one} in the training rows and was dropped");
        if (names.Count > 1) notes.Add($"{names.Count} inputs {many} in the training rows and were dropped: {Quoted.List(names)}");
    }
}

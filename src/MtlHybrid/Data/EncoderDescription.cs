namespace MtlHybrid.Data;

/// <summary>Everything a <see cref="DataEncoder"/> has learned, as plain values; survives System.Text.Json exactly.</summary>
public sealed record EncoderDescription
{
    /// <summary>The tasks, in order.</summary>
    public required IReadOnlyList<TaskDefinition> Tasks { get; init; }

    /// <summary>Per task: mean of the training labels; 0 for classification.</summary>
    public required IReadOnlyList<double> TargetMeans { get; init; }

    /// <summary>Per task: population standard deviation of the training labels, above 0; 1 for classification.</summary>
    public required IReadOnlyList<double> TargetScales { get; init; }

    /// <summary>The numeric inputs that are used.</summary>
    public required IReadOnlyList<NumericInput> NumericInputs { get; init; }

    /// <summary>The categorical inputs that are used.</summary>
    public required IReadOnlyList<CategoricalInput> CategoricalInputs { get; init; }

    /// <summary>Texts that mean "not known" in files of this kind.</summary>
    public required IReadOnlyList<string> MissingValues { get; init; }

    /// <summary>Throws when the description cannot have come from an encoder (a damaged file).</summary>
    /// <exception cref="DataException">Says what is wrong.</exception>
    public void Validate()
    {
        Require(Tasks is { Count: > 0 } && Tasks.All(IsTask), "tasks with a name, a kind and its classes");
        Require(TargetMeans is not null && TargetMeans.Count == Tasks!.Count && TargetMeans.All(double.IsFinite), "a finite target mean per task");
        Require(TargetScales is not null && TargetScales.Count == Tasks!.Count && TargetScales.All(IsScale), "a positive target scale per task");
        Require(NumericInputs is not null && NumericInputs.All(input => input?.Name is not null && double.IsFinite(input.Mean) && IsScale(input.Scale)),
            "a finite mean and a positive scale per numeric input");
        Require(CategoricalInputs is not null && CategoricalInputs.All(input => input?.Name is not null && AreDifferent(input.Categories)),
            "different categories in every categorical input");
        Require(NumericInputs!.Count + CategoricalInputs!.Count > 0, "at least one input");
        Require(AreDifferent([.. NumericInputs.Select(input => input.Name), .. CategoricalInputs.Select(input => input.Name)]), "different inputs");
        Require(AreDifferent([.. Tasks!.Select(task => task.Name)]), "different tasks");
        Require(MissingValues is not null && MissingValues.All(text => text is not null), "a list of texts that mean missing");
    }

    private static bool IsTask(TaskDefinition? task) => task?.Name is not null && task.Kind switch
    {
        TaskKind.Regression => task.Classes is { Count: 0 },
        TaskKind.Binary => AreDifferent(task.Classes) && task.Classes.Count == 2,
        TaskKind.MultiClass => AreDifferent(task.Classes) && task.Classes.Count >= 2,
        _ => false,
    };

    private static bool IsScale(double scale) => scale > 0 && double.IsFinite(scale);

    private static bool AreDifferent(IReadOnlyList<string>? names) =>
        names is not null && names.All(name => name is not null) && names.Distinct(StringComparer.Ordinal).Count() == names.Count;

    private static void Require(bool condition, string expected)
    {
        if (!condition) throw new DataException($"the description of the data encoder must have {expected}");
    }
}

using MtlHybrid.Data;

namespace MtlHybrid.Modeling;

/// <summary>Builds the shared-trunk multi-layer perceptron. Parameters carry the names that PyTorch gives to a module
/// with <c>embeddings = ModuleList(Embedding ...)</c>, <c>trunk = Sequential(Linear, [LayerNorm,] activation, [Dropout,] ...)</c>
/// and <c>heads = ModuleList(Linear ... or Sequential ...)</c>.</summary>
public static class SharedTrunkMlp
{
    /// <summary>The graph for given inputs and tasks.</summary>
    /// <param name="features">Dense inputs per row; 0 or more.</param>
    /// <param name="categories">Number of codes of each categorical input; may be empty.</param>
    /// <param name="tasks">The tasks; at least one.</param>
    /// <param name="losses">One loss per task; null: the default of each kind.</param>
    /// <param name="options">Widths and the like.</param>
    public static ModelGraph Build(
        int features,
        IReadOnlyList<int> categories,
        IReadOnlyList<TaskDefinition> tasks,
        IReadOnlyList<LossSpecification>? losses,
        MlpOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(categories);
        ArgumentNullException.ThrowIfNull(tasks);
        options.Validate();
        if (features == 0 && categories.Count == 0) throw new ArgumentException("a model needs at least one input", nameof(features));
        if (losses is not null && losses.Count != tasks.Count)
            throw new ArgumentException($"{losses.Count} losses for {tasks.Count} tasks", nameof(losses));
        var model = new ModelBuilder(tasks.Count);
        Tensor x = Layers(model, Inputs(model, features, categories, options), options, "trunk", ModelGraph.Shared, options.Hidden);
        for (int task = 0; task < tasks.Count; task++)
        {
            string name = $"heads.{task}";
            Tensor h = x;
            if (options.HeadHidden.Count > 0)
            {
                MlpOptions plain = options with { Normalization = NormalizationKind.None, Dropout = 0, Residual = false };
                h = Layers(model, x, plain, name, task, options.HeadHidden);
                name += $".{2 * options.HeadHidden.Count}";
            }

            Tensor prediction = model.Linear(h, tasks[task].OutputWidth, task, name);
            model.Output(task, prediction, losses?[task] ?? LossSpecification.DefaultFor(tasks[task].Kind));
        }

        return model.Build();
    }

    private static Tensor Inputs(ModelBuilder model, int features, IReadOnlyList<int> categories, MlpOptions options)
    {
        var parts = new List<Tensor>();
        if (features > 0) parts.Add(model.DenseInput(features));
        if (categories.Count > 0)
        {
            Tensor codes = model.CategoricalInput(categories.Count);
            for (int column = 0; column < categories.Count; column++)
            {
                int width = options.EmbeddingWidth > 0 ? options.EmbeddingWidth : Math.Min(16, (categories[column] + 1) / 2);
                parts.Add(model.Embedding(codes, column, categories[column], width, name: $"embeddings.{column}"));
            }
        }

        return parts.Count == 1 ? parts[0] : model.Concatenate([.. parts]);
    }

    private static Tensor Layers(ModelBuilder model, Tensor x, MlpOptions options, string prefix, int owner, IReadOnlyList<int> widths)
    {
        int module = 0;
        foreach (int width in widths)
        {
            Tensor input = x;
            x = model.Linear(x, width, owner, $"{prefix}.{module++}");
            if (options.Normalization == NormalizationKind.Layer) x = model.LayerNorm(x, owner, $"{prefix}.{module++}");
            x = model.Activation(x, options.Activation);
            module++;
            if (options.Dropout > 0)
            {
                x = model.Dropout(x, options.Dropout);
                module++;
            }

            if (options.Residual && input.Width == width) x = model.Add(input, x);
        }

        return x;
    }
}

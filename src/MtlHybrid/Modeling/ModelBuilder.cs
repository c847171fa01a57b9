namespace MtlHybrid.Modeling;

/// <summary>Builds a <see cref="ModelGraph"/> from symbolic tensors. Parameters belong to the trunk
/// (<c>owner = ModelGraph.Shared</c>) or to one task; a tensor that depends on a task's parameters may only feed that
/// task.</summary>
/// <example><code>
/// var model = new ModelBuilder(taskCount: 2);
/// Tensor x = model.Activation(model.Linear(model.DenseInput(21), 64, name: "trunk.0"), Activation.Relu);
/// for (int task = 0; task &lt; 2; task++)
///     model.Output(task, model.Linear(x, 1, owner: task, name: $"heads.{task}"), new LossSpecification());
/// ModelGraph graph = model.Build();
/// </code></example>
public sealed class ModelBuilder
{
    private readonly List<GraphNode> _nodes = [];
    private readonly List<int> _owners = [];
    private readonly TaskOutput?[] _outputs;
    private readonly HashSet<string> _names = [];

    /// <summary>An empty graph.</summary>
    /// <param name="taskCount">At least 1.</param>
    public ModelBuilder(int taskCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(taskCount, 1);
        _outputs = new TaskOutput?[taskCount];
    }

    /// <summary>The dense inputs [batch, features]; at most once.</summary>
    public Tensor DenseInput(int features)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        if (_nodes.OfType<DenseInputNode>().Any()) throw new InvalidOperationException("the graph already has dense inputs");
        return Add(new DenseInputNode(features), ModelGraph.Shared);
    }

    /// <summary>The categorical inputs [batch, columns] of codes; at most once.</summary>
    public Tensor CategoricalInput(int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (_nodes.OfType<CategoricalInputNode>().Any()) throw new InvalidOperationException("the graph already has categorical inputs");
        return Add(new CategoricalInputNode(columns), ModelGraph.Shared);
    }

    /// <summary>y = x W^T + b.</summary>
    /// <param name="input">x.</param>
    /// <param name="width">Outputs; at least 1.</param>
    /// <param name="owner"><see cref="ModelGraph.Shared"/> or a task index.</param>
    /// <param name="name">Prefix of the parameters' names (<c>name.weight</c>, <c>name.bias</c>); unique.</param>
    /// <param name="bias">Whether b is there.</param>
    public Tensor Linear(Tensor input, int width, int owner = ModelGraph.Shared, string? name = null, bool bias = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        int joined = OwnerOf(owner, input);
        return Add(new LinearNode(width, Dense(input), bias, owner, Name(name, "linear")), joined);
    }

    /// <summary>An element-wise activation.</summary>
    public Tensor Activation(Tensor input, Activation kind) =>
        Add(new ActivationNode(input.Width, Dense(input), kind), _owners[input.Node]);

    /// <summary>Layer normalisation over each row, with scale and shift.</summary>
    /// <param name="input">x.</param>
    /// <param name="owner"><see cref="ModelGraph.Shared"/> or a task index.</param>
    /// <param name="name">Prefix of the parameters' names; unique.</param>
    /// <param name="epsilon">Added to the variance; above 0.</param>
    public Tensor LayerNorm(Tensor input, int owner = ModelGraph.Shared, string? name = null, double epsilon = 1e-5)
    {
        if (!(epsilon > 0)) throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "must be above 0");
        int joined = OwnerOf(owner, input);
        return Add(new LayerNormNode(input.Width, Dense(input), epsilon, owner, Name(name, "norm")), joined);
    }

    /// <summary>Dropout: during training zeroes with the probability, and scales the rest so that the mean stays.</summary>
    /// <param name="input">x.</param>
    /// <param name="probability">In [0, 1).</param>
    public Tensor Dropout(Tensor input, double probability)
    {
        if (!(probability is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(probability), probability, "must be in [0, 1)");
        return Add(new DropoutNode(input.Width, Dense(input), probability), _owners[input.Node]);
    }

    /// <summary>Looks up the code of one categorical column in a trained table.</summary>
    /// <param name="categoricalInput">From <see cref="CategoricalInput"/>.</param>
    /// <param name="column">Which column.</param>
    /// <param name="categories">Rows of the table: codes are 0 ... categories - 1.</param>
    /// <param name="width">Columns of the table.</param>
    /// <param name="owner"><see cref="ModelGraph.Shared"/> or a task index.</param>
    /// <param name="name">Prefix of the parameter's name; unique.</param>
    public Tensor Embedding(Tensor categoricalInput, int column, int categories, int width, int owner = ModelGraph.Shared, string? name = null)
    {
        Own(categoricalInput);
        if (_nodes[categoricalInput.Node] is not CategoricalInputNode codes)
            throw new ArgumentException("an embedding reads the categorical input", nameof(categoricalInput));
        ArgumentOutOfRangeException.ThrowIfNegative(column);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, codes.Width);
        ArgumentOutOfRangeException.ThrowIfLessThan(categories, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        return Add(
            new EmbeddingNode(width, categoricalInput.Node, column, categories, owner, Name(name, "embedding")),
            OwnerOf(owner, categoricalInput));
    }

    /// <summary>Joins tensors along the width.</summary>
    public Tensor Concatenate(params ReadOnlySpan<Tensor> inputs)
    {
        if (inputs.IsEmpty) throw new ArgumentException("at least one tensor is needed", nameof(inputs));
        int owner = ModelGraph.Shared;
        int width = 0;
        var nodes = new int[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            nodes[i] = Dense(inputs[i]);
            owner = OwnerOf(owner, inputs[i], "concatenation");
            width = checked(width + inputs[i].Width);
        }

        return Add(new ConcatenateNode(width, nodes), owner);
    }

    /// <summary>The element-wise sum of two tensors of one width (a residual connection).</summary>
    public Tensor Add(Tensor left, Tensor right)
    {
        if (left.Width != right.Width)
            throw new ArgumentException($"both tensors must have one width; got {left.Width} and {right.Width}", nameof(right));
        int owner = OwnerOf(OwnerOf(ModelGraph.Shared, left, "sum"), right, "sum");
        return Add(new AddNode(left.Width, Dense(left), Dense(right)), owner);
    }

    /// <summary>Declares the prediction of a task and its loss.</summary>
    /// <param name="task">Task index.</param>
    /// <param name="prediction">Width 1, or for softmax cross entropy the number of classes (at least 2).</param>
    /// <param name="loss">The loss.</param>
    public void Output(int task, Tensor prediction, LossSpecification loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentOutOfRangeException.ThrowIfNegative(task);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(task, _outputs.Length);
        loss.Validate();
        if (_outputs[task] is not null) throw new InvalidOperationException($"task {task} already has an output");
        bool softmax = loss.Kind == LossKind.SoftmaxCrossEntropy;
        if (softmax ? prediction.Width < 2 : prediction.Width != 1)
            throw new ArgumentException($"{loss.Kind} needs width {(softmax ? "2 or more" : "1")}; got {prediction.Width}", nameof(prediction));
        if (softmax && loss.ClassWeights is { } weights && weights.Count != prediction.Width)
            throw new ArgumentException($"{weights.Count} class weights for {prediction.Width} classes", nameof(loss));
        int node = Dense(prediction);
        if (_owners[node] != ModelGraph.Shared && _owners[node] != task)
            throw new ArgumentException($"the prediction of task {task} depends on parameters of task {_owners[node]}", nameof(prediction));
        _outputs[task] = new TaskOutput(node, loss);
    }

    /// <summary>The finished graph.</summary>
    /// <exception cref="InvalidOperationException">A task has no output.</exception>
    public ModelGraph Build()
    {
        int missing = Array.IndexOf(_outputs, null);
        if (missing >= 0) throw new InvalidOperationException($"task {missing} has no output");
        return new ModelGraph([.. _nodes], [.. _outputs.Select(output => output!)]);
    }

    private Tensor Add(GraphNode node, int owner)
    {
        _nodes.Add(node);
        _owners.Add(owner);
        return new Tensor(this, _nodes.Count - 1, node.Width);
    }

    private string Name(string? name, string kind)
    {
        name ??= $"{kind}{_nodes.Count}";
        if (!_names.Add(name)) throw new ArgumentException($"the name '{name}' is taken", nameof(name));
        return name;
    }

    private int Dense(Tensor tensor)
    {
        Own(tensor);
        if (_nodes[tensor.Node] is CategoricalInputNode)
            throw new ArgumentException("categorical inputs are read through embeddings");
        return tensor.Node;
    }

    private void Own(Tensor tensor)
    {
        if (tensor.Builder != this) throw new ArgumentException("the tensor belongs to another builder");
    }

    // The owner of a node whose own parameters belong to `owner` and which reads `input`.
    private int OwnerOf(int owner, Tensor input, string? joining = null)
    {
        Own(input);
        if (owner < ModelGraph.Shared || owner >= _outputs.Length)
            throw new ArgumentOutOfRangeException(nameof(owner), owner, $"must be -1 (shared) or a task below {_outputs.Length}");
        int upstream = _owners[input.Node];
        if (upstream == ModelGraph.Shared || upstream == owner) return owner;
        if (owner == ModelGraph.Shared && joining is not null) return upstream;
        throw new ArgumentException(joining is null
            ? $"parameters of {(owner < 0 ? "the trunk" : $"task {owner}")} cannot follow parameters of task {upstream}"
            : $"a {joining} cannot mix parameters of tasks {owner} and {upstream}");
    }
}

using MtlHybrid.Data;

namespace MtlHybrid.Modeling;

/// <summary>The loss of one task.</summary>
public sealed record LossSpecification
{
    /// <summary>Which loss.</summary>
    /// <value>Mean square by default.</value>
    public LossKind Kind { get; init; } = LossKind.MeanSquare;

    /// <summary>Weight of the task in its group's loss; reported losses are unweighted.</summary>
    /// <value>Finite, at least 0; 1 by default.</value>
    public double Weight { get; init; } = 1;

    /// <summary>Where the Huber loss turns linear.</summary>
    /// <value>Above 0; 1 by default.</value>
    public double HuberDelta { get; init; } = 1;

    /// <summary>Factor of the positive term of the binary cross entropy.</summary>
    /// <value>Above 0; 1 by default.</value>
    public double PositiveWeight { get; init; } = 1;

    /// <summary>Share of the label spread evenly over all classes (softmax).</summary>
    /// <value>In [0, 1); 0 by default.</value>
    public double LabelSmoothing { get; init; }

    /// <summary>A label with this class index counts as missing (softmax).</summary>
    /// <value>-100 by default, as in PyTorch.</value>
    public int IgnoreIndex { get; init; } = -100;

    /// <summary>One weight per class (softmax).</summary>
    /// <value>Each finite and at least 0; null (no weights) by default.</value>
    public IReadOnlyList<double>? ClassWeights { get; init; }

    /// <summary>The usual loss of a kind of task: mean square, binary or softmax cross entropy.</summary>
    public static LossSpecification DefaultFor(TaskKind kind) => new()
    {
        Kind = kind switch
        {
            TaskKind.Regression => LossKind.MeanSquare,
            TaskKind.Binary => LossKind.BinaryCrossEntropy,
            _ => LossKind.SoftmaxCrossEntropy,
        },
    };

    /// <summary>Throws when a value is outside its range.</summary>
    /// <exception cref="InvalidOptionException">Names the value.</exception>
    public void Validate()
    {
        InvalidOptionException.RequireAtLeast0(Weight);
        InvalidOptionException.RequireAbove0(HuberDelta);
        InvalidOptionException.RequireAbove0(PositiveWeight);
        InvalidOptionException.Require(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), "in [0, 1)", LabelSmoothing);
        foreach (double weight in ClassWeights ?? [])
            InvalidOptionException.RequireAtLeast0(weight, nameof(ClassWeights));
    }
}

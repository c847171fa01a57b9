namespace MtlHybrid.Engine;

/// <summary>The optimizer of a network. State and step counters are kept per slice (trunk, head of each task).</summary>
public sealed record OptimizerOptions
{
    /// <summary>How a gradient becomes a step.</summary>
    /// <value><see cref="OptimizerKind.Adam"/> by default.</value>
    public OptimizerKind Kind { get; init; } = OptimizerKind.Adam;

    /// <summary>SGD: buffer = momentum x buffer + gradient.</summary>
    /// <value>In [0, 1); 0 by default.</value>
    public double Momentum { get; init; }

    /// <summary>SGD: Nesterov's variant of momentum.</summary>
    /// <value>Needs <see cref="Momentum"/> above 0; false by default.</value>
    public bool Nesterov { get; init; }

    /// <summary>Adam: decay of the first moment.</summary>
    /// <value>In [0, 1); 0.9 by default.</value>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Adam: decay of the second moment.</summary>
    /// <value>In [0, 1); 0.999 by default.</value>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Adam: added to the root of the second moment.</summary>
    /// <value>Above 0; 1e-8 by default.</value>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Weight decay.</summary>
    /// <value>At least 0; 0 by default.</value>
    public double WeightDecay { get; init; }

    /// <summary>The gradient norm over the trunk's and the active heads' slices is at most this.</summary>
    /// <value>At least 0; 0 (default): no clipping.</value>
    public double ClipNorm { get; init; }

    /// <summary>Throws when a value is outside its range.</summary>
    /// <exception cref="InvalidOptionException">Names the value.</exception>
    public void Validate()
    {
        InvalidOptionException.Require(Enum.IsDefined(Kind), nameof(Kind), "sgd, adam or adamw", Kind);
        InvalidOptionException.Require(Momentum is >= 0 and < 1, nameof(Momentum), "in [0, 1)", Momentum);
        InvalidOptionException.Require(!Nesterov || Momentum > 0, nameof(Momentum), "above 0 with Nesterov", Momentum);
        InvalidOptionException.Require(Beta1 is >= 0 and < 1, nameof(Beta1), "in [0, 1)", Beta1);
        InvalidOptionException.Require(Beta2 is >= 0 and < 1, nameof(Beta2), "in [0, 1)", Beta2);
        InvalidOptionException.Require(double.IsFinite(Epsilon) && Epsilon > 0, nameof(Epsilon), "finite and above 0", Epsilon);
        InvalidOptionException.Require(double.IsFinite(WeightDecay) && WeightDecay >= 0, nameof(WeightDecay), "finite and at least 0", WeightDecay);
        InvalidOptionException.Require(double.IsFinite(ClipNorm) && ClipNorm >= 0, nameof(ClipNorm), "finite and at least 0", ClipNorm);
    }
}

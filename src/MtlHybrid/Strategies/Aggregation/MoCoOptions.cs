using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>MoCo (H. Fernando et al. 2023, Mitigating Gradient Bias in Multi-objective Learning): min-norm weights on tracked
/// gradients, y_i &lt;- y_i - b_t (y_i - g_i) from 0 on, lambda &lt;- proj(lambda - c_t (Y Y^T / s + rho I) lambda) on the simplex,
/// d = sum lambda_i y_i, with b_t = beta / t^betaDecay, c_t = gamma / t^gammaDecay, and s the mean of |y_i|^2, so that steps do not
/// depend on the unit of losses (the authors' program scales each gradient to its loss instead, and takes a softmax for the
/// projection). Needs all gradients element by element, since averages live on. d has the scale of a mean.</summary>
public sealed record MoCoOptions : MatrixAggregatorOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.MoCo;

    /// <summary>Share of a new gradient in the average, in the first batch.</summary>
    /// <value>In (0, 1]; 0.5 by default.</value>
    [OptionText("share of a new gradient in the average, in the first batch, in (0, 1]")]
    public double Beta { get; init; } = 0.5;

    /// <summary>Power of the batch number that beta is divided by.</summary>
    /// <value>Finite and at least 0; 0.5 by default; 0: constant.</value>
    [OptionText("beta is divided by the batch number to this power, at least 0")]
    public double BetaDecay { get; init; } = 0.5;

    /// <summary>Step of the weights in the first batch.</summary>
    /// <value>Finite and at least 0; 0.1 by default.</value>
    [OptionText("step of the weights in the first batch, at least 0")]
    public double Gamma { get; init; } = 0.1;

    /// <summary>Power of the batch number that gamma is divided by.</summary>
    /// <value>Finite and at least 0; 0.5 by default; 0: constant.</value>
    [OptionText("gamma is divided by the batch number to this power, at least 0")]
    public double GammaDecay { get; init; } = 0.5;

    /// <summary>Pull towards equal weights.</summary>
    /// <value>Finite and at least 0; 0 by default.</value>
    [OptionText("pull towards equal weights, at least 0")]
    public double Rho { get; init; }

    /// <inheritdoc/>
    public override StrategyDescription Describe() => new(Name, "min-norm weights on tracked gradients, one step per batch", new MoCoOptions())
    {
        Title = "MoCo",
        Source = "Fernando, Shen, Liu, Chaudhury, Murugesan, Chen 2023, Mitigating Gradient Bias in Multi-objective Learning, arXiv 2210.12624",
        Rule = "y_i <- y_i - b_t (y_i - g_i); lambda <- proj(lambda - c_t (Y Y^T / s + rho I) lambda), s = mean |y_i|^2; d = sum lambda_i y_i",
        Needs = StrategyNeeds.Matrix,
        Cost = MatrixCost + ", twice",
        Heads = PlainHeads,
    };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        InvalidOptionException.Require(Beta is > 0 and <= 1, nameof(Beta), "in (0, 1]", Beta);
        InvalidOptionException.RequireAtLeast0(BetaDecay);
        InvalidOptionException.RequireAtLeast0(Gamma);
        InvalidOptionException.RequireAtLeast0(GammaDecay);
        InvalidOptionException.RequireAtLeast0(Rho);
    }

    /// <inheritdoc/>
    public override IMatrixAggregator CreateAggregator() => new MoCo(Beta, BetaDecay, Gamma, GammaDecay, Rho);
}

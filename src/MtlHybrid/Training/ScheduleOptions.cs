namespace MtlHybrid.Training;

/// <summary>The learning-rate schedule; it advances once per batch.</summary>
public sealed record ScheduleOptions
{
    /// <summary>The shape.</summary>
    /// <value>Constant by default.</value>
    public ScheduleKind Kind { get; init; } = ScheduleKind.Constant;

    /// <summary>Batches over which the rate first grows linearly to its full value, whatever the shape.</summary>
    /// <value>At least 0; 0 by default.</value>
    public int WarmupBatches { get; init; }

    /// <summary>Exponent of the polynomial schedule.</summary>
    /// <value>Finite and above 0; 0.9 by default.</value>
    public double Power { get; init; } = 0.9;

    /// <summary>Rate at the end of a polynomial or cosine schedule, as a share of the full rate.</summary>
    /// <value>In [0, 1]; 0 by default.</value>
    public double FinalFactor { get; init; }

    /// <summary>Epochs from one drop of the step schedule to the next.</summary>
    /// <value>At least 1; 30 by default.</value>
    public int StepEpochs { get; init; } = 30;

    /// <summary>Factor of each drop of the step schedule.</summary>
    /// <value>In (0, 1]; 0.1 by default.</value>
    public double StepFactor { get; init; } = 0.1;

    /// <summary>Throws when a value is outside its range.</summary>
    /// <exception cref="InvalidOptionException">Names the value.</exception>
    public void Validate()
    {
        InvalidOptionException.Require(Enum.IsDefined(Kind), nameof(Kind), "constant, polynomial, cosine or step", Kind);
        InvalidOptionException.Require(WarmupBatches >= 0, nameof(WarmupBatches), "at least 0", WarmupBatches);
        InvalidOptionException.RequireAbove0(Power);
        InvalidOptionException.Require(FinalFactor is >= 0 and <= 1, nameof(FinalFactor), "in [0, 1]", FinalFactor);
        InvalidOptionException.Require(StepEpochs >= 1, nameof(StepEpochs), "at least 1", StepEpochs);
        InvalidOptionException.Require(StepFactor is > 0 and <= 1, nameof(StepFactor), "in (0, 1]", StepFactor);
    }

    /// <summary>The factor on the full learning rate.</summary>
    /// <param name="batch">Batches done before.</param>
    /// <param name="epoch">Epochs done before.</param>
    /// <param name="done">Share of the training that is done, in [0, 1].</param>
    public double Factor(long batch, int epoch, double done)
    {
        double t = Math.Clamp(done, 0, 1);
        double shape = Kind switch
        {
            ScheduleKind.Polynomial => FinalFactor + (1 - FinalFactor) * Math.Pow(1 - t, Power),
            ScheduleKind.Cosine => FinalFactor + (1 - FinalFactor) * 0.5 * (1 + Math.Cos(Math.PI * t)),
            ScheduleKind.Step => Math.Pow(StepFactor, epoch / StepEpochs),
            _ => 1,
        };
        return batch < WarmupBatches ? shape * (batch + 1) / WarmupBatches : shape;
    }
}

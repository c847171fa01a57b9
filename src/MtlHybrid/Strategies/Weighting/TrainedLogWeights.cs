namespace MtlHybrid.Strategies.Weighting;

/// <summary>Bounds and rate of weights e^s whose s is trained along with the network.</summary>
internal static class TrainedLogWeights
{
    /// <summary>The weight of a loss at <see cref="LossLogarithm.Floor"/>: smaller losses raise it no further.</summary>
    public static readonly double Most = -Math.Log(LossLogarithm.Floor);

    /// <summary>The weight of a loss of 1e30: larger losses lower it no further.</summary>
    public static readonly double Least = -Math.Log(1e30);

    /// <summary>The rate of s: the option, or the trunk's where there is none.</summary>
    public static double Rate(double? option, in BatchContext batch) => option ?? batch.LearningRate;
}

namespace MtlHybrid.Affinity;

/// <summary>Estimates, batch by batch, how much one task helps another. What is observed of a batch depends on the
/// estimator.</summary>
public interface IAffinityEstimator
{
    /// <summary>Number of tasks, K.</summary>
    int Tasks { get; }

    /// <summary>The estimate so far, with the number of observations behind each entry; an entry without any is 0.</summary>
    /// <param name="taskNames">K names, all different; null: "0" ... "K-1".</param>
    AffinityMatrix ToMatrix(IReadOnlyList<string>? taskNames = null);
}

namespace MtlHybrid.Benchmarks.Paired;

/// <summary>A network in training, ours or a peer's.</summary>
internal interface ITrainingSide : IDisposable
{
    /// <summary>Gathers the next batch and trains on it.</summary>
    void Step();

    /// <summary>The losses of all tasks on the next batch, without training on it.</summary>
    double[] NextLosses();

    /// <summary>[tasks, tasks] The inner products of the tasks' gradients of the trunk on the next batch, without training on it.
    /// Only where the step is <see cref="StepKind.TaskGradients"/>.</summary>
    double[] NextGram();
}

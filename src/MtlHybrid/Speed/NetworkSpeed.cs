namespace MtlHybrid.Speed;

/// <summary>How fast one network of the test trains and predicts.</summary>
/// <param name="Batch">Rows per batch.</param>
/// <param name="Hidden">Width of each of the three hidden layers.</param>
/// <param name="Parameters">Weights and biases.</param>
/// <param name="Joint">One step on the losses of all tasks.</param>
/// <param name="Selective">Group updates of <see cref="SpeedTest.GroupCount"/> groups with the losses of all tasks and the affinity.</param>
/// <param name="OneRowSeconds">Time of the prediction of a single row, in host memory before and after.</param>
public sealed record NetworkSpeed(
    int Batch, int Hidden, long Parameters, StepSpeed Joint, StepSpeed Selective, double OneRowSeconds);

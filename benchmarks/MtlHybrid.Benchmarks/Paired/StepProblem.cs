namespace MtlHybrid.Benchmarks.Paired;

/// <summary>What both sides train: data, order of the rows, initial weights.</summary>
internal sealed class StepProblem
{
    public const int Tasks = 7;

    /// <summary>A multiple of every batch size, so that no batch is cut short.</summary>
    public const int Rows = 8192;

    public const double LearningRate = 1e-3;
    public const double Beta1 = 0.9;
    public const double Beta2 = 0.999;
    public const double Epsilon = 1e-8;

    public static readonly int[] Everyone = [0, 1, 2, 3, 4, 5, 6];
    public static readonly int[][] Groups = [[0, 1, 2], [3, 4], [5, 6]];

    public StepProblem(StepShape shape)
    {
        Shape = shape;
        var random = new Random(1);
        Inputs = Values(Rows * StepNetwork.Features);
        Labels = Values(Rows * Tasks);
        Order = [.. Enumerable.Range(0, Rows)];
        random.Shuffle(Order);

        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextSingle() - 1)];
    }

    public StepShape Shape { get; }

    /// <summary>[Rows, StepNetwork.Features].</summary>
    public float[] Inputs { get; }

    /// <summary>[Rows, Tasks].</summary>
    public float[] Labels { get; }

    /// <summary>Batch i takes the rows Order[i * batch .. (i + 1) * batch], from the beginning again after the last.</summary>
    public int[] Order { get; }

    /// <summary>Floating-point operations of a joint step: the products of forward, weight gradients and input gradients.</summary>
    public double JointFlops
    {
        get
        {
            double b = Shape.Batch, h = Shape.Hidden;
            double forward = 2 * b * (StepNetwork.Features * h + 2 * h * h + Tasks * h);
            double inputGradients = 2 * b * (2 * h * h + Tasks * h);
            return 2 * forward + inputGradients;
        }
    }
}

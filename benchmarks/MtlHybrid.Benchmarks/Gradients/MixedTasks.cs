namespace MtlHybrid.Benchmarks.Gradients;

/// <summary>Regression tasks that agree in part and disagree in part, from a fixed seed: each label is a mixture of six common
/// functions of the inputs, with coefficients of either sign, plus noise.</summary>
internal sealed class MixedTasks
{
    /// <summary>A multiple of every batch size.</summary>
    public const int Rows = 8192;

    private const int Functions = 6;
    private const double Noise = 0.3;

    public MixedTasks(int tasks)
    {
        Tasks = tasks;
        var random = new Random(1);
        double[] directions = [.. Enumerable.Range(0, Functions * StepNetwork.Features).Select(_ => (2 * random.NextDouble()) - 1)];
        double[] mixtures = [.. Enumerable.Range(0, tasks * Functions).Select(_ => (2 * random.NextDouble()) - 1)];
        Inputs = [.. Enumerable.Range(0, Rows * StepNetwork.Features).Select(_ => (2 * random.NextSingle()) - 1)];
        Labels = new float[Rows * tasks];
        double[] functions = new double[Functions];
        for (int row = 0; row < Rows; ++row)
        {
            for (int f = 0; f < Functions; ++f)
            {
                double sum = 0;
                for (int i = 0; i < StepNetwork.Features; ++i)
                    sum += directions[(f * StepNetwork.Features) + i] * Inputs[(row * StepNetwork.Features) + i];
                functions[f] = Math.Tanh(sum);
            }

            for (int task = 0; task < tasks; ++task)
            {
                double label = Noise * ((2 * random.NextDouble()) - 1);
                for (int f = 0; f < Functions; ++f) label += mixtures[(task * Functions) + f] * functions[f];
                Labels[(row * tasks) + task] = (float)label;
            }
        }
    }

    public int Tasks { get; }

    /// <summary>[Rows, StepNetwork.Features].</summary>
    public float[] Inputs { get; }

    /// <summary>[Rows, Tasks].</summary>
    public float[] Labels { get; }
}

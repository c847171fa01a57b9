using MtlHybrid.Modeling;
using MtlHybrid.Strategies;
using MtlHybrid.Strategies.Weighting;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Weighting;

/// <summary>A weighting in use: batch after batch of losses without a network.</summary>
internal sealed class WeightingRun
{
    private readonly int _tasks;
    private long _batch;

    public WeightingRun(ILossWeighting weighting, int tasks, ulong seed = 1, LossKind kind = LossKind.MeanSquare)
    {
        Weighting = weighting;
        _tasks = tasks;
        weighting.Prepare([.. Enumerable.Repeat(kind, tasks)], seed);
    }

    public ILossWeighting Weighting { get; }

    public double[] Weigh(double[] losses, int epoch = 0, double learningRate = 0.001)
    {
        var weights = new double[_tasks];
        Array.Fill(weights, double.NaN);
        Weighting.Weigh(new BatchContext(_batch++, learningRate, epoch), losses, weights);
        return weights;
    }

    public static void AssertClose(double[] expected, double[] actual, double tolerance = 1e-9)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(expected[i] - actual[i]);
            Assert.True(error <= tolerance * (1 + Math.Abs(expected[i])), $"entry {i}: {actual[i]:R} where {expected[i]:R} is expected");
        }
    }

    /// <summary>Derivatives of a function by central differences.</summary>
    public static double[] Gradient(Func<double[], double> function, double[] at)
    {
        var gradient = new double[at.Length];
        for (int i = 0; i < at.Length; i++)
        {
            double step = 1e-5 * Math.Max(Math.Abs(at[i]), 0.01);
            gradient[i] = (function(Moved(at, i, step)) - function(Moved(at, i, -step))) / (2 * step);
        }

        return gradient;
    }

    private static double[] Moved(double[] at, int index, double step)
    {
        double[] moved = [.. at];
        moved[index] += step;
        return moved;
    }
}

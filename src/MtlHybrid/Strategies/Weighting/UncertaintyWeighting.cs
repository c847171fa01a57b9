using MtlHybrid.Modeling;

namespace MtlHybrid.Strategies.Weighting;

/// <summary>L = sum of l_i / (2 e^{s_i}) + s_i / 2, with s trained: w_i = e^{-s_i} / 2, which settles where it is 1 / (2 l_i).</summary>
/// <param name="learningRate">Of s; null: the trunk's.</param>
internal sealed class UncertaintyWeighting(double? learningRate) : ILossWeighting
{
    private TaskAdam _logVariances = new(0);

    public void Prepare(IReadOnlyList<LossKind> losses, ulong seed) => _logVariances = new TaskAdam(losses.Count);

    public void Weigh(in BatchContext batch, ReadOnlySpan<double> losses, Span<double> weights)
    {
        double rate = TrainedLogWeights.Rate(learningRate, batch);
        for (int task = 0; task < losses.Length; task++)
        {
            double loss = losses[task];
            bool takesPart = double.IsFinite(loss);
            double weight = 0.5 * Math.Exp(-_logVariances.Values[task]);
            weights[task] = takesPart ? weight : 0;
            if (takesPart) _logVariances.Step(task, 0.5 - weight * loss, rate, -TrainedLogWeights.Most, -TrainedLogWeights.Least);
        }
    }
}

using MtlHybrid.Modeling;

namespace MtlHybrid.Strategies.Weighting;

/// <summary>L = sum of e^{s_i} l_i - s_i, with s trained: w_i = e^{s_i}, which settles where it is 1 / l_i.</summary>
/// <param name="learningRate">Of s; null: the trunk's.</param>
internal sealed class ImtlL(double? learningRate) : ILossWeighting
{
    private TaskAdam _logWeights = new(0);

    public void Prepare(IReadOnlyList<LossKind> losses, ulong seed) => _logWeights = new TaskAdam(losses.Count);

    public void Weigh(in BatchContext batch, ReadOnlySpan<double> losses, Span<double> weights)
    {
        double rate = TrainedLogWeights.Rate(learningRate, batch);
        for (int task = 0; task < losses.Length; task++)
        {
            double loss = losses[task];
            bool takesPart = double.IsFinite(loss);
            double weight = Math.Exp(_logWeights.Values[task]);
            weights[task] = takesPart ? weight : 0;
            if (takesPart) _logWeights.Step(task, weight * loss - 1, rate, TrainedLogWeights.Least, TrainedLogWeights.Most);
        }
    }
}

using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Affinity;
using MtlHybrid.Engine;

namespace MtlHybrid.Strategies;

/// <summary>
/// Inter-task affinity by probe steps (TAG): for every task i the shared parameters take one plain SGD step along -g_i at the rate
/// of the batch, whatever the optimizer; the losses of all tasks are measured; the parameters are put back, to the bit. K backward
/// and 2K + 1 forward passes, and the P shared parameters go through managed memory 2K + 1 times: dear, hence every n-th batch.
/// </summary>
internal sealed class LookAheadProbe : IAffinityProbe
{
    private readonly LookAheadAffinity _affinity;
    private readonly long _offset;
    private readonly float[] _parameters; // [P]
    private readonly float[] _probe; // [P] first g_i, then the parameters after the step
    private readonly double[] _before; // [K]
    private readonly double[] _losses; // [K]

    public LookAheadProbe(Network network, double decay, double limit)
    {
        _affinity = new LookAheadAffinity(network.Tasks, decay, limit);
        (_offset, long count) = network.Slice(-1);
        _parameters = new float[count];
        _probe = new float[count];
        _before = new double[network.Tasks];
        _losses = new double[network.Tasks];
    }

    public IAffinityEstimator Estimator => _affinity;

    public void Observe(Network network, in BatchContext batch)
    {
        // A step of length 0 says nothing.
        if (!((float)batch.LearningRate > 0)) return;
        // The first forward of the batch is the one that the totals of the losses count.
        network.Measure();
        network.ReadLosses(_before);
        network.Read(NetworkBuffer.Parameters, _offset, _parameters);
        Matrix<double> after = Matrix<double>.Build.Dense(_before.Length, _before.Length, double.NaN);
        for (int source = 0; source < _before.Length; source++)
        {
            if (double.IsNaN(_before[source])) continue;
            network.ComputeGradients([source], GroupReduction.Sum);
            network.Read(NetworkBuffer.Gradients, _offset, _probe);
            for (int p = 0; p < _probe.Length; p++) _probe[p] = (float)(_parameters[p] - (batch.LearningRate * _probe[p]));
            network.Write(NetworkBuffer.Parameters, _offset, _probe);
            network.Measure();
            network.ReadLosses(_losses);
            network.Write(NetworkBuffer.Parameters, _offset, _parameters);
            after.SetRow(source, _losses);
        }

        _affinity.Observe(_before, after);
    }
}

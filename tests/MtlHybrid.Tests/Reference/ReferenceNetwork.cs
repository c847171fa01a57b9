namespace MtlHybrid.Tests.Reference;

/// <summary>A shared-trunk perceptron (tanh) with linear heads, selective group updates and the affinity update, written
/// straight from the definitions, in double precision, sample by sample. Shares no code with the library.</summary>
internal sealed class ReferenceNetwork
{
    private readonly int[] _widths; // inputs, hidden...
    private readonly ReferenceTask[] _tasks;
    private readonly double[][] _trunk; // per layer: weight [out, in] then bias [out]
    private readonly double[][] _heads; // per task: the same
    private readonly ReferenceOptimizer[] _trunkState;
    private readonly ReferenceOptimizer[] _headState;
    private readonly bool _official;
    private readonly double _beta;
    private double[]? _previous;
    private int[]? _stepped;

    public ReferenceNetwork(
        int[] widths, ReferenceTask[] tasks, double[][] trunk, double[][] heads, ReferenceRule rule, double momentum, double decay, double beta, bool official)
    {
        _widths = widths;
        _tasks = tasks;
        _trunk = trunk;
        _heads = heads;
        _official = official;
        _beta = beta;
        _trunkState = [.. trunk.Select(p => new ReferenceOptimizer(rule, momentum, decay, p.Length))];
        _headState = [.. heads.Select(p => new ReferenceOptimizer(rule, momentum, decay, p.Length))];
        Affinity = new double[tasks.Length, tasks.Length];
    }

    public double[,] Affinity { get; }

    public double[][] Trunk => _trunk;

    public double[][] Heads => _heads;

    public void BeginBatch()
    {
        _previous = null;
        _stepped = null;
    }

    public double[] Losses(double[][] x, double[][] labels) => [.. Enumerable.Range(0, _tasks.Length).Select(task => Loss(task, x, labels))];

    public void Measure(double[][] x, double[][] labels)
    {
        double[] losses = Losses(x, labels);
        if (!_official && _stepped is not null) Credit(_stepped, losses);
        _previous = losses;
        _stepped = null;
    }

    public void Update(int[] group, double[][] x, double[][] labels, double rate, double headRate, bool mean, bool measureAll = true)
    {
        int[] active = [.. group.Where(task => labels.Any(row => !double.IsNaN(row[task])))];
        if (active.Length == 0) return;
        double[] losses = [.. Losses(x, labels).Select((loss, task) => measureAll || active.Contains(task) ? loss : double.NaN)];
        if (_official) Credit(active, losses);
        else if (_stepped is not null) Credit(_stepped, losses);
        _previous = losses;
        _stepped = active;

        double scale = mean ? 1.0 / active.Length : 1;
        double[][] trunkGradient = [.. _trunk.Select(p => new double[p.Length])];
        double[][] headGradient = [.. _heads.Select(p => new double[p.Length])];
        foreach (int task in active)
        {
            int count = labels.Count(row => !double.IsNaN(row[task]));
            for (int n = 0; n < x.Length; n++)
            {
                if (double.IsNaN(labels[n][task])) continue;
                Backward(task, x[n], labels[n][task], scale / count, trunkGradient, headGradient[task]);
            }
        }

        for (int layer = 0; layer < _trunk.Length; layer++) _trunkState[layer].Step(_trunk[layer], trunkGradient[layer], rate);
        foreach (int task in active) _headState[task].Step(_heads[task], headGradient[task], headRate);
    }

    private void Credit(int[] group, double[] losses)
    {
        if (_previous is null) return;
        double?[] gain = new double?[losses.Length];
        for (int t = 0; t < losses.Length; t++)
        {
            double p = _previous[t];
            if (double.IsFinite(p) && p > 0 && double.IsFinite(losses[t])) gain[t] = (1 - losses[t] / p) / group.Length;
        }

        foreach (int s in group)
        {
            for (int t = 0; t < losses.Length; t++)
            {
                if (gain[t] is not { } a) continue;
                double b = a;
                if (t == s)
                {
                    if (a < 0) continue;
                }
                else if (group.Contains(t))
                {
                    if (gain[s] is not { } own) continue;
                    if (a * own < 0) b = -Math.Max(a, own);
                }

                Affinity[s, t] = (1 - _beta) * Affinity[s, t] + _beta * b;
            }
        }
    }

    private double Loss(int task, double[][] x, double[][] labels)
    {
        double sum = 0;
        int count = 0;
        for (int n = 0; n < x.Length; n++)
        {
            double label = labels[n][task];
            if (double.IsNaN(label)) continue;
            sum += SampleLoss(task, Apply(_heads[task], Activations(x[n])[^1], _tasks[task].Width), label, null);
            count++;
        }

        return count == 0 ? double.NaN : sum / count;
    }

    private double SampleLoss(int task, double[] y, double label, double[]? delta)
    {
        switch (_tasks[task].Loss)
        {
            case ReferenceLoss.Square:
                if (delta is not null) delta[0] = 2 * (y[0] - label);
                return (y[0] - label) * (y[0] - label);
            case ReferenceLoss.Logistic:
                double probability = 1 / (1 + Math.Exp(-y[0]));
                if (delta is not null) delta[0] = probability - label;
                return -(label * Math.Log(probability) + (1 - label) * Math.Log(1 - probability));
            default:
                double total = y.Sum(Math.Exp);
                for (int c = 0; delta is not null && c < y.Length; c++) delta[c] = Math.Exp(y[c]) / total - (c == (int)label ? 1 : 0);
                return Math.Log(total) - y[(int)label];
        }
    }

    private double[][] Activations(double[] x)
    {
        var result = new double[_widths.Length][];
        result[0] = x;
        for (int layer = 0; layer + 1 < _widths.Length; layer++)
            result[layer + 1] = [.. Apply(_trunk[layer], result[layer], _widths[layer + 1]).Select(Math.Tanh)];
        return result;
    }

    private static double[] Apply(double[] parameters, double[] x, int outputs)
    {
        var y = new double[outputs];
        for (int o = 0; o < outputs; o++)
        {
            y[o] = parameters[outputs * x.Length + o];
            for (int i = 0; i < x.Length; i++) y[o] += parameters[o * x.Length + i] * x[i];
        }

        return y;
    }

    // Adds the gradient of scale * loss of one sample.
    private void Backward(int task, double[] x, double label, double scale, double[][] trunkGradient, double[] headGradient)
    {
        double[][] a = Activations(x);
        var delta = new double[_tasks[task].Width];
        SampleLoss(task, Apply(_heads[task], a[^1], delta.Length), label, delta);
        for (int c = 0; c < delta.Length; c++) delta[c] *= scale;
        delta = Through(_heads[task], a[^1], delta, headGradient);
        for (int layer = _trunk.Length - 1; layer >= 0; layer--)
        {
            for (int i = 0; i < delta.Length; i++) delta[i] *= 1 - a[layer + 1][i] * a[layer + 1][i];
            delta = Through(_trunk[layer], a[layer], delta, trunkGradient[layer]);
        }
    }

    private static double[] Through(double[] parameters, double[] x, double[] delta, double[] gradient)
    {
        var back = new double[x.Length];
        for (int o = 0; o < delta.Length; o++)
        {
            gradient[delta.Length * x.Length + o] += delta[o];
            for (int i = 0; i < x.Length; i++)
            {
                gradient[o * x.Length + i] += delta[o] * x[i];
                back[i] += delta[o] * parameters[o * x.Length + i];
            }
        }

        return back;
    }
}

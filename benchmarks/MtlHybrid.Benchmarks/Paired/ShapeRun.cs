using System.Diagnostics;
using System.Globalization;
using MtlHybrid.Engine;

namespace MtlHybrid.Benchmarks.Paired;

/// <summary>Checks and times one shape: both sides from the same weights on the same batches.</summary>
internal sealed class ShapeRun : IDisposable
{
    // Early on the losses of single tasks agree closely. Later rounding has grown: TorchSharp's own ways to take a joint step,
    // the same in exact arithmetic, then differ from each other by some 1e-4. So late the sum of the losses is compared.
    private const int EarlySteps = 5;
    private const double EarlyTolerance = 1e-4;
    private const int LateSteps = 20;
    private const double LateTolerance = 1e-3;
    private const double GramTolerance = 1e-4;
    private const int ProductSize = 1024;
    private static readonly StepKind[] OurKinds = [StepKind.Joint, StepKind.Selective, StepKind.TaskGradients];

    // The worker threads of either side spin for a while after work, and would take the cores from the other.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(50);

    private readonly Device _device;
    private readonly StepProblem _problem;
    private readonly PairedOptions _options;
    private readonly Dictionary<StepKind, OurSide> _ours;
    private readonly Dictionary<StepKind, ITrainingSide> _peers = [];

    public ShapeRun(Device device, PeerFactory? peer, StepShape shape, PairedOptions options)
    {
        _device = device;
        _problem = new StepProblem(shape);
        _options = options;
        _ours = OurKinds.ToDictionary(kind => kind, kind => new OurSide(device, _problem, kind));
        if (peer is null) return;
        foreach (StepKind kind in Enum.GetValues<StepKind>())
            _peers.Add(kind, peer(_problem, _ours[ShapeResult.OurTwin(kind)].ReadParameters(), kind));
    }

    /// <summary>Compares the inner products of the tasks' gradients, then trains both sides for a few steps and compares their
    /// losses.</summary>
    /// <returns>One line for the inner products, and one per kind of step.</returns>
    /// <exception cref="InvalidOperationException">They disagree.</exception>
    public IReadOnlyList<string> Check()
    {
        var lines = new List<string>();
        if (_peers.TryGetValue(StepKind.TaskGradients, out ITrainingSide? peerOnGradients))
            lines.Add(RequireGram(_ours[StepKind.TaskGradients].NextGram(), peerOnGradients.NextGram()));
        Train(EarlySteps);
        foreach (StepKind kind in _peers.Keys)
        {
            (double[] ours, double[] peer) = Losses(kind);
            for (int task = 0; task < StepProblem.Tasks; ++task)
                Require($"{_problem.Shape}, {kind}, task {task}: loss after {EarlySteps} steps", ours[task], peer[task], EarlyTolerance);
        }

        Train(LateSteps - EarlySteps);
        foreach (StepKind kind in _peers.Keys)
        {
            (double[] ours, double[] peer) = Losses(kind);
            lines.Add(Require($"{_problem.Shape}, {kind}: sum of losses after {LateSteps} steps", ours.Sum(), peer.Sum(), LateTolerance));
        }

        return lines;
    }

    /// <summary>Times all kinds of both sides in each round; every other round begins with the peer.</summary>
    public ShapeResult Time()
    {
        var ours = _ours.Keys.ToDictionary(kind => kind, _ => new Series());
        var peers = _peers.Keys.ToDictionary(kind => kind, _ => new Series());
        var products = new Series();
        for (int round = 0; round < _options.Rounds; ++round)
        {
            if (round % 2 == 0) TimeOurs();
            Thread.Sleep(Settling);
            foreach ((StepKind kind, ITrainingSide side) in _peers) peers[kind].Add(SecondsPerStep(side));
            Thread.Sleep(Settling);
            if (round % 2 == 1) TimeOurs();
        }

        return new ShapeResult(_problem, ours, peers, products);

        void TimeOurs()
        {
            products.Add(_device.MeasureMatrixProductRate(
                ProductSize, ProductSize, ProductSize, TimeSpan.FromSeconds(_options.SecondsPerTiming / 3)));
            foreach ((StepKind kind, OurSide side) in _ours) ours[kind].Add(SecondsPerStep(side));
        }
    }

    public void Dispose()
    {
        foreach (ITrainingSide side in _ours.Values.Concat(_peers.Values)) side.Dispose();
    }

    private static string Require(string what, double ours, double peer, double tolerance)
    {
        double difference = Math.Abs(ours - peer) / Math.Abs(peer);
        string line = string.Create(CultureInfo.InvariantCulture, $"{what}: ours {ours:G8}, peer {peer:G8}, relative difference {difference:G2}");
        if (!(difference <= tolerance))
            throw new InvalidOperationException($"the sides do not compute the same: {line}, at most {tolerance.ToString(CultureInfo.InvariantCulture)} expected");
        return line;
    }

    private string RequireGram(double[] ours, double[] peer)
    {
        double difference = MathNet.Numerics.Distance.Euclidean(ours, peer) / MathNet.Numerics.Distance.Euclidean(peer, new double[peer.Length]);
        string line = string.Create(
            CultureInfo.InvariantCulture, $"{_problem.Shape}: inner products of task gradients before the first step: relative difference {difference:G2}");
        if (!(difference <= GramTolerance))
            throw new InvalidOperationException($"the sides do not compute the same: {line}, at most {GramTolerance.ToString(CultureInfo.InvariantCulture)} expected");
        return line;
    }

    private void Train(int steps)
    {
        foreach (ITrainingSide side in _ours.Values.Concat(_peers.Values))
        {
            for (int step = 0; step < steps; ++step) side.Step();
        }
    }

    private (double[] Ours, double[] Peer) Losses(StepKind kind) =>
        (_ours[ShapeResult.OurTwin(kind)].NextLosses(), _peers[kind].NextLosses());

    private double SecondsPerStep(ITrainingSide side)
    {
        long start = Stopwatch.GetTimestamp();
        int steps = 0;
        do
        {
            side.Step();
            ++steps;
        }
        while (steps < 3 || Stopwatch.GetElapsedTime(start).TotalSeconds < _options.SecondsPerTiming / 4);

        double each = Stopwatch.GetElapsedTime(start).TotalSeconds / steps;
        steps = Math.Max(3, (int)(_options.SecondsPerTiming / each));
        start = Stopwatch.GetTimestamp();
        for (int i = 0; i < steps; ++i) side.Step();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / steps;
    }
}

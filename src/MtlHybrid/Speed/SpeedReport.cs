using MtlHybrid.Engine;

namespace MtlHybrid.Speed;

/// <summary>What a machine does.</summary>
/// <param name="Device">The device as it presents itself.</param>
/// <param name="Threads">Threads that worked.</param>
/// <param name="OneThreadFlopsPerSecond">Rate of matrix products [<see cref="SpeedTest.ProductSize"/>]^3 on one thread: the median of measurements before,
/// between and after the networks.</param>
/// <param name="FlopsPerSecond">The same on all <paramref name="Threads"/>.</param>
/// <param name="Networks">Training and prediction, one entry per size.</param>
public sealed record SpeedReport(
    DeviceDescription Device, int Threads, double OneThreadFlopsPerSecond, double FlopsPerSecond, IReadOnlyList<NetworkSpeed> Networks);

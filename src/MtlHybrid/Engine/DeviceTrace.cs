namespace MtlHybrid.Engine;

/// <summary>What a device did between <see cref="Device.StartTrace"/> and <see cref="Device.StopTrace"/>.</summary>
/// <param name="Events">In the order in which they ended.</param>
/// <param name="Dropped">How many before them were dropped, as there was room for so many only.</param>
public sealed record DeviceTrace(IReadOnlyList<TraceEvent> Events, long Dropped);

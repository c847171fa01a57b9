namespace MtlHybrid.Engine;

/// <summary>A device as it presents itself.</summary>
/// <param name="Kind">"cpu" or "cuda".</param>
/// <param name="Index">Among the devices of this kind, from 0.</param>
/// <param name="Name">Model name.</param>
/// <param name="MemoryBytes">Total memory in bytes.</param>
/// <param name="Threads">Processor: hardware threads this process may use; otherwise 0.</param>
/// <param name="Detail">Instruction sets, driver version and the like.</param>
public sealed record DeviceDescription(string Kind, int Index, string Name, long MemoryBytes, int Threads, string Detail);

namespace MtlHybrid.Engine;

/// <summary>A device as it presents itself.</summary>
/// <param name="Kind">"cpu" or "cuda".</param>
/// <param name="Index">Among the devices of this kind, from 0.</param>
/// <param name="Name">Model name.</param>
/// <param name="MemoryBytes">Total memory in bytes.</param>
/// <param name="Threads">Processor: hardware threads this process may use; otherwise 0.</param>
/// <param name="Detail">Instruction sets, driver version and the like.</param>
public sealed record DeviceDescription(string Kind, int Index, string Name, long MemoryBytes, int Threads, string Detail)
{
    /// <summary>CUDA: memory that can be had now, in bytes; otherwise 0.</summary>
    public long FreeBytes { get; init; }

    /// <summary>CUDA: compute capability, such as "9.0"; otherwise null.</summary>
    public string? ComputeCapability { get; init; }

    /// <summary>CUDA: the newest CUDA that the driver serves, such as "12.4"; otherwise null.</summary>
    public string? DriverVersion { get; init; }

    /// <summary>"cpu:0", "cuda:1".</summary>
    public string Label => $"{Kind}:{Index}";
}

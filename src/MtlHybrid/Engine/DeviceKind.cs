namespace MtlHybrid.Engine;

/// <summary>What computes.</summary>
public enum DeviceKind
{
    /// <summary>The first NVIDIA GPU that passes its self-test, else the processor.</summary>
    Auto = 0,

    /// <summary>The processor.</summary>
    Cpu = 1,

    /// <summary>An NVIDIA GPU; one that cannot be had is an error.</summary>
    Cuda = 2,
}

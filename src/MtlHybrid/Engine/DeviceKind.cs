namespace MtlHybrid.Engine;

/// <summary>What computes.</summary>
public enum DeviceKind
{
    /// <summary>The best device that is there.</summary>
    Auto = 0,

    /// <summary>The processor.</summary>
    Cpu = 1,
}

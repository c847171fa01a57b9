namespace MtlHybrid.Engine;

/// <summary>Which device to open, and how.</summary>
public sealed record DeviceOptions
{
    /// <summary>The largest <see cref="Threads"/>.</summary>
    public const int MostThreads = 1024;

    /// <summary>What computes.</summary>
    /// <value><see cref="DeviceKind.Auto"/> by default.</value>
    public DeviceKind Kind { get; init; } = DeviceKind.Auto;

    /// <summary>Which GPU, as the driver counts them.</summary>
    /// <value>At least 0; 0 by default. Above 0 for <see cref="DeviceKind.Cuda"/> only.</value>
    public int Index { get; init; }

    /// <summary>How matrix products are computed.</summary>
    /// <value><see cref="ComputePrecision.Full"/> by default; anything else needs a GPU, also where <see cref="Kind"/> leaves the
    /// choice.</value>
    public ComputePrecision Precision { get; init; } = ComputePrecision.Full;

    /// <summary>Threads of the processor; a GPU does not use them.</summary>
    /// <value>0 to <see cref="MostThreads"/>; 0 (default): every hardware thread this process may use.</value>
    public int Threads { get; init; }

    /// <summary>Whether results must not depend on timing: the same bits for the same seed and thread count.</summary>
    /// <value>True by default.</value>
    public bool Deterministic { get; init; } = true;

    /// <summary>Throws when a value is outside its range.</summary>
    /// <exception cref="InvalidOptionException">Names the value.</exception>
    public void Validate()
    {
        InvalidOptionException.Require(Enum.IsDefined(Kind), nameof(Kind), "auto, cpu or cuda", Kind);
        InvalidOptionException.Require(Index >= 0, nameof(Index), "at least 0", Index);
        InvalidOptionException.Require(Index == 0 || Kind == DeviceKind.Cuda, nameof(Index), "0 unless the device is cuda", Index);
        InvalidOptionException.Require(Enum.IsDefined(Precision), nameof(Precision), "Full, TensorFloat32 or BFloat16", Precision);
        InvalidOptionException.Require(
            Precision == ComputePrecision.Full || Kind != DeviceKind.Cpu, nameof(Precision), "Full (32-bit floats) on the processor", Precision);
        InvalidOptionException.Require(Threads is >= 0 and <= MostThreads, nameof(Threads), $"between 0 and {MostThreads}", Threads);
    }
}

namespace MtlHybrid.Engine;

/// <summary>Which device to open, and how.</summary>
public sealed record DeviceOptions
{
    /// <summary>The largest <see cref="Threads"/>.</summary>
    public const int MostThreads = 1024;

    /// <summary>What computes.</summary>
    /// <value><see cref="DeviceKind.Auto"/> by default.</value>
    public DeviceKind Kind { get; init; } = DeviceKind.Auto;

    /// <summary>Threads of the processor.</summary>
    /// <value>0 to <see cref="MostThreads"/>; 0 (default): every hardware thread this process may use.</value>
    public int Threads { get; init; }

    /// <summary>Whether results must not depend on timing: the same bits for the same seed and thread count.</summary>
    /// <value>True by default.</value>
    public bool Deterministic { get; init; } = true;

    /// <summary>Throws when a value is outside its range.</summary>
    /// <exception cref="InvalidOptionException">Names the value.</exception>
    public void Validate()
    {
        InvalidOptionException.Require(Enum.IsDefined(Kind), nameof(Kind), "auto or cpu", Kind);
        InvalidOptionException.Require(Threads is >= 0 and <= MostThreads, nameof(Threads), $"between 0 and {MostThreads}", Threads);
    }
}

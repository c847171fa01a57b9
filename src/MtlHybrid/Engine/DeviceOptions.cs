namespace MtlHybrid.Engine;

/// <summary>Which device to open, and how.</summary>
public sealed record DeviceOptions
{
    /// <summary>What computes.</summary>
    /// <value><see cref="DeviceKind.Auto"/> by default.</value>
    public DeviceKind Kind { get; init; } = DeviceKind.Auto;

    /// <summary>Threads of the processor.</summary>
    /// <value>At least 0; 0 (default): every hardware thread this process may use.</value>
    public int Threads { get; init; }

    /// <summary>Whether results must not depend on timing: the same bits for the same seed and thread count.</summary>
    /// <value>True by default.</value>
    public bool Deterministic { get; init; } = true;

    /// <summary>Throws when a value is outside its range.</summary>
    /// <exception cref="InvalidOptionException">Names the value.</exception>
    public void Validate()
    {
        InvalidOptionException.Require(Enum.IsDefined(Kind), nameof(Kind), "auto or cpu", Kind);
        InvalidOptionException.Require(Threads >= 0, nameof(Threads), "at least 0", Threads);
    }
}

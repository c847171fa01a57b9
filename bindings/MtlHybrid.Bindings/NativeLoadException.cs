namespace MtlHybrid.Bindings;

/// <summary>The native library was not found, could not be loaded, or has another ABI version.</summary>
internal sealed class NativeLoadException(string message, IReadOnlyList<LoadAttempt> attempts) : Exception(message)
{
    /// <summary>Every place that was tried, in order.</summary>
    public IReadOnlyList<LoadAttempt> Attempts { get; } = attempts;
}

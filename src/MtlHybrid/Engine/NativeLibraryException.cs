namespace MtlHybrid.Engine;

/// <summary>
/// The native library is missing, cannot be loaded, or has another ABI version. The message lists every path that was tried
/// with the loader's own words, and for another ABI version the file and both versions.
/// </summary>
public sealed class NativeLibraryException : MtlException
{
    internal NativeLibraryException(Bindings.NativeLoadException cause) : base(cause.Message, cause) =>
        Attempts = [.. cause.Attempts.Select(attempt => attempt.ToString())];

    /// <summary>Every place that was tried, in order, with what came of it.</summary>
    public IReadOnlyList<string> Attempts { get; }
}

namespace MtlHybrid.Bindings;

/// <summary>The native library in this process.</summary>
/// <param name="Handle">The operating system's handle.</param>
/// <param name="Path">Where it came from.</param>
/// <param name="Attempts">Every place that was tried on the way.</param>
internal sealed record LoadedLibrary(nint Handle, string Path, IReadOnlyList<LoadAttempt> Attempts);

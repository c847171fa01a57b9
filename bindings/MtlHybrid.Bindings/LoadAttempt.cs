namespace MtlHybrid.Bindings;

/// <summary>One place where the native library was looked for.</summary>
/// <param name="Source">Why there: "MTLHYBRID_NATIVE_PATH", "base directory" and so on.</param>
/// <param name="Path">The path or name that was tried.</param>
/// <param name="Outcome">"loaded", or the reason, in the loader's own words where it was asked.</param>
internal sealed record LoadAttempt(string Source, string Path, string Outcome)
{
    public override string ToString() => $"{Path} ({Source}): {Outcome}";
}

namespace MtlHybrid.Bindings.Generator.Model;

/// <summary>A struct that is declared and never defined: an opaque handle.</summary>
internal sealed record HandleDeclaration(string Name, string? Comment);

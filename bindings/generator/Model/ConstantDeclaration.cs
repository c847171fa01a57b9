namespace MtlHybrid.Bindings.Generator.Model;

/// <summary>A macro whose body is one integer.</summary>
internal sealed record ConstantDeclaration(string Name, long Value, bool Unsigned, string? Comment);

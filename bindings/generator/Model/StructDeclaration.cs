namespace MtlHybrid.Bindings.Generator.Model;

/// <summary>A defined struct; <paramref name="Size"/> in bytes, as the parser sees it.</summary>
internal sealed record StructDeclaration(
    string Name, long Size, string? Comment, IReadOnlyList<FieldDeclaration> Fields);

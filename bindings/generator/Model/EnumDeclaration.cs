namespace MtlHybrid.Bindings.Generator.Model;

/// <summary>A named enum; <paramref name="Size"/> in bytes, as the parser sees it.</summary>
internal sealed record EnumDeclaration(
    string Name, long Size, string? Comment, IReadOnlyList<EnumMemberDeclaration> Members);

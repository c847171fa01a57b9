namespace MtlHybrid.Bindings.Generator.Model;

/// <summary>One member of an enum.</summary>
internal sealed record EnumMemberDeclaration(string Name, long Value, string? Comment);

namespace MtlHybrid.Bindings.Generator.Model;

/// <summary>One exported function; types are C# types.</summary>
internal sealed record FunctionDeclaration(
    string Name, string ReturnType, IReadOnlyList<ParameterDeclaration> Parameters, string? Comment);

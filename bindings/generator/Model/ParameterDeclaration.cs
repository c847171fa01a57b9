namespace MtlHybrid.Bindings.Generator.Model;

/// <summary>One parameter of a function; the type is a C# type.</summary>
internal sealed record ParameterDeclaration(string Name, string Type);

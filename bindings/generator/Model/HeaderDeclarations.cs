namespace MtlHybrid.Bindings.Generator.Model;

/// <summary>Everything a C header declares, in the order of the header.</summary>
internal sealed record HeaderDeclarations(
    string FileName,
    IReadOnlyList<ConstantDeclaration> Constants,
    IReadOnlyList<EnumDeclaration> Enums,
    IReadOnlyList<HandleDeclaration> Handles,
    IReadOnlyList<StructDeclaration> Structs,
    IReadOnlyList<FunctionDeclaration> Functions);

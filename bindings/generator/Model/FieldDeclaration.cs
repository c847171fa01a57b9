namespace MtlHybrid.Bindings.Generator.Model;

/// <summary>One field of a struct.</summary>
/// <param name="Name">As in the header.</param>
/// <param name="Type">C# type; of one element when it is an array.</param>
/// <param name="ArrayLength">Elements of an inline array, or 0.</param>
/// <param name="Offset">Bytes from the start of the struct.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Comment">From the header.</param>
internal sealed record FieldDeclaration(
    string Name, string Type, long ArrayLength, long Offset, long Size, string? Comment);

namespace MtlHybrid.Bindings.Generator;

/// <summary>The header cannot be parsed, or holds something the boundary does not allow.</summary>
internal sealed class HeaderFormatException(string message) : Exception(message);

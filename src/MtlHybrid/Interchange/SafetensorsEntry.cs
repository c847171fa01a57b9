namespace MtlHybrid.Interchange;

/// <summary>One tensor of a safetensors file, as 32-bit floats.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its dimensions; row-major.</param>
/// <param name="Values">Its elements.</param>
public sealed record SafetensorsEntry(string Name, IReadOnlyList<long> Shape, float[] Values);

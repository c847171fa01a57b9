namespace MtlHybrid.Engine;

/// <summary>The native core refused or failed. The message names the function, the argument, what was expected and what came.</summary>
public sealed class EngineException : MtlException
{
    /// <summary>An exception with the core's own words.</summary>
    /// <param name="status">Why the call failed.</param>
    /// <param name="message">What the core said.</param>
    public EngineException(EngineStatus status, string message) : base(message) => Status = status;

    /// <summary>Why the call failed.</summary>
    public EngineStatus Status { get; }
}

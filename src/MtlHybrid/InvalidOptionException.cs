namespace MtlHybrid;

/// <summary>An option is outside its documented range, or options contradict each other.</summary>
public sealed class InvalidOptionException : MtlException
{
    /// <summary>Names the option, what it must be, and what came.</summary>
    /// <param name="option">Name of the option, as in the options record (for example <c>LearningRate</c>).</param>
    /// <param name="expected">What is allowed ("above 0").</param>
    /// <param name="actual">What came.</param>
    public InvalidOptionException(string option, string expected, object? actual)
        : base($"{option} must be {expected}; got {actual ?? "nothing"}")
    {
        Option = option;
    }

    /// <summary>Name of the offending option.</summary>
    public string Option { get; }

    internal static void Require(bool condition, string option, string expected, object? actual)
    {
        if (!condition) throw new InvalidOptionException(option, expected, actual);
    }
}

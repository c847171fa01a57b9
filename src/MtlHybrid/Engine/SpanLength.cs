using System.Diagnostics.CodeAnalysis;

namespace MtlHybrid.Engine;

/// <summary>Checks that a caller's memory has the size the native call will read or write.</summary>
internal static class SpanLength
{
    /// <param name="actual">Length of the span.</param>
    /// <param name="expected">The length it must have.</param>
    /// <param name="argument">Name of the span.</param>
    /// <param name="meaning">What the expected length is made of ("rows x features").</param>
    /// <exception cref="ArgumentException">Names the argument and both lengths.</exception>
    public static void Require(int actual, long expected, string argument, string meaning)
    {
        if (actual != expected)
            Throw(actual, expected, argument, meaning);
    }

    [DoesNotReturn]
    private static void Throw(int actual, long expected, string argument, string meaning) =>
        throw new ArgumentException($"{argument} must have {expected} elements ({meaning}); it has {actual}.", argument);
}

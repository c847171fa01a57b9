namespace MtlHybrid;

/// <summary>Base of every exception the library raises on purpose; its message is meant for people.</summary>
public class MtlException : Exception
{
    /// <summary>An exception with a message for people.</summary>
    public MtlException(string message) : base(message)
    {
    }

    /// <summary>An exception with a message for people and its cause.</summary>
    public MtlException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}

namespace MtlHybrid.Interchange;

/// <summary>A model or weights file cannot be read, or does not fit.</summary>
public sealed class ModelFileException : MtlException
{
    /// <summary>Names the file and what is wrong with it.</summary>
    public ModelFileException(string file, string problem, Exception? innerException = null)
        : base($"{file}: {problem}", innerException)
    {
        File = file;
    }

    /// <summary>The file.</summary>
    public string File { get; }
}

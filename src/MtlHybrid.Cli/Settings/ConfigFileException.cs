namespace MtlHybrid.Cli.Settings;

/// <summary>A config file is no JSON object; exit code 3.</summary>
internal sealed class ConfigFileException(string message, Exception? innerException) : MtlException(message, innerException);

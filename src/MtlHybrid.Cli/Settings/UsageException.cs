namespace MtlHybrid.Cli.Settings;

/// <summary>The command line or the config file asks for something that cannot be; exit code 2.</summary>
internal sealed class UsageException(string message) : MtlException(message);

using MtlHybrid.Cli.Settings;
using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Interchange;

namespace MtlHybrid.Cli;

/// <summary>The exit codes of `mtl`, and the one place that maps failures to them.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;
    public const int BadDataOrFile = 3;
    public const int NativeOrDevice = 4;
    public const int Cancelled = 130;

    /// <summary>The exit code of a failure.</summary>
    public static int For(Exception failure) => failure switch
    {
        OperationCanceledException => Cancelled,
        UsageException or InvalidOptionException => WrongUsage,
        NativeLibraryException or EngineException => NativeOrDevice,
        ConfigFileException or DataException or ModelFileException => BadDataOrFile,
        IOException or UnauthorizedAccessException => BadDataOrFile,
        _ => Failed,
    };

    /// <summary>Whether the message alone tells a person what to do; anything else is a defect of the program.</summary>
    public static bool IsExpected(Exception failure) =>
        failure is MtlException or IOException or UnauthorizedAccessException or OperationCanceledException;
}

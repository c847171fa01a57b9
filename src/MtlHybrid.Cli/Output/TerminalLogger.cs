using Microsoft.Extensions.Logging;

namespace MtlHybrid.Cli.Output;

/// <summary>What the library has to say, as notes on the error stream.</summary>
internal sealed class TerminalLogger(Terminal terminal) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= (terminal.Verbose ? LogLevel.Debug : LogLevel.Information);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        string text = formatter(state, exception);
        if (logLevel >= LogLevel.Information) terminal.Note(text);
        else terminal.Say($"debug: {text}");
    }
}

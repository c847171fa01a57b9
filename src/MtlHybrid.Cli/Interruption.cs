using System.Runtime.InteropServices;

namespace MtlHybrid.Cli;

/// <summary>Ctrl-C and SIGTERM: the first asks the work to end cleanly, the second ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action _firstTime;
    private int _signals;

    /// <summary>Starts listening.</summary>
    /// <param name="firstTime">Tells the person that the request was heard.</param>
    public Interruption(Action firstTime)
    {
        _firstTime = firstTime;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        ];
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (Interlocked.Increment(ref _signals) > 1) Environment.Exit(ExitCode.Cancelled);
        context.Cancel = true;
        _source.Cancel();
        _firstTime();
    }
}

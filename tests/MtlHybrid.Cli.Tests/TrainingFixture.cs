using MtlHybrid.Cli.Tests;

[assembly: AssemblyFixture(typeof(TrainingFixture))]

namespace MtlHybrid.Cli.Tests;

/// <summary>A run folder made once by `mtl train`, for tests that need a trained model.</summary>
public sealed class TrainingFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string> _run;

    public TrainingFixture()
    {
        Table = _folder.WriteTable();
        _run = new Lazy<string>(() =>
        {
            Invocation.Run(Arguments("run")).MustSucceed();
            return _folder["run"];
        });
    }

    /// <summary>The folder of the run; skips the calling test where the native library has not been built.</summary>
    public string Run
    {
        get
        {
            NativeLibrary.Need();
            return _run.Value;
        }
    }

    /// <summary>The table the run learned from.</summary>
    public string Table { get; }

    /// <summary>The command line of a short training run with a regression, a binary and a three-class task.</summary>
    public string[] Arguments(string name) =>
        ["train", "--data", Table, "--targets", "sum,sign,third", "--ignore", "difference", "--epochs", "6", "--hidden", "16", "--threads", "1", "--out", _folder[name]];

    public void Dispose() => _folder.Dispose();
}

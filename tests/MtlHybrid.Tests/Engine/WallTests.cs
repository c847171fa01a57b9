using Xunit;

namespace MtlHybrid.Tests.Engine;

public sealed class WallTests
{
    [Fact]
    public void Only_the_engine_sees_the_bindings()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "MtlHybrid.sln")))
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("the tests run outside the repository");
        string source = Path.Combine(root, "src");
        string engine = Path.Combine(source, "MtlHybrid", "Engine") + Path.DirectorySeparatorChar;
        string output = $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}";

        string[] files = [.. Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains(output, StringComparison.Ordinal))];
        string[] offenders =
        [
            .. files.Where(file => !file.StartsWith(engine, StringComparison.Ordinal)
                && File.ReadAllText(file) is string text
                && (text.Contains("MtlHybrid.Bindings", StringComparison.Ordinal) || text.Contains("NativeMethods", StringComparison.Ordinal))),
        ];

        Assert.Contains(files, file => file.StartsWith(engine, StringComparison.Ordinal));
        Assert.Empty(offenders);
    }
}

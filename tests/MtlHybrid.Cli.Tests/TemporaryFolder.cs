namespace MtlHybrid.Cli.Tests;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("mtl-cli-").FullName;

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>A table of two related regressions, a binary and a three-class target; inputs a, b and the category c.</summary>
    public string WriteTable(string name = "table.csv", int rows = 120)
    {
        var random = new Random(1);
        using var writer = new StreamWriter(this[name]);
        writer.WriteLine("a,b,c,sum,difference,sign,third");
        for (int row = 0; row < rows; row++)
        {
            double a = random.NextDouble() * 2 - 1, b = random.NextDouble() * 2 - 1;
            writer.WriteLine(
                $"{a:R},{b:R},{(row % 3 == 0 ? "red" : "blue")},{10 + 3 * (a + b):R},{a - b:R},{(a + b > 0 ? "yes" : "no")},{(a < -0.3 ? "low" : a > 0.3 ? "high" : "mid")}");
        }

        return this[name];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

using Xunit;

namespace MtlHybrid.Tests;

/// <summary>Finds real data: the set that ships, and larger ones that lie beside the repository where somebody has put them.</summary>
internal static class SharedData
{
    /// <summary>datasets/tecator.csv of the repository.</summary>
    public static string Tecator => Upwards(Path.Combine("datasets", "tecator.csv"))
        ?? throw new FileNotFoundException("datasets/tecator.csv of the repository is missing");

    /// <summary>The path of a file such as "hydraulic/hydraulic_1hz.csv.gz" in the folder that MTLHYBRID_DATA names, or in
    /// shared/data beside the repository; skips the calling test when there is none.</summary>
    public static string Locate(string name)
    {
        string? folder = Environment.GetEnvironmentVariable("MTLHYBRID_DATA");
        string? path = string.IsNullOrEmpty(folder) ? Upwards(Path.Combine("shared", "data", name)) : Path.Combine(folder, name);
        if (path is null || !File.Exists(path)) Assert.Skip($"{name} is not at hand; set MTLHYBRID_DATA to the folder that holds it");
        return path;
    }

    private static string? Upwards(string relative)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, relative);
            if (File.Exists(path)) return path;
        }
        return null;
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace MtlHybrid.Cli.Settings;

/// <summary>A JSON file with settings: one object whose keys are the flags without dashes. Comments are allowed.</summary>
internal sealed class ConfigFile
{
    private readonly JsonObject _values;

    private ConfigFile(string path, JsonObject values)
    {
        (Path, _values) = (path, values);
        Folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
    }

    public string Path { get; }

    /// <summary>Paths in the file are relative to it.</summary>
    public string Folder { get; }

    /// <summary>Reads a file; every key must be a known setting. Those of the other verb are left out: a pilot can be followed by
    /// training with the same file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">The settings of the verb.</param>
    /// <param name="note">Told about keys of the other verb.</param>
    /// <exception cref="ConfigFileException">Not JSON, or not an object.</exception>
    /// <exception cref="UsageException">An unknown key.</exception>
    public static ConfigFile Read(string path, IReadOnlyList<Setting> settings, Action<string> note)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(
                File.ReadAllText(path),
                documentOptions: new JsonDocumentOptions
                {
                    CommentHandling = JsonCommentHandling.Skip,
                    AllowTrailingCommas = true,
                    AllowDuplicateProperties = false,
                });
        }
        catch (JsonException e)
        {
            string place = e.LineNumber is { } line ? $", line {line + 1}, column {e.BytePositionInLine + 1}" : "";
            throw new ConfigFileException($"{path}{place}: not JSON: {e.Message.Split(" LineNumber:")[0]}", e);
        }

        if (root is not JsonObject values) throw new ConfigFileException($"{path}: expected a JSON object of settings", null);
        string[] known = [.. settings.Select(setting => setting.Name)];
        foreach (string key in values.Select(entry => entry.Key).Except(known))
        {
            Setting? other = SettingCatalog.Create().FirstOrDefault(setting => setting.Name == key);
            if (other is null) throw new UsageException($"{path}: unknown key '{key}'{Spelling.Hint(key, known)}");
            note($"{path}: {key} is not used: it belongs to mtl {other.Verb}");
        }

        return new ConfigFile(path, values);
    }

    public bool Has(string key) => _values.ContainsKey(key);

    public JsonNode? this[string key] => _values[key];
}

namespace MtlHybrid.Cli.Settings;

/// <summary>Where a setting stands in the help text.</summary>
internal enum SettingGroup
{
    Data,
    Network,
    Training,
    Strategy,
    Run,
}

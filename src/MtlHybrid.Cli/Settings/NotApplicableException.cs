namespace MtlHybrid.Cli.Settings;

/// <summary>A setting belongs to another choice than the one that was made (an option of another strategy, say).</summary>
/// <param name="reason">Continues "it ..."; a sentence where there is a rest.</param>
/// <param name="rest">The options with all that does apply; null: nothing does.</param>
internal sealed class NotApplicableException(string reason, RunOptions? rest = null) : Exception(reason)
{
    public RunOptions? Rest { get; } = rest;
}

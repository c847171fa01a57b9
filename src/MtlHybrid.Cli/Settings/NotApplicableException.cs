namespace MtlHybrid.Cli.Settings;

/// <summary>A setting belongs to another choice than the one that was made (an option of another strategy, say).</summary>
internal sealed class NotApplicableException(string reason) : Exception(reason);

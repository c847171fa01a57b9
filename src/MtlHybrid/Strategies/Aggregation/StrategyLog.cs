using Microsoft.Extensions.Logging;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>What strategies log.</summary>
internal static partial class StrategyLog
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "{Strategy}: {Remark} ({Count} times so far)")]
    public static partial void Remark(ILogger logger, string strategy, string remark, long count);
}

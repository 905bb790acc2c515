using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Caching;

public sealed partial class LayeredCache
{
    [LoggerMessage(EventId = 2403, Level = LogLevel.Warning, Message = "An entry of the cache ({Kind}) is damaged and was dropped. It counts as a miss.")]
    private partial void LogCorrupted(CacheKind kind);

    [LoggerMessage(EventId = 2404, Level = LogLevel.Warning, Message = "An entry of the cache ({Kind}) does not fit {Type}: another version of the program wrote it. It was dropped and counts as a miss.")]
    private partial void LogUnfit(Exception exception, CacheKind kind, string type);

    [LoggerMessage(EventId = 2405, Level = LogLevel.Warning, Message = "An answer ({Kind}) can't be kept: {Type} can't be written as JSON.")]
    private partial void LogUnwritable(Exception exception, CacheKind kind, string type);

    [LoggerMessage(EventId = 2406, Level = LogLevel.Warning, Message = "A stale answer ({Kind}) of {Maker} could not be made anew. It is served until its end.")]
    private partial void LogNotRenewed(Exception exception, CacheKind kind, string maker);

    [LoggerMessage(EventId = 2407, Level = LogLevel.Error, Message = "What has been invalidated of {Owner} ({Kind} {Key}) can't be read. It is begun anew; all that was kept under it is lost.")]
    private partial void LogDamaged(string owner, string kind, string key);

    [LoggerMessage(EventId = 2408, Level = LogLevel.Warning, Message = "Questions could not be compared. It counts as a miss.")]
    private partial void LogNotMatched(Exception exception);
}

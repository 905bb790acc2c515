using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Api;

internal static partial class ApiLog
{
    [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "{Method} {Path} failed for a reason that is not the caller's; answered 500 with trace ID {TraceId}.")]
    public static partial void RequestFailed(ILogger logger, Exception exception, string method, string? path, string traceId);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Error, Message = "The event stream of run {InstanceId} broke; it was ended with an error event with trace ID {TraceId}.")]
    public static partial void StreamFailed(ILogger logger, Exception exception, string instanceId, string traceId);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Warning, Message = "The live output of run {InstanceId} can't be read; whoever follows it is told of history alone until it can be.")]
    public static partial void OutputFailed(ILogger logger, Exception exception, string instanceId);

    [LoggerMessage(EventId = 3005, Level = LogLevel.Information, Message = "The cache was invalidated: tenant {Tenant}, kind {Kind}, tag {Tag}, key {Key}.")]
    public static partial void CacheInvalidated(ILogger logger, string tenant, CacheKind? kind, string? tag, string? key);

    [LoggerMessage(EventId = 3006, Level = LogLevel.Warning, Message = "Lane {Lane} is shed from now on: {Ahead} activities are ahead of the start that showed it, which would wait {Wait} for a place and {ModelWait} for a model. Nothing that was accepted is lost.")]
    public static partial void LaneShed(ILogger logger, RunPriority lane, int ahead, TimeSpan wait, TimeSpan modelWait);

    [LoggerMessage(EventId = 3007, Level = LogLevel.Information, Message = "Lane {Lane} is taken again.")]
    public static partial void LaneTaken(ILogger logger, RunPriority lane);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Information, Message = "Started run {InstanceId} of {Orchestrator} (created: {Created}).")]
    public static partial void RunStarted(ILogger logger, string instanceId, string orchestrator, bool created);
}

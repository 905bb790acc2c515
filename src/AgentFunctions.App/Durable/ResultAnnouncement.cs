using System.Text.Json;
using AgentFunctions.App.ServiceBus;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Results;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.App.Durable;

/// <summary>
/// Publishes how a run ended that a message from the queue started, for whoever sent it waits at the topic. Deterministic: part of the
/// orchestrator's history. A topic that stays away for half an hour is given up: the result stays in the run, and the run does not fail for it.
/// </summary>
internal static partial class ResultAnnouncement
{
    private const int Attempts = 10;

    /// <summary>Publishes a result, unless the run goes on as new or no message started it.</summary>
    public static Task PublishAsync(FunctionsOrchestrationContext context, JsonElement output) =>
        IsAwaited(context) ? PublishAsync(context, Result(context, RuntimeStatus.Completed) with { Output = output }) : Task.CompletedTask;

    /// <summary>Publishes a failure, unless no message started the run.</summary>
    public static Task PublishFailureAsync(FunctionsOrchestrationContext context, Exception failure) =>
        IsAwaited(context) ? PublishAsync(context, Result(context, RuntimeStatus.Failed) with { Failure = FailureDetails.From(failure) }) : Task.CompletedTask;

    private static bool IsAwaited(FunctionsOrchestrationContext context) =>
        context.ParentInstanceId is null && !context.ContinuesAsNew && AgentTask.IsStartedByMessage(context.InstanceId);

    private static RunResult Result(FunctionsOrchestrationContext context, RuntimeStatus status) =>
        new() { InstanceId = context.InstanceId, Orchestrator = context.Name, Status = status, Time = context.UtcNow };

    private static async Task PublishAsync(FunctionsOrchestrationContext context, RunResult result)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await context.CallActivityAsync(ActivityReferences.PublishResult, result);
                return;
            }
            catch (TaskFailedException e) when (attempt < Attempts && !e.Details.Permanent)
            {
                await context.CreateTimerAsync(TimeSpan.FromSeconds(1 << attempt));
            }
            catch (TaskFailedException e)
            {
                LogGivenUp(context.CreateReplaySafeLogger("AgentFunctions.Results"), context.InstanceId, e);
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The result of run {InstanceId} could not be published. It is in the run: GET /api/runs/{InstanceId}.")]
    private static partial void LogGivenUp(ILogger logger, string instanceId, Exception exception);
}

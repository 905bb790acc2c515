using System.Text.Json;
using AgentFunctions.Core.Durable;
using Microsoft.DurableTask.Client;

namespace AgentFunctions.App.Durable;

/// <summary>Durable Functions' metadata of a run as the seam shows it.</summary>
internal static class RunStates
{
    public static RunState Of(OrchestrationMetadata run, bool payloads, JsonSerializerOptions json)
    {
        var status = Of(run.RuntimeStatus);
        var header = HeaderOf(run);
        return new RunState
        {
            Name = run.Name,
            InstanceId = run.InstanceId,
            RuntimeStatus = status,
            CreatedTime = run.CreatedAt,
            LastUpdatedTime = run.LastUpdatedAt,
            Input = payloads ? InputOf(run) : null,
            CustomStatus = payloads ? Parse(run.SerializedCustomStatus) : null,
            Output = payloads && status != RuntimeStatus.Failed ? Parse(run.SerializedOutput) : null,
            Failure = run.FailureDetails is { } failure ? FailureText.Read(failure, null, json) : null,
            ParentInstanceId = header.Parent,
            Priority = header.Priority,
            Budget = header.Budget,
        };
    }

    /// <summary>What was said about the run beside its input; nothing where the payloads were not read.</summary>
    public static RunHeader HeaderOf(OrchestrationMetadata run) => Parse(run.SerializedInput) is { } payload ? RunEnvelope.Open(payload).Header : RunHeader.None;

    /// <summary>The orchestrator's own input.</summary>
    public static JsonElement? InputOf(OrchestrationMetadata run) =>
        Parse(run.SerializedInput) is { } payload && RunEnvelope.Open(payload).Input is { ValueKind: not JsonValueKind.Undefined } input ? input : null;

    public static RuntimeStatus Of(OrchestrationRuntimeStatus status) => status switch
    {
        OrchestrationRuntimeStatus.Running => RuntimeStatus.Running,
        OrchestrationRuntimeStatus.Completed => RuntimeStatus.Completed,
        OrchestrationRuntimeStatus.Failed => RuntimeStatus.Failed,
        OrchestrationRuntimeStatus.Terminated => RuntimeStatus.Terminated,
        OrchestrationRuntimeStatus.Pending => RuntimeStatus.Pending,
        OrchestrationRuntimeStatus.Suspended => RuntimeStatus.Suspended,
        // The two that Durable Functions calls obsolete: between two executions, and one it never sets.
        _ => (int)status == 2 ? RuntimeStatus.ContinuedAsNew : RuntimeStatus.Terminated,
    };

    public static OrchestrationRuntimeStatus Of(RuntimeStatus status) => status switch
    {
        RuntimeStatus.Running => OrchestrationRuntimeStatus.Running,
        RuntimeStatus.Completed => OrchestrationRuntimeStatus.Completed,
        RuntimeStatus.Failed => OrchestrationRuntimeStatus.Failed,
        RuntimeStatus.Terminated => OrchestrationRuntimeStatus.Terminated,
        RuntimeStatus.Suspended => OrchestrationRuntimeStatus.Suspended,
        RuntimeStatus.Pending => OrchestrationRuntimeStatus.Pending,
        _ => OrchestrationRuntimeStatus.Running,
    };

    /// <summary>A payload; one that is no JSON, as a termination's reason may be, as a string.</summary>
    private static JsonElement? Parse(string? payload)
    {
        if (string.IsNullOrEmpty(payload))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(payload);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(payload, AppJsonContext.Default.String);
        }
    }
}

using System.Collections.Immutable;
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
        return new RunState
        {
            Name = run.Name,
            InstanceId = run.InstanceId,
            RuntimeStatus = status,
            CreatedTime = run.CreatedAt,
            LastUpdatedTime = run.LastUpdatedAt,
            Input = payloads ? Parse(run.SerializedInput) : null,
            CustomStatus = payloads ? Parse(run.SerializedCustomStatus) : null,
            Output = payloads && status != RuntimeStatus.Failed ? Parse(run.SerializedOutput) : null,
            Failure = run.FailureDetails is { } failure ? FailureText.Read(failure, null, json) : null,
            Priority = RunTags.PriorityOf(run.Tags),
        };
    }

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
            return document.RootElement.ValueKind == JsonValueKind.Null ? null : document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(payload, AppJsonContext.Default.String);
        }
    }
}

/// <summary>What the seam keeps of a start in a run's tags.</summary>
internal static class RunTags
{
    private const string Priority = "priority";

    public static IReadOnlyDictionary<string, string> Of(StartOptions options) =>
        options.Priority == RunPriority.Workflow ? ImmutableDictionary<string, string>.Empty : ImmutableDictionary<string, string>.Empty.Add(Priority, options.Priority.ToString());

    public static RunPriority PriorityOf(IReadOnlyDictionary<string, string>? tags) =>
        tags is not null && tags.TryGetValue(Priority, out var text) && Enum.TryParse<RunPriority>(text, out var priority) ? priority : RunPriority.Workflow;
}

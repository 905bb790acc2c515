using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.Logging;
using CoreTaskFailedException = AgentFunctions.Core.Durable.TaskFailedException;
using TaskFailedException = Microsoft.DurableTask.TaskFailedException;

namespace AgentFunctions.App.Durable;

/// <summary>The seam over Durable Functions: a member each. Values cross as JSON elements in the catalog's own format, whatever the worker's serializer is.</summary>
internal sealed class FunctionsOrchestrationContext(TaskOrchestrationContext inner, Catalog catalog) : OrchestrationContext
{
    private const int CustomStatusBytes = 16 * 1024;
    private int nextCallId;

    public override string Name => inner.Name.Name;

    public override string InstanceId => inner.InstanceId;

    public override string? ParentInstanceId => inner.Parent?.InstanceId;

    public override DateTimeOffset UtcNow => new(DateTime.SpecifyKind(inner.CurrentUtcDateTime, DateTimeKind.Utc));

    public override bool IsReplaying => inner.IsReplaying;

    public override Guid NewGuid() => inner.NewGuid();

    public override Task<TOutput> CallActivityAsync<TInput, TOutput>(ActivityReference<TInput, TOutput> activity, TInput input, CallOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(activity);
        var token = options?.Cancellation ?? default;
        if (token.IsCancellationRequested)
        {
            return Task.FromCanceled<TOutput>(token);
        }

        var call = nextCallId++;
        var envelope = new ActivityEnvelope { InstanceId = InstanceId, CallId = call, Label = options?.Label, Input = DurableJson.ToElement(input, catalog.Json) };
        var running = AnswerAsync<TOutput>(inner.CallActivityAsync<JsonElement>(activity.Name, JsonSerializer.SerializeToElement(envelope, AppJsonContext.Default.ActivityEnvelope)), activity.Name);
        return Cancellable(running, () => Cancel(call), token);
    }

    public override Task<TOutput> CallSubOrchestratorAsync<TInput, TOutput>(OrchestratorReference<TInput, TOutput> orchestrator, TInput input, string? instanceId = null, CallOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(orchestrator);
        var token = options?.Cancellation ?? default;
        if (token.IsCancellationRequested)
        {
            return Task.FromCanceled<TOutput>(token);
        }

        var id = instanceId ?? $"{InstanceId}:{nextCallId++:x4}";
        var running = inner.CallSubOrchestratorAsync<JsonElement>(orchestrator.Name, DurableJson.ToElement(input, catalog.Json), new SubOrchestrationOptions(instanceId: id));
        return Cancellable(AnswerAsync<TOutput>(running, orchestrator.Name), () => Terminate(id), token);
    }

    public override Task CreateTimerAsync(TimeSpan delay, CancellationToken cancellationToken = default) => inner.CreateTimer(delay, cancellationToken);

    public override async Task<T> WaitForExternalEventAsync<T>(string name, CancellationToken cancellationToken = default) =>
        DurableJson.Read<T>(await inner.WaitForExternalEvent<JsonElement>(name, cancellationToken), catalog.Json);

    public override async Task<TOutput> CallEntityAsync<TInput, TOutput>(EntityId entity, EntityOperation<TInput, TOutput> operation, TInput input)
    {
        ArgumentNullException.ThrowIfNull(operation);
        try
        {
            return DurableJson.Read<TOutput>(await inner.Entities.CallEntityAsync<JsonElement>(Address(entity), operation.Name, DurableJson.ToElement(input, catalog.Json)), catalog.Json);
        }
        catch (EntityOperationFailedException failed)
        {
            throw new CoreTaskFailedException(FailureText.Read(failed.FailureDetails, $"{entity}.{operation.Name}", catalog.Json));
        }
    }

    public override void SignalEntity<TInput, TOutput>(EntityId entity, EntityOperation<TInput, TOutput> operation, TInput input)
    {
        ArgumentNullException.ThrowIfNull(operation);
        // It completes at once: a signal is a message that the turn sends, and is not waited for.
        _ = inner.Entities.SignalEntityAsync(Address(entity), operation.Name, DurableJson.ToElement(input, catalog.Json));
    }

    public override void SetCustomStatus<T>(T status)
    {
        var json = DurableJson.ToElement(status, catalog.Json);
        var size = Encoding.Unicode.GetByteCount(json.GetRawText());
        if (size > CustomStatusBytes)
        {
            throw new ArgumentException($"The custom status is {size} bytes as UTF-16 JSON, over the {CustomStatusBytes} that Durable Functions keeps. Publish a summary, or a content reference.", nameof(status));
        }

        inner.SetCustomStatus(json);
    }

    public override void ContinueAsNew<TInput>(TInput input, bool preserveUnprocessedEvents = true) =>
        inner.ContinueAsNew(DurableJson.ToElement(input, catalog.Json), preserveUnprocessedEvents);

    public override ILogger CreateReplaySafeLogger(string category) => inner.CreateReplaySafeLogger(category);

    private static EntityInstanceId Address(EntityId entity) => new(entity.Name, entity.Key);

    private async Task<TOutput> AnswerAsync<TOutput>(Task<JsonElement> running, string step)
    {
        try
        {
            return DurableJson.Read<TOutput>(await running, catalog.Json);
        }
        catch (TaskFailedException failed)
        {
            throw new CoreTaskFailedException(FailureText.Read(failed.FailureDetails, step, catalog.Json));
        }
    }

    /// <summary>Ends the caller's wait when the token fires, which only code of this orchestrator does, so it replays.</summary>
    private static async Task<TOutput> Cancellable<TOutput>(Task<TOutput> running, Action cancel, CancellationToken token)
    {
        if (!token.CanBeCanceled)
        {
            return await running;
        }

        var given = new TaskCompletionSource<TOutput>();
        using var registration = token.Register(
            () =>
            {
                if (!running.IsCompleted && given.TrySetCanceled(token))
                {
                    cancel();
                }
            });
        return await await Task.WhenAny(running, given.Task);
    }

    /// <summary>Tells the workers; nobody waits for it, and its failure costs promptness only.</summary>
    private void Cancel(int call) => _ = inner.CallActivityAsync<JsonElement>(
        CallCancellation.Activity.Name,
        JsonSerializer.SerializeToElement(
            new ActivityEnvelope { InstanceId = InstanceId, CallId = nextCallId++, Input = JsonSerializer.SerializeToElement(new CallCancellation(InstanceId, [call]), AppJsonContext.Default.CallCancellation) },
            AppJsonContext.Default.ActivityEnvelope));

    private void Terminate(string id) => _ = inner.CallActivityAsync<JsonElement>(
        CallCancellation.Activity.Name,
        JsonSerializer.SerializeToElement(
            new ActivityEnvelope { InstanceId = InstanceId, CallId = nextCallId++, Input = JsonSerializer.SerializeToElement(new CallCancellation(id, []), AppJsonContext.Default.CallCancellation) },
            AppJsonContext.Default.ActivityEnvelope));
}

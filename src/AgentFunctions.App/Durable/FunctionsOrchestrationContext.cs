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
internal sealed class FunctionsOrchestrationContext(TaskOrchestrationContext inner, Catalog catalog, RunHeader header) : OrchestrationContext, IDisposable
{
    private const int CustomStatusBytes = 16 * 1024;
    private readonly OrchestrationEvents events = new(inner);
    private readonly Dictionary<int, string?> open = [];
    private readonly CancellationTokenSource timers = new();
    private readonly HashSet<string> subInstanceIds = new(StringComparer.Ordinal);
    private int nextCallId = header.NextCall;
    private (JsonElement Input, bool Preserve)? next;

    public override string Name => catalog.Orchestrator(inner.Name.Name).Name;

    public override string InstanceId => inner.InstanceId;

    public override string? ParentInstanceId => header.Parent ?? inner.Parent?.InstanceId;

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

        if (!catalog.Activities.ContainsKey(activity.Name))
        {
            return Refused<TOutput>("ActivityNotFoundException", $"There is no activity '{activity.Name}'. Register it in the catalog.", activity.Name);
        }

        var call = nextCallId++;
        var running = AnswerAsync<TOutput>(Schedule(activity.Name, call, options?.Label, DurableJson.ToElement(input, catalog.Json)), activity.Name);
        return CancellableAsync(running, call, null, token);
    }

    public override Task<TOutput> CallSubOrchestratorAsync<TInput, TOutput>(OrchestratorReference<TInput, TOutput> orchestrator, TInput input, string? instanceId = null, CallOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(orchestrator);
        var token = options?.Cancellation ?? default;
        if (token.IsCancellationRequested)
        {
            return Task.FromCanceled<TOutput>(token);
        }

        if (!catalog.Orchestrators.ContainsKey(orchestrator.Name))
        {
            return Refused<TOutput>(nameof(OrchestratorNotFoundException), $"There is no orchestrator '{orchestrator.Name}'. Register it in the catalog.", orchestrator.Name);
        }

        var call = nextCallId++;
        var id = instanceId ?? SubInstanceIds.Of(InstanceId, call);
        if (!subInstanceIds.Add(id))
        {
            return Refused<TOutput>("InstanceIdTakenException", $"The instance ID '{id}' is taken: this run has used it before. Choose another, or none.", orchestrator.Name);
        }

        var payload = RunEnvelope.Wrap(new RunHeader { Parent = InstanceId, Id = id, Label = options?.Label, Priority = header.Priority, Budget = header.Budget }, DurableJson.ToElement(input, catalog.Json));
        var running = inner.CallSubOrchestratorAsync<JsonElement>(orchestrator.Name, payload, new SubOrchestrationOptions(instanceId: id));
        return CancellableAsync(AnswerAsync<TOutput>(running, orchestrator.Name), call, id, token);
    }

    public override Task CreateTimerAsync(TimeSpan delay, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : TimerAsync(delay, cancellationToken);

    public override async Task<T> WaitForExternalEventAsync<T>(string name, CancellationToken cancellationToken = default) =>
        DurableJson.Read<T>(await events.NextAsync(name, cancellationToken), catalog.Json);

    public override async Task<TOutput> CallEntityAsync<TInput, TOutput>(EntityId entity, EntityOperation<TInput, TOutput> operation, TInput input)
    {
        ArgumentNullException.ThrowIfNull(operation);
        if (!catalog.Entities.ContainsKey(entity.Name))
        {
            return await Refused<TOutput>(nameof(EntityNotFoundException), new EntityNotFoundException(entity.Name).Message, $"{entity}.{operation.Name}");
        }

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

    public override void ContinueAsNew<TInput>(TInput input, bool preserveUnprocessedEvents = true) => next = (DurableJson.ToElement(input, catalog.Json), preserveUnprocessedEvents);

    public override ILogger CreateReplaySafeLogger(string category) => inner.CreateReplaySafeLogger(category);

    /// <summary>Whether the orchestrator asked for a next execution.</summary>
    public bool ContinuesAsNew => next is not null;

    /// <summary>
    /// The orchestrator has returned or thrown. Durable Functions keeps a run open until its last activity, sub-orchestration and timer has ended, so
    /// those that nobody waits for any more are cancelled. Only now is continue-as-new passed on: an orchestrator that asks for it and fails
    /// afterwards fails, and all events that it left are known.
    /// </summary>
    /// <param name="failed">Whether it threw.</param>
    public void End(bool failed)
    {
        timers.Cancel();
        Cancel([.. open.Where(c => c.Value is null).Select(c => c.Key)]);
        foreach (var id in open.Values.OfType<string>())
        {
            Schedule(new CallCancellation(id, []));
        }

        if (failed || next is not var (input, preserve))
        {
            return;
        }

        events.ContinueAsNew(preserve);
        inner.ContinueAsNew(RunEnvelope.Wrap(header with { NextCall = nextCallId }, input), preserve);
    }

    public void Dispose() => timers.Dispose();

    private static EntityInstanceId Address(EntityId entity) => new(entity.Name, entity.Key);

    private static Task<TOutput> Refused<TOutput>(string type, string message, string step) =>
        Task.FromException<TOutput>(new CoreTaskFailedException(new FailureDetails { Type = type, Message = message, Permanent = true, Step = step }));

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
    private async Task<TOutput> CancellableAsync<TOutput>(Task<TOutput> running, int call, string? subInstanceId, CancellationToken token)
    {
        open.Add(call, subInstanceId);
        try
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
                        Cancel(call, subInstanceId);
                    }
                });
            return await await Task.WhenAny(running, given.Task);
        }
        finally
        {
            open.Remove(call);
        }
    }

    private async Task TimerAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timers.Token);
        await inner.CreateTimer(delay, either.Token);
    }

    private Task<JsonElement> Schedule(string activity, int call, string? label, JsonElement input) => inner.CallActivityAsync<JsonElement>(
        activity,
        JsonSerializer.SerializeToElement(new ActivityEnvelope { InstanceId = InstanceId, CallId = call, Label = label, Priority = header.Priority, Budget = header.Budget, ScheduledAt = UtcNow, Input = input }, AppJsonContext.Default.ActivityEnvelope));

    private void Cancel(int call, string? subInstanceId)
    {
        open.Remove(call);
        if (subInstanceId is null)
        {
            Cancel([call]);
        }
        else
        {
            Schedule(new CallCancellation(subInstanceId, []));
        }
    }

    private void Cancel(IReadOnlyList<int> calls)
    {
        if (calls.Count > 0)
        {
            Schedule(new CallCancellation(RunHeader.CancellationKey(InstanceId, RunHeader.EpochOf(calls[0])), calls));
        }
    }

    /// <summary>Tells the workers; nobody waits for it, and its failure costs promptness only.</summary>
    private void Schedule(CallCancellation cancellation) =>
        _ = Schedule(CallCancellation.Activity.Name, nextCallId++, null, JsonSerializer.SerializeToElement(cancellation, AppJsonContext.Default.CallCancellation));
}

/// <summary>The instance IDs of sub-orchestrations that were not given one.</summary>
internal static class SubInstanceIds
{
    /// <summary>Of one call.</summary>
    public static string Of(string parent, int callId) => $"{Prefix(parent)}{callId:x4}";

    /// <summary>What they all begin with.</summary>
    public static string Prefix(string parent) => $"{parent}:";
}

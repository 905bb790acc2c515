using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Local.Engine.History;

namespace AgentFunctions.Local.Engine.Execution;

/// <summary>What an orchestrator asks for.</summary>
internal sealed partial class OrchestratorExecution
{
    private const int CustomStatusBytes = 16 * 1024;

    public override Task<TOutput> CallActivityAsync<TInput, TOutput>(ActivityReference<TInput, TOutput> activity, TInput input, CallOptions? options = null)
    {
        EnsureInTurn();
        ArgumentException.ThrowIfNullOrWhiteSpace(activity.Name, nameof(activity));
        var token = options?.Cancellation ?? default;
        return token.IsCancellationRequested
            ? Task.FromCanceled<TOutput>(token)
            : Request<TOutput>(new ActivityScheduled(nextCallId++, activity.Name, DurableJson.Write(input, catalog.Json), options?.Label), token);
    }

    public override Task<TOutput> CallSubOrchestratorAsync<TInput, TOutput>(OrchestratorReference<TInput, TOutput> orchestrator, TInput input, string? instanceId = null, CallOptions? options = null)
    {
        EnsureInTurn();
        ArgumentException.ThrowIfNullOrWhiteSpace(orchestrator.Name, nameof(orchestrator));
        if (instanceId is { Length: 0 })
        {
            throw new ArgumentException("The sub-orchestration's instance ID is empty. Give one, or none for one of the engine's own.", nameof(instanceId));
        }

        var token = options?.Cancellation ?? default;
        if (token.IsCancellationRequested)
        {
            return Task.FromCanceled<TOutput>(token);
        }

        var call = nextCallId++;
        return Request<TOutput>(new SubOrchestrationScheduled(call, orchestrator.Name, instanceId ?? $"{InstanceId}:{call:x4}", DurableJson.Write(input, catalog.Json), options?.Label), token);
    }

    public override Task CreateTimerAsync(TimeSpan delay, CancellationToken cancellationToken = default)
    {
        EnsureInTurn();
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        var timer = new OpenTimer();
        var latest = DateTimeOffset.MaxValue - utcNow;
        Open(new TimerCreated(nextCallId++, utcNow + (delay < TimeSpan.Zero ? TimeSpan.Zero : delay < latest ? delay : latest)), timer, cancellationToken);
        return timer.Task;
    }

    public override Task<TOutput> CallEntityAsync<TInput, TOutput>(EntityId entity, EntityOperation<TInput, TOutput> operation, TInput input)
    {
        EnsureInTurn();
        EnsureAddressed(entity, operation.Name);
        return Request<TOutput>(new EntityCalled(nextCallId++, entity, operation.Name, DurableJson.Write(input, catalog.Json)), default);
    }

    public override void SignalEntity<TInput, TOutput>(EntityId entity, EntityOperation<TInput, TOutput> operation, TInput input)
    {
        EnsureInTurn();
        EnsureAddressed(entity, operation.Name);
        requests.Add(new EntitySignalled(entity, operation.Name, DurableJson.Write(input, catalog.Json)));
    }

    public override Task<T> WaitForExternalEventAsync<T>(string name, CancellationToken cancellationToken = default)
    {
        EnsureInTurn();
        var call = new OpenCall<T>(catalog.Json);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        if (events.TakeEarly(name) is { } early)
        {
            call.Complete(early.Payload);
            return call.Task;
        }

        var place = events.Wait(name, call);
        call.Registration = cancellationToken.UnsafeRegister(
            (_, token) =>
            {
                if (MayBeCancelledHere())
                {
                    place.List?.Remove(place);
                    call.Cancel(token);
                }
            },
            null);
        return call.Task;
    }

    public override void SetCustomStatus<T>(T status)
    {
        EnsureInTurn();
        var json = DurableJson.Write(status, catalog.Json);
        var size = System.Text.Encoding.UTF8.GetCharCount(json) * sizeof(char);
        if (size > CustomStatusBytes)
        {
            throw new ArgumentException($"The custom status is {size} bytes as UTF-16 JSON, over the {CustomStatusBytes} that Durable Functions keeps. Publish a summary, or a content reference.", nameof(status));
        }

        requests.Add(new CustomStatusSet(json));
    }

    public override void ContinueAsNew<TInput>(TInput input, bool preserveUnprocessedEvents = true)
    {
        EnsureInTurn();
        continuation = (DurableJson.Write(input, catalog.Json), preserveUnprocessedEvents);
    }

    private static void EnsureAddressed(EntityId entity, string operation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(operation);
        if (entity == default)
        {
            throw new ArgumentException("The entity's address is empty (default). Make one with its name and key.", nameof(entity));
        }
    }

    private Task<T> Request<T>(CallEvent request, CancellationToken token)
    {
        var call = new OpenCall<T>(catalog.Json);
        Open(request, call, token);
        return call.Task;
    }

    private void Open(CallEvent request, OpenCall call, CancellationToken token)
    {
        requests.Add(request);
        open.Add(request.CallId, call);
        if (token.CanBeCanceled)
        {
            call.Registration = token.UnsafeRegister(
                (_, cancelled) =>
                {
                    if (MayBeCancelledHere() && open.Remove(request.CallId))
                    {
                        requests.Add(new CallCancelled(request.CallId));
                        call.Cancel(cancelled);
                    }
                },
                null);
        }
    }
}

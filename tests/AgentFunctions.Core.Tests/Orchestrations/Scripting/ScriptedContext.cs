using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentFunctions.Core.Tests.Orchestrations.Scripting;

/// <summary>The context of one run in a <see cref="ScriptedWorld"/>.</summary>
internal sealed class ScriptedContext(ScriptedWorld world, string name, string instanceId, string? parent) : OrchestrationContext
{
    private readonly Dictionary<string, Queue<byte[]>> early = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string Name, ScriptedStep Step, Action<byte[]> End)> waiting = [];
    private int guids;
    private int children;

    public HashSet<ScriptedStep> Open { get; } = [];

    public bool IsTerminated { get; private set; }

    public override string Name => name;

    public override string InstanceId => instanceId;

    public override string? ParentInstanceId => parent;

    public override DateTimeOffset UtcNow => world.Now;

    public override bool IsReplaying => false;

    public override Guid NewGuid()
    {
        CheckThread();
        return new(Convert.FromHexString(ContentRef.Of(System.Text.Encoding.UTF8.GetBytes($"{instanceId}/{guids++}")).Sha256[..32]));
    }

    public override Task<TOutput> CallActivityAsync<TInput, TOutput>(ActivityReference<TInput, TOutput> activity, TInput input, CallOptions? options = null)
    {
        CheckThread();
        var token = options?.Cancellation ?? CancellationToken.None;
        if (token.IsCancellationRequested) return Task.FromCanceled<TOutput>(token);
        var bytes = DurableJson.Write(input, world.Json);
        var (step, task, end) = Begin<TOutput>("activity", activity.Name, options?.Label, bytes, token);
        var (delay, output, error) = world.Play(activity.Name, bytes, options?.Label);
        if (delay is { } time) world.At(time, () => end(output, error));
        return task;
    }

    public override Task<TOutput> CallSubOrchestratorAsync<TInput, TOutput>(OrchestratorReference<TInput, TOutput> orchestrator, TInput input, string? instanceId = null, CallOptions? options = null)
    {
        CheckThread();
        var token = options?.Cancellation ?? CancellationToken.None;
        if (token.IsCancellationRequested) return Task.FromCanceled<TOutput>(token);
        var bytes = DurableJson.Write(input, world.Json);
        var (step, task, end) = Begin<TOutput>("sub", orchestrator.Name, options?.Label, bytes, token);
        var child = new ScriptedContext(world, orchestrator.Name, instanceId ?? $"{InstanceId}:{children++}", InstanceId);
        step.OnCancel = child.Terminate;
        world.StartSub(child, orchestrator.Name, bytes, (output, error) => end(output, error));
        return task;
    }

    public override Task CreateTimerAsync(TimeSpan delay, CancellationToken cancellationToken = default)
    {
        CheckThread();
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled(cancellationToken);
        var (_, task, end) = Begin<bool>("timer", delay.ToString(), null, null, cancellationToken);
        world.At(delay, () => end("true"u8.ToArray(), null));
        return task;
    }

    public override Task<T> WaitForExternalEventAsync<T>(string name, CancellationToken cancellationToken = default)
    {
        CheckThread();
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<T>(cancellationToken);
        if (early.TryGetValue(name, out var kept) && kept.TryDequeue(out var payload)) return Payload<T>(payload);
        var (step, task, end) = Begin<byte[]>("event", name, null, null, cancellationToken);
        waiting.Add((name, step, bytes => end(DurableJson.Write(bytes, JsonSerializerOptions.Default), null)));
        return ReadAsync();

        async Task<T> ReadAsync() => await Payload<T>(await task);
    }

    /// <summary>An external event comes: it ends the oldest wait for it, or is kept.</summary>
    public void Raise(string name, byte[] payload)
    {
        var at = waiting.FindIndex(wait => string.Equals(wait.Name, name, StringComparison.OrdinalIgnoreCase) && !wait.Step.IsOver);
        if (at >= 0)
        {
            var wait = waiting[at];
            waiting.RemoveAt(at);
            wait.End(payload);
            return;
        }

        if (!early.TryGetValue(name, out var kept)) early.Add(name, kept = new());
        kept.Enqueue(payload);
    }

    public override void SetCustomStatus<T>(T status)
    {
        CheckThread();
        var json = System.Text.Encoding.UTF8.GetString(DurableJson.Write(status, world.Json));
        Assert.True(json.Length * 2 <= 16 * 1024, "the custom status is larger than 16 KB");
        if (!world.Statuses.TryGetValue(instanceId, out var statuses)) world.Statuses.Add(instanceId, statuses = []);
        statuses.Add(json);
    }

    public override Task<TOutput> CallEntityAsync<TInput, TOutput>(EntityId entity, EntityOperation<TInput, TOutput> operation, TInput input)
    {
        CheckThread();
        var bytes = DurableJson.Write(input, world.Json);
        var (_, task, end) = Begin<TOutput>("entity", $"{entity}.{operation.Name}", null, bytes, CancellationToken.None);
        world.At(TimeSpan.FromMilliseconds(1), () =>
        {
            var (output, error) = world.Apply(entity, operation.Name, bytes);
            end(output, error);
        });
        return task;
    }

    public override void SignalEntity<TInput, TOutput>(EntityId entity, EntityOperation<TInput, TOutput> operation, TInput input)
    {
        CheckThread();
        Assert.Null(world.Apply(entity, operation.Name, DurableJson.Write(input, world.Json)).Error);
    }

    public override void ContinueAsNew<TInput>(TInput input, bool preserveUnprocessedEvents = true) => throw new NotSupportedException("The patterns under test do not continue as new.");

    public override ILogger CreateReplaySafeLogger(string category) => NullLogger.Instance;

    /// <summary>Ends it and what it runs, as the end of its parent's wait does.</summary>
    public void Terminate()
    {
        IsTerminated = true;
        foreach (var step in Open.ToList()) step.TryEnd(cancelled: true);
    }

    private (ScriptedStep Step, Task<T> Task, Action<byte[]?, FailureDetails?> End) Begin<T>(string kind, string stepName, string? label, byte[]? input, CancellationToken token)
    {
        // A terminated run's code is never called again; here it may be, inline, and must not be heard.
        Assert.False(IsTerminated, $"{instanceId} was terminated and asks for {kind} {stepName}");
        var source = new TaskCompletionSource<T>();
        var step = world.Begin(this, kind, stepName, label, input);
        step.Registration = token.Register(() =>
        {
            if (step.TryEnd(cancelled: true)) source.TrySetCanceled(token);
        });
        return (step, source.Task, End);

        void End(byte[]? output, FailureDetails? error)
        {
            if (!step.TryEnd(cancelled: false)) return;
            world.Bytes[instanceId] += output?.Length ?? 0;
            if (error is not null) source.TrySetException(new TaskFailedException(error));
            else source.TrySetResult(typeof(T) == typeof(byte[]) ? (T)(object)JsonSerializer.Deserialize<byte[]>(output)! : DurableJson.Read<T>(output, world.Json));
        }
    }

    private Task<T> Payload<T>(byte[] payload)
    {
        try
        {
            return Task.FromResult(DurableJson.Read<T>(payload, world.Json));
        }
        catch (JsonException error)
        {
            return Task.FromException<T>(error);
        }
    }

    private void CheckThread()
    {
        if (SynchronizationContext.Current != world) throw new InvalidOperationException("Called off the orchestrator's thread.");
    }
}

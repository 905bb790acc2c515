using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;
using AgentFunctions.Local.Engine.State;

namespace AgentFunctions.Local.Engine.Messages;

/// <summary>Something that the engine is told. Messages are handled one at a time.</summary>
internal abstract record EngineMessage;

/// <summary>A message that somebody waits for an answer to.</summary>
internal abstract record EngineRequest : EngineMessage
{
    public abstract void Abandon(Exception reason);
}

/// <inheritdoc cref="EngineRequest"/>
internal abstract record EngineRequest<T> : EngineRequest
{
    public TaskCompletionSource<T> Source { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void Abandon(Exception reason) => Source.TrySetException(reason);
}

internal sealed record StartRun(string Orchestrator, string InstanceId, ReadOnlyMemory<byte> Input, RunPriority Priority, BudgetLimit? Budget = null) : EngineRequest<StartedRun>;

internal sealed record RaiseEvent(string InstanceId, string Name, ReadOnlyMemory<byte> Payload) : EngineRequest<bool>;

internal sealed record SuspendRun(string InstanceId, string? Reason) : EngineRequest<bool>;

internal sealed record ResumeRun(string InstanceId, string? Reason) : EngineRequest<bool>;

internal sealed record TerminateRun(string InstanceId, string? Reason) : EngineRequest<bool>;

internal sealed record RestartRun(string InstanceId, string NewInstanceId) : EngineRequest<string>;

internal sealed record PurgeRun(string InstanceId) : EngineRequest<int>;

internal sealed record SignalEntity(EntityId Entity, string Operation, ReadOnlyMemory<byte> Input) : EngineRequest<bool>;

internal sealed record ReadRun(string InstanceId) : EngineRequest<RunSnapshot?>;

internal sealed record ListRuns(RunQuery Query) : EngineRequest<(IReadOnlyList<RunSnapshot> Runs, long? Next)>;

internal sealed record ReadEntity(EntityId Entity) : EngineRequest<ReadOnlyMemory<byte>?>;

internal sealed record ObserveRun(string InstanceId, IRunObserver Observer) : EngineRequest<RunSnapshot?>;

internal sealed record StopObserving(string InstanceId, IRunObserver Observer) : EngineMessage;

/// <summary>An activity has ended.</summary>
/// <param name="Handle">Its run.</param>
/// <param name="CallId">Its call.</param>
/// <param name="Output">Its output, where it ended well.</param>
/// <param name="Failure">How it failed, where it did.</param>
/// <param name="StartedAt">When it began to run.</param>
internal sealed record ActivityEnded(long Handle, int CallId, ReadOnlyMemory<byte> Output, FailureDetails? Failure, DateTimeOffset StartedAt) : EngineMessage;

/// <summary>A sub-orchestration is to start.</summary>
internal sealed record StartSubOrchestration(long ParentHandle, int CallId, string Name, string InstanceId, ReadOnlyMemory<byte> Input) : EngineMessage;

/// <summary>A call of an entity is to be applied.</summary>
internal sealed record ApplyEntityCall(long Handle, int CallId, EntityId Entity, string Operation, ReadOnlyMemory<byte> Input) : EngineMessage;

/// <summary>The next execution of a run that continued as new is to start.</summary>
internal sealed record ContinueExecution(long Handle, ReadOnlyMemory<byte> Input, IReadOnlyList<History.EventRaised> CarriedEvents) : EngineMessage;

/// <summary>A parent has given up on its sub-orchestration, or has been terminated.</summary>
internal sealed record TerminateSubOrchestration(string InstanceId, long ParentHandle, string Reason) : EngineMessage;

/// <summary>An orchestrator awaited something that did not come from its context.</summary>
internal sealed record ForeignTaskAwaited(long Handle) : EngineMessage;

/// <summary>Follows a run. Called after each commit that touched it, in order, on the engine's threads: return at once.</summary>
internal interface IRunObserver
{
    /// <summary>The run has changed.</summary>
    /// <param name="snapshot">The run now. A final one is the last: a run is purged only after its end.</param>
    void OnChanged(RunSnapshot snapshot);

    /// <summary>The engine has stopped.</summary>
    void OnStopped(Exception reason);
}

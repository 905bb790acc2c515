using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Local.Engine.History;

/// <summary>Something that happened to a run, or that its orchestrator asked for. A history is a list of turns; a turn is one input and what it led to.</summary>
internal abstract record HistoryEvent;

/// <summary>Something from outside that makes an orchestrator go on.</summary>
internal abstract record InputEvent : HistoryEvent;

/// <summary>Something that an orchestrator asked for. On replay it must ask for the same again.</summary>
internal abstract record RequestEvent : HistoryEvent
{
    /// <summary>What must be equal on replay, in words.</summary>
    public abstract string Describe();
}

/// <summary>A request that has an outcome, by its number within the run.</summary>
internal abstract record CallEvent(int CallId) : RequestEvent;

/// <summary>The run, or its next execution, begins.</summary>
internal sealed record ExecutionStarted : InputEvent
{
    public required string InstanceId { get; init; }
    public required string Name { get; init; }
    public required ReadOnlyMemory<byte> Input { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public RunPriority Priority { get; init; }
    public BudgetLimit? Budget { get; init; }
    public string? ParentInstanceId { get; init; }

    /// <summary>The parent's handle, 0 for none: the parent's instance ID may be given to another run later.</summary>
    public long ParentHandle { get; init; }
    public int ParentCallId { get; init; }

    /// <summary>The first call number: continued executions go on counting, so a late outcome of the last execution fits nothing.</summary>
    public int FirstCallId { get; init; }

    /// <summary>How many events earlier executions of this run had, so that update sequences keep growing.</summary>
    public long FirstSequence { get; init; }

    /// <summary>Events that the last execution received and nothing waited for.</summary>
    public IReadOnlyList<EventRaised> CarriedEvents { get; init; } = [];
}

/// <summary>An external event came.</summary>
internal sealed record EventRaised(string Name, ReadOnlyMemory<byte> Payload) : InputEvent;

/// <summary>A call has an answer.</summary>
internal sealed record CallCompleted(int CallId, ReadOnlyMemory<byte> Output, DateTimeOffset StartedAt) : InputEvent;

/// <summary>A call failed.</summary>
internal sealed record CallFailed(int CallId, FailureDetails Failure, DateTimeOffset StartedAt) : InputEvent;

/// <summary>A timer is due.</summary>
internal sealed record TimerFired(int CallId) : InputEvent;

/// <summary>A client paused the run.</summary>
internal sealed record ExecutionSuspended(string? Reason) : InputEvent;

/// <summary>A client let the run go on.</summary>
internal sealed record ExecutionResumed(string? Reason) : InputEvent;

/// <summary>A client, or the parent, ended the run.</summary>
internal sealed record ExecutionTerminated(string? Reason) : InputEvent;

/// <summary>The engine ended the run, because its code broke a rule of replay.</summary>
internal sealed record ExecutionAborted(FailureDetails Failure) : InputEvent;

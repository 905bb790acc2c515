using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;
using AgentFunctions.Local.Engine.Execution;
using AgentFunctions.Local.Engine.History;
using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Engine.State;

/// <summary>
/// What the engine remembers of a run whether or not its orchestrator is in memory: where its history is, how it stands, what it waits for.
/// No payload is kept here, so a run's memory does not grow with the bytes it has handled.
/// </summary>
internal sealed class Instance(long handle)
{
    private static readonly Dictionary<int, PendingCall> None = [];
    private PositionList positions;

    public long Handle { get; } = handle;
    public string Id { get; private set; } = "";
    public string Name { get; private set; } = "";
    public RuntimeStatus Status { get; private set; } = RuntimeStatus.Pending;
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset UpdatedAt { get; private set; }
    public RunPriority Priority { get; private set; }
    public BudgetLimit? Budget { get; private set; }
    public string? ParentId { get; private set; }
    public long ParentHandle { get; private set; }
    public int ParentCallId { get; private set; }
    public int NextCallId { get; private set; }
    public FailureDetails? Failure { get; private set; }

    /// <summary>How many events all executions of this run have had.</summary>
    public long Sequence { get; private set; }

    /// <summary>The record with the last custom status; default where there is none.</summary>
    public JournalPosition? CustomStatusAt { get; private set; }

    /// <summary>True between a continue-as-new and the start of the next execution.</summary>
    public bool AwaitsContinuation { get; private set; }

    /// <summary>Calls without an outcome, by number.</summary>
    public Dictionary<int, PendingCall> Pending { get; private set; } = None;

    /// <summary>How many of them are not timers: a run that has none of these is idle.</summary>
    public int PendingWork { get; private set; }

    /// <summary>How many of them are timers.</summary>
    public int PendingTimers => Pending.Count - PendingWork;

    /// <summary>Journal bytes of this run's current execution.</summary>
    public long Bytes { get; private set; }

    /// <summary>Handles of the sub-orchestrations that this run has started and that have not been purged.</summary>
    public HashSet<long>? Children { get; set; }

    /// <summary>Its calls of entities that have not been applied, in order.</summary>
    public List<WaitingEntityCall>? EntityCalls { get; set; }

    /// <summary>Whether the engine ended it, because its code broke a rule of replay.</summary>
    public bool Aborted { get; private set; }

    /// <summary>How many events earlier executions of this run have had: what tells its executions apart.</summary>
    public long FirstSequence { get; private set; }

    /// <summary>The orchestrator, where it is in memory.</summary>
    public OrchestratorExecution? Execution { get; set; }

    /// <summary>The place among the idle ones, where it is idle and in memory.</summary>
    public LinkedListNode<Instance>? IdleNode { get; set; }

    /// <summary>Those who wait for the run's end or follow it; released after each commit.</summary>
    public List<Messages.IRunObserver>? Observers { get; set; }

    public ref PositionList Positions => ref positions;

    /// <summary>Keeps book of a turn's input: the same when it happens and when it is read back.</summary>
    public void Apply(DateTimeOffset at, InputEvent input)
    {
        UpdatedAt = at;
        Sequence++;
        switch (input)
        {
            case ExecutionStarted e: Start(e); break;
            case CallCompleted e: Remove(e.CallId); break;
            case CallFailed e: Remove(e.CallId); break;
            case TimerFired e: Remove(e.CallId); break;
            case ExecutionSuspended: Status = RuntimeStatus.Suspended; break;
            case ExecutionResumed: Status = RuntimeStatus.Running; break;
            case ExecutionTerminated: End(RuntimeStatus.Terminated); break;
            case ExecutionAborted e: Aborted = true; Failure = e.Failure; End(RuntimeStatus.Failed); break;
        }
    }

    /// <summary>Keeps book of what a turn asked for.</summary>
    public void Apply(IReadOnlyList<RequestEvent> requests)
    {
        Sequence += requests.Count;
        for (var i = 0; i < requests.Count; i++)
        {
            Apply(requests[i]);
        }
    }

    /// <summary>Notes the record in which the turns just applied are.</summary>
    public void Committed(JournalPosition position, int bytes, bool hasCustomStatus)
    {
        positions.Add(position);
        Bytes += bytes;
        if (hasCustomStatus)
        {
            CustomStatusAt = position;
        }
    }

    /// <summary>Follows the records to where compaction has moved them.</summary>
    public void Relocate(Func<JournalPosition, JournalPosition> map)
    {
        positions.Map(map);
        CustomStatusAt = CustomStatusAt is { } at ? map(at) : null;
    }

    private void Apply(RequestEvent request)
    {
        switch (request)
        {
            case ActivityScheduled e: Add(e.CallId, new(PendingKind.Activity)); break;
            case EntityCalled e: Add(e.CallId, new(PendingKind.Entity)); break;
            case TimerCreated e: Add(e.CallId, new(PendingKind.Timer, e.FireAt.UtcTicks)); break;
            case SubOrchestrationScheduled e: Add(e.CallId, new(PendingKind.SubOrchestration, SubInstanceId: e.InstanceId)); break;
            case CallCancelled e: Remove(e.CallId); break;
            case ExecutionCompleted: End(RuntimeStatus.Completed); break;
            case ExecutionFailed e: Failure = e.Failure; End(RuntimeStatus.Failed); break;
            case ContinuedAsNew: AwaitsContinuation = true; ClearPending(); break;
        }
    }

    private void Start(ExecutionStarted e)
    {
        Id = e.InstanceId;
        Name = e.Name;
        CreatedAt = e.CreatedAt;
        Priority = e.Priority;
        Budget = e.Budget;
        ParentId = e.ParentInstanceId;
        ParentHandle = e.ParentHandle;
        ParentCallId = e.ParentCallId;
        NextCallId = e.FirstCallId;
        FirstSequence = e.FirstSequence;
        Sequence = e.FirstSequence + 1;
        Status = RuntimeStatus.Running;
        AwaitsContinuation = false;
        ClearPending();
        positions = default;
        Bytes = 0;
    }

    private void Add(int callId, PendingCall call)
    {
        if (ReferenceEquals(Pending, None))
        {
            Pending = [];
        }

        Pending.Add(callId, call);
        NextCallId = callId + 1;
        if (call.Kind != PendingKind.Timer)
        {
            PendingWork++;
        }
    }

    private void Remove(int callId)
    {
        if (Pending.Remove(callId, out var call) && call.Kind != PendingKind.Timer)
        {
            PendingWork--;
        }

        if (Pending.Count == 0)
        {
            Pending = None;
        }
    }

    private void ClearPending()
    {
        Pending = None;
        PendingWork = 0;
    }

    private void End(RuntimeStatus status)
    {
        Status = status;
        ClearPending();
    }
}

using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.Engine.History;

internal sealed record ActivityScheduled(int CallId, string Name, ReadOnlyMemory<byte> Input, string? Label) : CallEvent(CallId)
{
    public override string Describe() => $"activity '{Name}' (call {CallId})";
}

internal sealed record SubOrchestrationScheduled(int CallId, string Name, string InstanceId, ReadOnlyMemory<byte> Input, string? Label) : CallEvent(CallId)
{
    public override string Describe() => $"sub-orchestration '{Name}' with instance ID '{InstanceId}' (call {CallId})";
}

internal sealed record TimerCreated(int CallId, DateTimeOffset FireAt) : CallEvent(CallId)
{
    public override string Describe() => $"timer (call {CallId})";
}

internal sealed record EntityCalled(int CallId, EntityId Entity, string Operation, ReadOnlyMemory<byte> Input) : CallEvent(CallId)
{
    public override string Describe() => $"call of '{Operation}' on entity {Entity} (call {CallId})";
}

internal sealed record CallCancelled(int CallId) : RequestEvent
{
    public override string Describe() => $"cancellation of call {CallId}";
}

internal sealed record EntitySignalled(EntityId Entity, string Operation, ReadOnlyMemory<byte> Input) : RequestEvent
{
    public override string Describe() => $"signal '{Operation}' to entity {Entity}";
}

internal sealed record CustomStatusSet(ReadOnlyMemory<byte> Status) : RequestEvent
{
    public override string Describe() => "custom status";
}

internal sealed record ExecutionCompleted(ReadOnlyMemory<byte> Output) : RequestEvent
{
    public override string Describe() => "completion of the run";
}

internal sealed record ExecutionFailed(FailureDetails Failure) : RequestEvent
{
    public override string Describe() => "failure of the run";
}

/// <summary>The execution ends and the next one begins; <see cref="CarriedEvents"/> came and nothing waited for them.</summary>
internal sealed record ContinuedAsNew(ReadOnlyMemory<byte> Input, IReadOnlyList<EventRaised> CarriedEvents) : RequestEvent
{
    public override string Describe() => "continue-as-new";
}

namespace AgentFunctions.Local.Engine.State;

/// <summary>What a call that has no outcome yet is.</summary>
internal enum PendingKind : byte
{
    Activity,
    SubOrchestration,
    Timer,
    Entity,
}

/// <summary>A call that has no outcome yet.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="FireAt">A timer's time, in UTC ticks.</param>
/// <param name="SubInstanceId">A sub-orchestration's instance ID.</param>
internal readonly record struct PendingCall(PendingKind Kind, long FireAt = 0, string? SubInstanceId = null);

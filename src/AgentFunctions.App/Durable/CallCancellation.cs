using AgentFunctions.Core.Durable;

namespace AgentFunctions.App.Durable;

/// <summary>Calls of a run that nobody waits for any more. An empty list means all of them: the run was terminated.</summary>
/// <param name="InstanceId">The run.</param>
/// <param name="CallIds">The calls.</param>
internal sealed record CallCancellation(string InstanceId, IReadOnlyList<int> CallIds)
{
    /// <summary>The activity that makes it known to all workers.</summary>
    public static ActivityReference<CallCancellation, bool> Activity { get; } = new("CancelCalls");
}

/// <summary>Where cancellations are made known to the workers that run the activities: a table in Azure, memory in tests.</summary>
internal interface ICancellationBoard
{
    /// <summary>Makes a cancellation known. Saying it twice says it once.</summary>
    Task PostAsync(CallCancellation cancellation, CancellationToken cancellationToken);

    /// <summary>The cancelled calls of a run; <see cref="CancelledCalls.All"/> when the run was terminated.</summary>
    Task<CancelledCalls> ReadAsync(string instanceId, CancellationToken cancellationToken);
}

/// <summary>What of a run is cancelled.</summary>
/// <param name="All">All of it.</param>
/// <param name="CallIds">These calls.</param>
internal sealed record CancelledCalls(bool All, IReadOnlySet<int> CallIds)
{
    /// <summary>Whether this call is cancelled.</summary>
    public bool Contains(int callId) => All || CallIds.Contains(callId);
}

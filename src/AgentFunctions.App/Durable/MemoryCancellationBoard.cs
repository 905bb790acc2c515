using System.Collections.Concurrent;

namespace AgentFunctions.App.Durable;

/// <summary>Cancellations known to this process only: for one worker, and for tests.</summary>
internal sealed class MemoryCancellationBoard : ICancellationBoard
{
    private readonly ConcurrentDictionary<string, CancelledCalls> cancelled = new(StringComparer.Ordinal);

    public Task PostAsync(CallCancellation cancellation, CancellationToken cancellationToken)
    {
        cancelled.AddOrUpdate(
            cancellation.InstanceId,
            _ => new CancelledCalls(cancellation.CallIds.Count == 0, cancellation.CallIds.ToHashSet()),
            (_, known) => new CancelledCalls(known.All || cancellation.CallIds.Count == 0, known.CallIds.Concat(cancellation.CallIds).ToHashSet()));
        return Task.CompletedTask;
    }

    public Task<CancelledCalls> ReadAsync(string instanceId, CancellationToken cancellationToken) =>
        Task.FromResult(cancelled.TryGetValue(instanceId, out var found) ? found : new CancelledCalls(false, new HashSet<int>()));
}

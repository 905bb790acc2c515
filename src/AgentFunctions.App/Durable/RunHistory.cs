using AgentFunctions.Core.Durable;
using DurableTask.Core.History;
using Grpc.Core;
using Microsoft.DurableTask.Client;

namespace AgentFunctions.App.Durable;

/// <summary>Reads histories: over gRPC where the backend answers that, for it leaves nothing out; else from the Functions host.</summary>
internal sealed class RunHistory(IHostHistory host)
{
    private volatile bool hostOnly;

    /// <summary>The history of a run's last execution; empty where it has none yet.</summary>
    /// <exception cref="HistoryUnavailableException">Neither gives it.</exception>
    public async Task<IList<HistoryEvent>> ReadAsync(DurableTaskClient client, string instanceId, CancellationToken cancellationToken)
    {
        if (!hostOnly)
        {
            try
            {
                return await client.GetOrchestrationHistoryAsync(instanceId, cancellationToken);
            }
            catch (Exception e) when (e is NotSupportedException or NotImplementedException or RpcException { StatusCode: StatusCode.Unimplemented })
            {
                // A backend does not learn it while it runs, and streams read often: it is asked once.
                hostOnly = true;
            }
        }

        return await host.ReadAsync(client, instanceId, cancellationToken);
    }

    /// <summary>The same, and null where neither gives it now: for those who can do without.</summary>
    public async Task<IList<HistoryEvent>?> TryReadAsync(DurableTaskClient client, string instanceId, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(client, instanceId, cancellationToken);
        }
        catch (HistoryUnavailableException)
        {
            // Whoever refused has logged it.
            return null;
        }
    }
}

using AgentFunctions.Core.Durable;
using DurableTask.Core.History;
using Microsoft.DurableTask.Client;

namespace AgentFunctions.App.Durable;

/// <summary>Where a run's history is read that the worker's own client can't give: the Functions host in the app, a scripted one in tests.</summary>
internal interface IHostHistory
{
    /// <summary>The history of a run's last execution; empty where it has none yet.</summary>
    /// <exception cref="HistoryUnavailableException">The host gives none, or not now.</exception>
    Task<IList<HistoryEvent>> ReadAsync(DurableTaskClient client, string instanceId, CancellationToken cancellationToken);
}

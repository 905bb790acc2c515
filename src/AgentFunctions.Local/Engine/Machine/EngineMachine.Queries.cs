using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine.Effects;
using AgentFunctions.Local.Engine.Messages;
using AgentFunctions.Local.Engine.State;

namespace AgentFunctions.Local.Engine.Machine;

/// <summary>What clients ask without changing anything.</summary>
internal sealed partial class EngineMachine
{
    private readonly HashSet<Instance> changedObserved = [];

    private void List(ListRuns message)
    {
        var query = message.Query;
        var found = new List<RunSnapshot>();
        // A token that no page gave must not make the engine count down from a number of any size.
        var handle = query.ContinuationToken is { } token ? Math.Min(long.Parse(token, System.Globalization.CultureInfo.InvariantCulture), lastHandle) : lastHandle;
        for (; handle > 0 && found.Count < query.PageSize; handle--)
        {
            if (byHandle.TryGetValue(handle, out var instance) && Matches(query, instance))
            {
                found.Add(Snapshot(instance));
            }
        }

        Answer(message, (found, handle > 0 ? handle : null));
    }

    private static bool Matches(RunQuery query, Instance run) =>
        (query.Statuses.Count == 0 || query.Statuses.Contains(run.Status))
        && (query.Name is null || string.Equals(query.Name, run.Name, StringComparison.OrdinalIgnoreCase))
        && (query.InstanceIdPrefix is null || run.Id.StartsWith(query.InstanceIdPrefix, StringComparison.Ordinal))
        && (query.CreatedFrom is null || run.CreatedAt >= query.CreatedFrom)
        && (query.CreatedTo is null || run.CreatedAt < query.CreatedTo);

    private void Observe(ObserveRun message)
    {
        if (!byId.TryGetValue(message.InstanceId, out var instance))
        {
            Answer(message, null);
            return;
        }

        (instance.Observers ??= []).Add(message.Observer);
        Answer(message, Snapshot(instance));
    }

    private void StopObserving(StopObserving message)
    {
        if (byId.TryGetValue(message.InstanceId, out var instance) && instance.Observers is { } observers)
        {
            observers.Remove(message.Observer);
            instance.Observers = observers.Count == 0 ? null : observers;
        }
    }

    /// <summary>Tells those who follow a run that it changed: once for all its changes since effects were last taken.</summary>
    private void NotifyObservers()
    {
        foreach (var instance in changedObserved)
        {
            foreach (var observer in instance.Observers ?? [])
            {
                effects.Add(new Notification(observer, Snapshot(instance)));
            }
        }

        changedObserved.Clear();
    }
}

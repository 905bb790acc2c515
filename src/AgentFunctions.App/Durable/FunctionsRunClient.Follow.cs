using System.Runtime.CompilerServices;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using Microsoft.DurableTask.Client;

namespace AgentFunctions.App.Durable;

/// <summary>Waiting for a run, and following it. Durable Functions tells nobody of a change, so a follower asks: at first often, then every two seconds.</summary>
internal sealed partial class FunctionsRunClient
{
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(2);

    public async Task<RunState> WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        await FoundAsync(instanceId, cancellationToken);
        var ended = await inner.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: true, cancellationToken);
        return RunStates.Of(ended, payloads: true, catalog.Json);
    }

    public async Task<IReadOnlyList<HistoryStep>?> GetHistoryAsync(string instanceId, CancellationToken cancellationToken = default) =>
        await inner.GetInstanceAsync(instanceId, getInputsAndOutputs: false, cancellationToken) is null
            ? null
            : new HistoryMapping(catalog.Json).Map(await inner.GetOrchestrationHistoryAsync(instanceId, cancellationToken));

    public async IAsyncEnumerable<RunUpdate> WatchAsync(string instanceId, long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var delay = FirstPoll;
        var seen = afterSequence;
        while (true)
        {
            var run = await inner.GetInstanceAsync(instanceId, getInputsAndOutputs: true, cancellationToken) ?? throw new RunNotFoundException(instanceId);
            var updates = Updates(run, await inner.GetOrchestrationHistoryAsync(instanceId, cancellationToken));
            foreach (var update in updates.Where(u => u.Sequence > seen))
            {
                yield return update;
                (seen, delay) = (update.Sequence, FirstPoll);
            }

            if (RunStates.Of(run.RuntimeStatus).IsFinal())
            {
                yield break;
            }

            await Task.Delay(delay, time, cancellationToken);
            delay = delay * 2 < LongestPoll ? delay * 2 : LongestPoll;
        }
    }

    private List<RunUpdate> Updates(OrchestrationMetadata run, IList<DurableTask.Core.History.HistoryEvent> history)
    {
        var state = RunStates.Of(run, payloads: true, catalog.Json);
        var updates = new List<RunUpdate>();
        foreach (var (sequence, kind, step) in new HistoryMapping(catalog.Json).Updates(history))
        {
            updates.Add(new RunUpdate(sequence, kind, step is null ? DurableJson.ToElement(state, catalog.Json) : DurableJson.ToElement(step, catalog.Json)));
        }

        return updates;
    }
}

using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using DurableTask.Core.History;
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

    public async Task<IReadOnlyList<HistoryStep>?> GetHistoryAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        if (await inner.GetInstanceAsync(instanceId, getInputsAndOutputs: false, cancellationToken) is null)
        {
            return null;
        }

        return new HistoryMapping(catalog.Json).Map(await histories.ReadAsync(inner, instanceId, cancellationToken));
    }

    public async IAsyncEnumerable<RunUpdate> WatchAsync(string instanceId, long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (delay, seen, status, first) = (FirstPoll, afterSequence, default(string), true);
        var told = new Dictionary<object, int>();
        while (true)
        {
            await FoundAsync(instanceId, cancellationToken);

            // History before state: then a state that has ended has its whole history before it.
            var history = await histories.TryReadAsync(inner, instanceId, cancellationToken) ?? [];
            var run = await FoundAsync(instanceId, cancellationToken, payloads: true);
            var ended = RunStates.Of(run.RuntimeStatus).IsFinal();
            if (ended)
            {
                history = await histories.TryReadAsync(inner, instanceId, cancellationToken) ?? [];
            }

            foreach (var update in New(Updates(run, history, ended, status), told, first ? afterSequence : 0))
            {
                // What was recorded late may bear an earlier time than what has been told.
                seen = Math.Max(seen + 1, update.Sequence);
                yield return update with { Sequence = seen };
                delay = FirstPoll;
            }

            (status, first) = (run.SerializedCustomStatus, false);
            if (ended)
            {
                yield break;
            }

            await Task.Delay(delay, time, cancellationToken);
            delay = delay * 2 < LongestPoll ? delay * 2 : LongestPoll;
        }
    }

    /// <summary>
    /// What has not been told. By what it is and not by its number: a history that the Functions host tells is put back in order with every read,
    /// and what is new may then be in the middle.
    /// </summary>
    private static List<RunUpdate> New(List<(RunUpdate Update, object What)> updates, Dictionary<object, int> told, long after)
    {
        var (fresh, met) = (new List<RunUpdate>(), new Dictionary<object, int>());
        foreach (var (update, what) in updates)
        {
            var times = met[what] = met.GetValueOrDefault(what) + 1;
            if (times <= told.GetValueOrDefault(what))
            {
                continue;
            }

            told[what] = times;
            if (update.Sequence > after)
            {
                fresh.Add(update);
            }
        }

        return fresh;
    }

    /// <summary>
    /// All updates so far. Of custom statuses only the last is kept, so it comes after all that has happened, or before the end; a status that was
    /// replaced between two looks is never seen.
    /// </summary>
    private List<(RunUpdate Update, object What)> Updates(OrchestrationMetadata run, IList<HistoryEvent> history, bool ended, string? knownStatus)
    {
        var state = RunStates.Of(run, payloads: true, catalog.Json);
        var data = DurableJson.ToElement(state, catalog.Json);
        var mapping = new HistoryMapping(catalog.Json);
        var told = mapping.Updates(history);
        var updates = told.Where(u => u.Kind is not "ended")
            .Select(u => u.Step is null
                ? Told(new RunUpdate(u.Sequence, u.Kind, data))
                : (new RunUpdate(u.Sequence, u.Kind, DurableJson.ToElement(u.Step, catalog.Json)) { Output = OutputOf(u.Sequence) }, u.Step with { Id = 0, CausedBy = null })).ToList();
        var end = told.Where(u => u.Kind is "ended").Select(u => u.Sequence).LastOrDefault();
        end = end > 0 ? end : HistoryMapping.SequenceAt(run.LastUpdatedAt, mapping.LastSequence);
        var now = history.Count > 0 ? mapping.LastSequence + 1 : HistoryMapping.SequenceAt(run.LastUpdatedAt, 0) + 1;
        if (state.CustomStatus is { } status && !string.Equals(run.SerializedCustomStatus, knownStatus, StringComparison.Ordinal))
        {
            updates.Add((new RunUpdate(ended ? end - 1 : now, "status", status), status.GetRawText()));
        }

        if (ended)
        {
            updates.Add(Told(new RunUpdate(end, "ended", data)));
        }

        return updates;

        ReadOnlyMemory<byte>? OutputOf(long sequence) => mapping.Outputs.GetValueOrDefault(sequence) is { } output ? Encoding.UTF8.GetBytes(output) : null;
    }

    private static (RunUpdate Update, object What) Told(RunUpdate update) => (update, (update.Kind, update.Sequence));
}

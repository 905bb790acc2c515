using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using DurableTask.Core.History;
using Grpc.Core;
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

        var history = await HistoryAsync(instanceId, cancellationToken)
            ?? throw new NotSupportedException($"The history of the run '{instanceId}' can't be read: this host gives workers none.");
        return new HistoryMapping(catalog.Json).Map(history);
    }

    public async IAsyncEnumerable<RunUpdate> WatchAsync(string instanceId, long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (delay, seen, status) = (FirstPoll, afterSequence, default(string));
        while (true)
        {
            await FoundAsync(instanceId, cancellationToken);

            // History before state: then a state that has ended has its whole history before it.
            var history = await HistoryAsync(instanceId, cancellationToken) ?? [];
            var run = await FoundAsync(instanceId, cancellationToken, payloads: true);
            var ended = RunStates.Of(run.RuntimeStatus).IsFinal();
            if (ended)
            {
                history = await HistoryAsync(instanceId, cancellationToken) ?? [];
            }

            foreach (var update in Updates(run, history, ended, status).Where(u => u.Sequence > seen))
            {
                yield return update;
                (seen, delay) = (update.Sequence, FirstPoll);
            }

            status = run.SerializedCustomStatus;
            if (ended)
            {
                yield break;
            }

            await Task.Delay(delay, time, cancellationToken);
            delay = delay * 2 < LongestPoll ? delay * 2 : LongestPoll;
        }
    }

    /// <summary>
    /// All updates so far. Of custom statuses only the last is kept, so it comes after all that has happened, or before the end; a status that was
    /// replaced between two looks is never seen.
    /// </summary>
    private List<RunUpdate> Updates(OrchestrationMetadata run, IList<HistoryEvent> history, bool ended, string? knownStatus)
    {
        var state = RunStates.Of(run, payloads: true, catalog.Json);
        var data = DurableJson.ToElement(state, catalog.Json);
        var mapping = new HistoryMapping(catalog.Json);
        var told = mapping.Updates(history);
        var updates = told.Where(u => u.Kind is not "ended")
            .Select(u => new RunUpdate(u.Sequence, u.Kind, u.Step is null ? data : DurableJson.ToElement(u.Step, catalog.Json))
            {
                Output = mapping.Outputs.GetValueOrDefault(u.Sequence) is { } output ? Encoding.UTF8.GetBytes(output) : null,
            }).ToList();
        var end = told.Where(u => u.Kind is "ended").Select(u => u.Sequence).LastOrDefault();
        end = end > 0 ? end : HistoryMapping.SequenceAt(run.LastUpdatedAt, mapping.LastSequence);
        var now = history.Count > 0 ? mapping.LastSequence + 1 : HistoryMapping.SequenceAt(run.LastUpdatedAt, 0) + 1;
        if (state.CustomStatus is { } status && !string.Equals(run.SerializedCustomStatus, knownStatus, StringComparison.Ordinal))
        {
            updates.Add(new RunUpdate(ended ? end - 1 : now, "status", status));
        }

        if (ended)
        {
            updates.Add(new RunUpdate(end, "ended", data));
        }

        return updates;
    }

    /// <summary>The run's history, or null where the host gives workers none.</summary>
    private async Task<IList<HistoryEvent>?> HistoryAsync(string instanceId, CancellationToken cancellationToken)
    {
        try
        {
            return await inner.GetOrchestrationHistoryAsync(instanceId, cancellationToken);
        }
        catch (NotSupportedException)
        {
            return null;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unimplemented)
        {
            return null;
        }
    }
}

using System.Runtime.CompilerServices;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Local.Engine.History;
using AgentFunctions.Local.Engine.Messages;
using AgentFunctions.Local.Engine.State;

namespace AgentFunctions.Local.Engine.Client;

/// <summary>Waiting for a run, and following it.</summary>
internal sealed partial class LocalRunClient
{
    public async Task<RunState> WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        await foreach (var run in FollowAsync(instanceId, cancellationToken))
        {
            if (run.Status.IsFinal())
            {
                return StateOf(run, payloads: true);
            }
        }

        throw new RunNotFoundException(instanceId);
    }

    public async Task<IReadOnlyList<HistoryStep>?> GetHistoryAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        if (await engine.AskAsync(new ReadRun(instanceId), cancellationToken) is not { } run)
        {
            return null;
        }

        var projection = new HistoryProjection(catalog.Json);
        foreach (var turn in run.Turns())
        {
            projection.Add(turn);
        }

        projection.MarkRunning(callId => engine.StartedAt(run.Handle, callId));
        return projection.Steps;
    }

    public async IAsyncEnumerable<RunUpdate> WatchAsync(string instanceId, long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var projection = new HistoryProjection(catalog.Json);
        var (handle, execution, record) = (0L, 0L, 0);
        await foreach (var run in FollowAsync(instanceId, cancellationToken))
        {
            if (run.Handle != handle || run.FirstSequence != execution)
            {
                // Restarted, or continued as new: another history under the same instance ID.
                (projection, handle, execution, record) = (new HistoryProjection(catalog.Json), run.Handle, run.FirstSequence, 0);
            }

            foreach (var turn in run.Turns(record))
            {
                foreach (var update in projection.Add(turn).Where(u => u.Sequence > afterSequence))
                {
                    yield return Publish(run, update);
                }
            }

            record = run.RecordCount;
            if (run.Status.IsFinal())
            {
                yield break;
            }
        }
    }

    private RunUpdate Publish(RunSnapshot run, ProjectedUpdate update) => new(update.Sequence, update.Kind, update switch
    {
        { Step: { } step } => DurableJson.ToElement(step, catalog.Json),
        { Kind: "status" } => DurableJson.Parse(update.Status),
        _ => DurableJson.ToElement(StateOf(run, payloads: update.Kind == "ended"), catalog.Json),
    })
    {
        Output = update.Output,
    };

    /// <summary>The run now, and again after each change, until it ends.</summary>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="EngineStoppedException">The engine has stopped.</exception>
    private async IAsyncEnumerable<RunSnapshot> FollowAsync(string instanceId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var follower = new RunFollower();
        try
        {
            // Whoever gives up waiting for the answer has been registered all the same.
            var run = await engine.AskAsync(new ObserveRun(instanceId, follower), cancellationToken) ?? throw new RunNotFoundException(instanceId);
            while (true)
            {
                yield return run;
                if (run.Status.IsFinal())
                {
                    yield break;
                }

                run = await follower.NextAsync(cancellationToken);
            }
        }
        finally
        {
            engine.Post(new StopObserving(instanceId, follower));
        }
    }
}

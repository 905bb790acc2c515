using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.Tests.Http;

/// <summary>An engine in memory that runs nothing: tests say what happens to a run.</summary>
internal sealed class FakeRuns(TimeProvider time) : IRunClient
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Run> runs = new(StringComparer.Ordinal);
    private int count;

    /// <summary>Thrown by every call, where set.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Thrown by a watcher after what has happened so far, where set.</summary>
    public Exception? WatchFailure { get; set; }

    public List<(string Name, string Payload)> Events { get; } = [];

    public List<string?> Reasons { get; } = [];

    public List<StartOptions> Starts { get; } = [];

    public IReadOnlyList<HistoryStep> Steps { get; set; } = [];

    public int Count => runs.Count;

    /// <summary>What a start waits for before it is written down, where set.</summary>
    public Task? StartsAfter { get; set; }

    /// <summary>One for each start that has come so far.</summary>
    public Channel<bool> StartsSeen { get; } = Channel.CreateUnbounded<bool>();

    public RunState this[string id] => runs[id].State;

    public void Tell(string id, string kind, string data, string? output = null) => Change(id, state => state, kind, JsonElement.Parse(data), output);

    public void End(string id, RuntimeStatus status, string? output = null, FailureDetails? failure = null) =>
        Change(id, state => state with { RuntimeStatus = status, Output = output is null ? null : JsonElement.Parse(output), Failure = failure, LastUpdatedTime = time.GetUtcNow() }, "ended", JsonElement.Parse("""{"runtimeStatus":"ended"}"""));

    public async Task<StartedRun> StartAsync(string orchestrator, JsonElement input, StartOptions options, CancellationToken cancellationToken = default)
    {
        Check();
        if (StartsAfter is { } written)
        {
            StartsSeen.Writer.TryWrite(true);
            await written;
        }

        lock (gate)
        {
            Starts.Add(options);
            var id = options.InstanceId ?? $"run-{++count}";
            if (runs.ContainsKey(id))
            {
                return new StartedRun(id, Created: false);
            }

            runs.Add(id, new Run(new RunState { Name = orchestrator, InstanceId = id, RuntimeStatus = RuntimeStatus.Running, Input = input, CreatedTime = time.GetUtcNow(), LastUpdatedTime = time.GetUtcNow(), Priority = options.Priority }));
            return new StartedRun(id, Created: true);
        }
    }

    public Task<RunState?> GetAsync(string instanceId, bool includePayloads = true, CancellationToken cancellationToken = default)
    {
        Check();
        lock (gate)
        {
            return Task.FromResult(runs.TryGetValue(instanceId, out var run) ? Shown(run.State, includePayloads) : null);
        }
    }

    public async Task<RunState> WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        await foreach (var update in WatchAsync(instanceId, 0, cancellationToken))
        {
            if (update.Kind == "ended")
            {
                break;
            }
        }

        return this[instanceId];
    }

    public Task<RunPage> ListAsync(RunQuery query, CancellationToken cancellationToken = default)
    {
        Check();
        lock (gate)
        {
            var skip = query.ContinuationToken is { } token ? int.Parse(token, CultureInfo.InvariantCulture) : 0;
            var found = runs.Values.Select(run => run.State).Where(state =>
                (query.Statuses.Count == 0 || query.Statuses.Contains(state.RuntimeStatus))
                && (query.Name is null || query.Name == state.Name)
                && state.InstanceId.StartsWith(query.InstanceIdPrefix ?? "", StringComparison.Ordinal)
                && !(state.CreatedTime < query.CreatedFrom) && !(state.CreatedTime >= query.CreatedTo)).Skip(skip).ToList();
            var page = found.Take(query.PageSize).Select(state => Shown(state, query.IncludePayloads)).ToList();
            return Task.FromResult(new RunPage(page, found.Count > page.Count ? (skip + page.Count).ToString(CultureInfo.InvariantCulture) : null));
        }
    }

    public Task RaiseEventAsync(string instanceId, string name, JsonElement payload, CancellationToken cancellationToken = default)
    {
        Alive(instanceId);
        Events.Add((name, payload.GetRawText()));
        return Task.CompletedTask;
    }

    public Task SuspendAsync(string instanceId, string? reason, CancellationToken cancellationToken = default) => Steer(instanceId, reason, RuntimeStatus.Suspended);

    public Task ResumeAsync(string instanceId, string? reason, CancellationToken cancellationToken = default) => Steer(instanceId, reason, RuntimeStatus.Running);

    public Task TerminateAsync(string instanceId, string? reason, CancellationToken cancellationToken = default) => Steer(instanceId, reason, RuntimeStatus.Terminated);

    public async Task<string> RestartAsync(string instanceId, bool withNewInstanceId, CancellationToken cancellationToken = default)
    {
        var state = Find(instanceId).State;
        if (withNewInstanceId)
        {
            return (await StartAsync(state.Name, state.Input!.Value, new StartOptions { Priority = state.Priority }, cancellationToken)).InstanceId;
        }

        if (!state.RuntimeStatus.IsFinal())
        {
            throw new RunNotEndedException(instanceId, state.RuntimeStatus);
        }

        runs.Remove(instanceId);
        return (await StartAsync(state.Name, state.Input!.Value, new StartOptions { InstanceId = instanceId, Priority = state.Priority }, cancellationToken)).InstanceId;
    }

    public Task<int> PurgeAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        var state = Find(instanceId).State;
        return state.RuntimeStatus.IsFinal() && runs.Remove(instanceId) ? Task.FromResult(1) : throw new RunNotEndedException(instanceId, state.RuntimeStatus);
    }

    public Task SignalEntityAsync<TInput, TOutput>(EntityId entity, EntityOperation<TInput, TOutput> operation, TInput input, CancellationToken cancellationToken = default) => throw new NotSupportedException("No route signals an entity.");

    public Task<TState?> GetEntityStateAsync<TState>(EntityId entity, CancellationToken cancellationToken = default)
        where TState : class => throw new NotSupportedException("No route reads an entity.");

    public Task<IReadOnlyList<HistoryStep>?> GetHistoryAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        Check();
        return Task.FromResult(runs.ContainsKey(instanceId) ? Steps : null);
    }

    public async IAsyncEnumerable<RunUpdate> WatchAsync(string instanceId, long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var seen = (int)afterSequence;
        while (true)
        {
            RunUpdate? next;
            Task changed;
            lock (gate)
            {
                var run = Find(instanceId);
                next = seen < run.Updates.Count ? run.Updates[seen] : null;
                changed = run.Changed.Task;
                if (next is null && run.State.RuntimeStatus.IsFinal())
                {
                    yield break;
                }
            }

            if (next is not null)
            {
                seen++;
                yield return next;
            }
            else if (WatchFailure is not null)
            {
                throw WatchFailure;
            }
            else
            {
                await changed.WaitAsync(cancellationToken);
            }
        }
    }

    private static RunState Shown(RunState state, bool payloads) => payloads ? state : state with { Input = null, CustomStatus = null, Output = null };

    private Task Steer(string id, string? reason, RuntimeStatus status)
    {
        Alive(id);
        Reasons.Add(reason);
        Change(id, state => state with { RuntimeStatus = status }, "status", JsonElement.Parse("{}"));
        return Task.CompletedTask;
    }

    private void Change(string id, Func<RunState, RunState> change, string kind, JsonElement data, string? output = null)
    {
        TaskCompletionSource changed;
        lock (gate)
        {
            var run = Find(id);
            run.State = change(run.State);
            run.Updates.Add(new RunUpdate(run.Updates.Count + 1, kind, data) { Output = output is null ? null : System.Text.Encoding.UTF8.GetBytes(output) });
            changed = run.Changed;
            run.Changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    private void Check()
    {
        if (Failure is not null)
        {
            throw Failure;
        }
    }

    private Run Find(string id)
    {
        Check();
        return runs.TryGetValue(id, out var run) ? run : throw new RunNotFoundException(id);
    }

    private void Alive(string id)
    {
        var status = Find(id).State.RuntimeStatus;
        if (status.IsFinal())
        {
            throw new RunEndedException(id, status);
        }
    }

    private sealed class Run(RunState state)
    {
        public RunState State { get; set; } = state;

        public List<RunUpdate> Updates { get; } = [new RunUpdate(1, "started", JsonElement.Parse("{}"))];

        public TaskCompletionSource Changed { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

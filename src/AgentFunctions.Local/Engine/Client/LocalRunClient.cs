using System.Text.Json;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Results;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Local.Engine.Messages;
using AgentFunctions.Local.Engine.State;

namespace AgentFunctions.Local.Engine.Client;

/// <summary>The embedded engine's <see cref="IRunClient"/>.</summary>
/// <param name="engine">The engine.</param>
/// <param name="catalog">What it runs.</param>
/// <param name="output">Where the runs' live output is, which goes when they go. Default: nowhere.</param>
internal sealed partial class LocalRunClient(LocalEngine engine, Catalog catalog, IRunOutputStore? output = null) : IRunClient
{
    public Task<StartedRun> StartAsync(string orchestrator, JsonElement input, StartOptions options, CancellationToken cancellationToken = default)
    {
        var id = options.InstanceId ?? Guid.CreateVersion7().ToString("n");
        InstanceIds.Check(id);
        if (!Enum.IsDefined(options.Priority))
        {
            throw new ArgumentException($"The priority is {options.Priority}. It must be one of: {string.Join(", ", Enum.GetNames<RunPriority>())}.", nameof(options));
        }

        return engine.AskAsync(new StartRun(orchestrator, id, DurableJson.Write(input, catalog.Json), options.Priority, options.Budget), cancellationToken);
    }

    public async Task<RunState?> GetAsync(string instanceId, bool includePayloads = true, CancellationToken cancellationToken = default) =>
        await engine.AskAsync(new ReadRun(instanceId), cancellationToken) is { } run ? StateOf(run, includePayloads) : null;

    public async Task<RunPage> ListAsync(RunQuery query, CancellationToken cancellationToken = default)
    {
        if (query.PageSize is < 1 or > 1000)
        {
            throw new ArgumentException($"The page size is {query.PageSize}. It must be from 1 to 1000.", nameof(query));
        }

        if (query.ContinuationToken is { } token && !(long.TryParse(token, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var handle) && handle > 0))
        {
            throw new ArgumentException($"The continuation token '{token}' did not come from a page of runs. Use the one of the last page, or none for the first.", nameof(query));
        }

        var (runs, next) = await engine.AskAsync(new ListRuns(query), cancellationToken);
        return new RunPage([.. runs.Select(r => StateOf(r, query.IncludePayloads))], next?.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    public Task RaiseEventAsync(string instanceId, string name, JsonElement payload, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return engine.AskAsync(new RaiseEvent(instanceId, name, DurableJson.Write(payload, catalog.Json)), cancellationToken);
    }

    public Task SuspendAsync(string instanceId, string? reason, CancellationToken cancellationToken = default) => engine.AskAsync(new SuspendRun(instanceId, reason), cancellationToken);

    public Task ResumeAsync(string instanceId, string? reason, CancellationToken cancellationToken = default) => engine.AskAsync(new ResumeRun(instanceId, reason), cancellationToken);

    public Task TerminateAsync(string instanceId, string? reason, CancellationToken cancellationToken = default) => engine.AskAsync(new TerminateRun(instanceId, reason), cancellationToken);

    public async Task<string> RestartAsync(string instanceId, bool withNewInstanceId, CancellationToken cancellationToken = default)
    {
        var restarted = await engine.AskAsync(new RestartRun(instanceId, withNewInstanceId ? Tenants.InstanceId(Tenants.Of(instanceId), Guid.CreateVersion7().ToString("n")) : instanceId), cancellationToken);
        if (!withNewInstanceId)
        {
            await RemoveOutputAsync(instanceId);
        }

        return restarted;
    }

    public async Task<int> PurgeAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        // Before the run itself, so that a purge that fails in between is made good by the next.
        if (await engine.AskAsync(new ReadRun(instanceId), cancellationToken) is { } run && run.Status.IsFinal()) await BudgetRemoval.RemoveAsync(this, instanceId, cancellationToken);
        var removed = await engine.AskAsync(new PurgeRun(instanceId), cancellationToken);
        await RemoveOutputAsync(instanceId);
        return removed;
    }

    public Task SignalEntityAsync<TInput, TOutput>(EntityId entity, EntityOperation<TInput, TOutput> operation, TInput input, CancellationToken cancellationToken = default) =>
        engine.AskAsync(new Messages.SignalEntity(Checked(entity), operation.Name, DurableJson.Write(input, catalog.Json)), cancellationToken);

    public async Task<TState?> GetEntityStateAsync<TState>(EntityId entity, CancellationToken cancellationToken = default)
        where TState : class =>
        await engine.AskAsync(new ReadEntity(Checked(entity)), cancellationToken) is { } state ? DurableJson.Read<TState>(state, catalog.Json) : null;

    // The run is gone by now, so its output goes too, whether or not the caller still waits.
    private ValueTask RemoveOutputAsync(string instanceId) => output?.RemoveAsync(instanceId, CancellationToken.None) ?? ValueTask.CompletedTask;

    private static EntityId Checked(EntityId entity) =>
        entity == default ? throw new ArgumentException("The entity's address is empty (default). Make one with its name and key.", nameof(entity)) : entity;

    private RunState StateOf(RunSnapshot run, bool payloads)
    {
        var state = new RunState
        {
            Name = run.Name,
            InstanceId = run.Id,
            RuntimeStatus = run.Status,
            CreatedTime = run.CreatedAt,
            LastUpdatedTime = run.UpdatedAt,
            Failure = run.Failure,
            ParentInstanceId = run.ParentId,
            Priority = run.Priority,
        };
        return !payloads ? state : state with
        {
            Input = DurableJson.Parse(run.Started().Input),
            Budget = run.Budget,
            CustomStatus = run.CustomStatus() is { } status ? DurableJson.Parse(status) : null,
            Output = OutputOf(run),
        };
    }

    private JsonElement? OutputOf(RunSnapshot run)
    {
        if (run.Status is not (RuntimeStatus.Completed or RuntimeStatus.Terminated))
        {
            return null;
        }

        var last = run.LastTurn();
        return last.Requests.OfType<History.ExecutionCompleted>().FirstOrDefault() is { } completed ? DurableJson.Parse(completed.Output)
            : last.Input is History.ExecutionTerminated { Reason: { } reason } ? DurableJson.ToElement(reason, catalog.Json)
            : null;
    }
}

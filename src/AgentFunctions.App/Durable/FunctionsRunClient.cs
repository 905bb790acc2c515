using System.Text.Json;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Results;
using AgentFunctions.Core.Serialization;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;

namespace AgentFunctions.App.Durable;

/// <summary>The seam's client over Durable Functions' own.</summary>
internal sealed partial class FunctionsRunClient(DurableTaskClient inner, Catalog catalog, ICancellationBoard board, RunHistory histories, TimeProvider time, IRunOutputStore? output = null) : IRunClient
{
    private static readonly string[] OpenStatuses = [nameof(OrchestrationRuntimeStatus.Pending), nameof(OrchestrationRuntimeStatus.Running), nameof(OrchestrationRuntimeStatus.Suspended)];

    // 50, 100, 200 and 400 ms after each of three terminations.
    private const int TerminationLooks = 4;
    private const int TerminationsSent = 3;
    private static readonly TimeSpan FirstTerminationLook = TimeSpan.FromMilliseconds(50);

    // Without them a second start with one ID would replace a run that has ended.
    private static readonly string[] AnyStatus = [.. Enum.GetValues<OrchestrationRuntimeStatus>().Select(s => s.ToString()).Distinct(StringComparer.Ordinal)];

    public async Task<StartedRun> StartAsync(string orchestrator, JsonElement input, StartOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var name = catalog.Orchestrator(orchestrator).Name;
        var id = options.InstanceId ?? Guid.CreateVersion7(time.GetUtcNow()).ToString("n");
        InstanceIds.Check(id);
        if (await inner.GetInstanceAsync(id, getInputsAndOutputs: false, cancellationToken) is not null)
        {
            return new StartedRun(id, Created: false);
        }

        try
        {
            await inner.ScheduleNewOrchestrationInstanceAsync(name, RunEnvelope.Wrap(new RunHeader { Priority = options.Priority, Budget = options.Budget }, input), new StartOrchestrationOptions(id) { DedupeStatuses = AnyStatus }, cancellationToken);
            return new StartedRun(id, Created: true);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            return new StartedRun(id, Created: false);
        }
    }

    public async Task<RunState?> GetAsync(string instanceId, bool includePayloads = true, CancellationToken cancellationToken = default) =>
        await inner.GetInstanceAsync(instanceId, includePayloads, cancellationToken) is { } found ? RunStates.Of(found, includePayloads, catalog.Json) : null;

    public async Task<RunPage> ListAsync(RunQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.PageSize is < 1 or > 1000)
        {
            throw new ArgumentException($"The page size is {query.PageSize}. It must be from 1 to 1000.", nameof(query));
        }

        var continuation = PageTokens.Open(query.ContinuationToken);
        var filter = new OrchestrationQuery(query.CreatedFrom, query.CreatedTo, query.Statuses.Count == 0 ? null : [.. query.Statuses.Select(RunStates.Of)], null, query.InstanceIdPrefix, query.PageSize, query.IncludePayloads, continuation);
        await foreach (var page in inner.GetAllInstancesAsync(filter).AsPages(continuation, query.PageSize).WithCancellation(cancellationToken))
        {
            // The backends know no names, list entities among the runs, and include the end of the time.
            var runs = page.Values
                .Where(r => !r.InstanceId.StartsWith('@')
                    && (query.Name is null || string.Equals(r.Name, query.Name, StringComparison.OrdinalIgnoreCase))
                    && r.InstanceId.StartsWith(query.InstanceIdPrefix ?? "", StringComparison.Ordinal)
                    && (query.CreatedTo is null || r.CreatedAt < query.CreatedTo))
                .Select(r => RunStates.Of(r, query.IncludePayloads, catalog.Json)).OrderByDescending(r => r.CreatedTime).ToList();
            return new RunPage(runs, PageTokens.Close(page.ContinuationToken));
        }

        return new RunPage([], null);
    }

    public async Task RaiseEventAsync(string instanceId, string name, JsonElement payload, CancellationToken cancellationToken = default)
    {
        await SteerableAsync(instanceId, cancellationToken);
        await SteerAsync(instanceId, () => inner.RaiseEventAsync(instanceId, name, payload, cancellationToken), _ => false, cancellationToken);
    }

    public async Task SuspendAsync(string instanceId, string? reason, CancellationToken cancellationToken = default)
    {
        if ((await SteerableAsync(instanceId, cancellationToken)).RuntimeStatus != OrchestrationRuntimeStatus.Suspended)
        {
            await SteerAsync(instanceId, () => inner.SuspendInstanceAsync(instanceId, reason, cancellationToken), s => s == OrchestrationRuntimeStatus.Suspended, cancellationToken);
        }
    }

    public async Task ResumeAsync(string instanceId, string? reason, CancellationToken cancellationToken = default)
    {
        await SteerableAsync(instanceId, cancellationToken);
        await SteerAsync(instanceId, () => inner.ResumeInstanceAsync(instanceId, reason, cancellationToken), s => s != OrchestrationRuntimeStatus.Suspended, cancellationToken);
    }

    public async Task TerminateAsync(string instanceId, string? reason, CancellationToken cancellationToken = default)
    {
        var found = await FoundAsync(instanceId, cancellationToken, payloads: true);
        if (RunStates.Of(found.RuntimeStatus).IsFinal())
        {
            return;
        }

        await SendTerminationAsync(instanceId, reason, cancellationToken);
        await board.PostAsync(new CallCancellation(RunHeader.CancellationKey(instanceId, RunHeader.EpochOf(RunStates.HeaderOf(found).NextCall)), []), cancellationToken);
        var children = await ChildrenAsync(instanceId, cancellationToken);
        await Task.WhenAll(children.Select(c => TerminateAsync(c.InstanceId, reason, cancellationToken)).Append(TerminatedAsync(instanceId, reason, cancellationToken)));
    }

    /// <summary>
    /// Looks whether a termination took, and sends it again where the run goes on: one that comes in one turn with the event after which the run
    /// continues as new is lost with that execution (DurableTask.Core, TaskOrchestrationContext.CompleteOrchestration). A run whose workers are
    /// down ends when they are back, so it is not waited for.
    /// </summary>
    private async Task TerminatedAsync(string instanceId, string? reason, CancellationToken cancellationToken)
    {
        for (var look = 0; look < TerminationLooks * TerminationsSent; look++)
        {
            await Task.Delay(FirstTerminationLook * (1 << (look % TerminationLooks)), time, cancellationToken);
            if (await inner.GetInstanceAsync(instanceId, getInputsAndOutputs: false, cancellationToken) is not { } found || RunStates.Of(found.RuntimeStatus).IsFinal())
            {
                return;
            }

            if (look % TerminationLooks == TerminationLooks - 1 && look < (TerminationLooks * TerminationsSent) - 1)
            {
                await SendTerminationAsync(instanceId, reason, cancellationToken);
            }
        }
    }

    public async Task<string> RestartAsync(string instanceId, bool withNewInstanceId, CancellationToken cancellationToken = default)
    {
        var found = await FoundAsync(instanceId, cancellationToken, payloads: true);
        var status = RunStates.Of(found.RuntimeStatus);
        if (!withNewInstanceId && !status.IsFinal())
        {
            throw new RunNotEndedException(instanceId, status);
        }

        // The Functions host has no restart for workers, so it is a start with the old input.
        var header = RunStates.HeaderOf(found);
        var input = RunStates.InputOf(found) ?? JsonSerializer.SerializeToElement<string?>(null, AppJsonContext.Default.String);
        if (withNewInstanceId)
        {
            // The new ID has the tenant of the old one: its input is the tenant's, and so is what it caches.
            var id = Tenants.InstanceId(Tenants.Of(instanceId), Guid.CreateVersion7(time.GetUtcNow()).ToString("n"));
            return (await StartAsync(found.Name, input, new StartOptions { InstanceId = id, Priority = header.Priority, Budget = header.Budget }, cancellationToken)).InstanceId;
        }

        try
        {
            await inner.ScheduleNewOrchestrationInstanceAsync(found.Name, RunEnvelope.Wrap(header.Restarted(), input), new StartOrchestrationOptions(instanceId) { DedupeStatuses = OpenStatuses }, cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // Another restart came first.
            throw new RunNotEndedException(instanceId, RuntimeStatus.Pending);
        }

        await RemoveOutputAsync(instanceId);
        return instanceId;
    }

    public async Task<int> PurgeAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        var status = RunStates.Of((await FoundAsync(instanceId, cancellationToken)).RuntimeStatus);
        if (!status.IsFinal())
        {
            throw new RunNotEndedException(instanceId, status);
        }

        // Before the run itself, so that a purge that fails in between is made good by the next.
        await BudgetRemoval.RemoveAsync(this, instanceId, cancellationToken);
        var children = await ChildrenAsync(instanceId, cancellationToken);
        var removed = (await inner.PurgeInstanceAsync(instanceId, cancellationToken)).PurgedInstanceCount;
        await RemoveOutputAsync(instanceId);
        foreach (var child in children.Where(c => RunStates.Of(c.RuntimeStatus).IsFinal()))
        {
            removed += await PurgeAsync(child.InstanceId, cancellationToken);
        }

        return removed;
    }

    public Task SignalEntityAsync<TInput, TOutput>(EntityId entity, EntityOperation<TInput, TOutput> operation, TInput input, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return catalog.Entities.ContainsKey(entity.Name)
            ? inner.Entities.SignalEntityAsync(new EntityInstanceId(entity.Name, entity.Key), operation.Name, DurableJson.ToElement(input, catalog.Json), cancellation: cancellationToken)
            : throw new EntityNotFoundException(entity.Name);
    }

    public async Task<TState?> GetEntityStateAsync<TState>(EntityId entity, CancellationToken cancellationToken = default)
        where TState : class =>
        await inner.Entities.GetEntityAsync<JsonElement>(new EntityInstanceId(entity.Name, entity.Key), includeState: true, cancellationToken) is { IncludesState: true } found
            ? DurableJson.Read<TState>(found.State, catalog.Json)
            : null;

    // The run is gone by now, so its output goes too, whether or not the caller still waits.
    private ValueTask RemoveOutputAsync(string instanceId) => output?.RemoveAsync(instanceId, CancellationToken.None) ?? ValueTask.CompletedTask;

    private async Task<OrchestrationMetadata> FoundAsync(string instanceId, CancellationToken cancellationToken, bool payloads = false) =>
        await inner.GetInstanceAsync(instanceId, payloads, cancellationToken) ?? throw new RunNotFoundException(instanceId);

    /// <summary>
    /// The sub-orchestrations of a run: the Functions host ends and removes single instances only. Those with IDs derived from the run's are found by
    /// these and by the parent in their input; those with IDs of their own by history, where it can be read.
    /// </summary>
    private async Task<List<OrchestrationMetadata>> ChildrenAsync(string instanceId, CancellationToken cancellationToken)
    {
        var children = new Dictionary<string, OrchestrationMetadata>(StringComparer.Ordinal);
        await foreach (var run in inner.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: SubInstanceIds.Prefix(instanceId), FetchInputsAndOutputs: true)).WithCancellation(cancellationToken))
        {
            children[run.InstanceId] = run;
        }

        foreach (var asked in (await histories.TryReadAsync(inner, instanceId, cancellationToken) ?? []).OfType<SubOrchestrationInstanceCreatedEvent>())
        {
            if (asked.InstanceId is not null && !children.ContainsKey(asked.InstanceId) && await inner.GetInstanceAsync(asked.InstanceId, getInputsAndOutputs: true, cancellationToken) is { } run)
            {
                children[run.InstanceId] = run;
            }
        }

        return [.. children.Values.Where(c => string.Equals(RunStates.HeaderOf(c).Parent, instanceId, StringComparison.Ordinal))];
    }

    private async Task<OrchestrationMetadata> SteerableAsync(string instanceId, CancellationToken cancellationToken)
    {
        var found = await FoundAsync(instanceId, cancellationToken);
        var status = RunStates.Of(found.RuntimeStatus);
        return status.IsFinal() ? throw new RunEndedException(instanceId, status) : found;
    }
}

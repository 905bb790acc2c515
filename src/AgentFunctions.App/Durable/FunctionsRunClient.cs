using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;

namespace AgentFunctions.App.Durable;

/// <summary>The seam's client over Durable Functions' own.</summary>
internal sealed partial class FunctionsRunClient(DurableTaskClient inner, Catalog catalog, ICancellationBoard board, TimeProvider time) : IRunClient
{
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
            await inner.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(id) { DedupeStatuses = AnyStatus, Tags = RunTags.Of(options) }, cancellationToken);
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

        var filter = new OrchestrationQuery(query.CreatedFrom, query.CreatedTo, query.Statuses.Count == 0 ? null : [.. query.Statuses.Select(RunStates.Of)], null, query.InstanceIdPrefix, query.PageSize, query.IncludePayloads, query.ContinuationToken);
        await foreach (var page in inner.GetAllInstancesAsync(filter).AsPages(query.ContinuationToken, query.PageSize).WithCancellation(cancellationToken))
        {
            var runs = page.Values.Where(r => !r.InstanceId.StartsWith('@') && (query.Name is null || string.Equals(r.Name, query.Name, StringComparison.OrdinalIgnoreCase)))
                .Select(r => RunStates.Of(r, query.IncludePayloads, catalog.Json)).OrderByDescending(r => r.CreatedTime).ToList();
            return new RunPage(runs, page.ContinuationToken);
        }

        return new RunPage([], null);
    }

    public async Task RaiseEventAsync(string instanceId, string name, JsonElement payload, CancellationToken cancellationToken = default)
    {
        await SteerableAsync(instanceId, cancellationToken);
        await inner.RaiseEventAsync(instanceId, name, payload, cancellationToken);
    }

    public async Task SuspendAsync(string instanceId, string? reason, CancellationToken cancellationToken = default)
    {
        if ((await SteerableAsync(instanceId, cancellationToken)).RuntimeStatus != OrchestrationRuntimeStatus.Suspended)
        {
            await inner.SuspendInstanceAsync(instanceId, reason, cancellationToken);
        }
    }

    public async Task ResumeAsync(string instanceId, string? reason, CancellationToken cancellationToken = default)
    {
        await SteerableAsync(instanceId, cancellationToken);
        await inner.ResumeInstanceAsync(instanceId, reason, cancellationToken);
    }

    public async Task TerminateAsync(string instanceId, string? reason, CancellationToken cancellationToken = default)
    {
        if (RunStates.Of((await FoundAsync(instanceId, cancellationToken)).RuntimeStatus).IsFinal())
        {
            return;
        }

        await inner.TerminateInstanceAsync(instanceId, new TerminateInstanceOptions(reason, Recursive: true), cancellationToken);
        await board.PostAsync(new CallCancellation(instanceId, []), cancellationToken);
    }

    public async Task<string> RestartAsync(string instanceId, bool withNewInstanceId, CancellationToken cancellationToken = default)
    {
        var status = RunStates.Of((await FoundAsync(instanceId, cancellationToken)).RuntimeStatus);
        return withNewInstanceId || status.IsFinal()
            ? await inner.RestartAsync(instanceId, withNewInstanceId, cancellationToken)
            : throw new RunNotEndedException(instanceId, status);
    }

    public async Task<int> PurgeAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        var status = RunStates.Of((await FoundAsync(instanceId, cancellationToken)).RuntimeStatus);
        if (!status.IsFinal())
        {
            throw new RunNotEndedException(instanceId, status);
        }

        return (await inner.PurgeInstanceAsync(instanceId, new PurgeInstanceOptions(Recursive: true), cancellationToken)).PurgedInstanceCount;
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

    private async Task<OrchestrationMetadata> FoundAsync(string instanceId, CancellationToken cancellationToken) =>
        await inner.GetInstanceAsync(instanceId, getInputsAndOutputs: false, cancellationToken) ?? throw new RunNotFoundException(instanceId);

    private async Task<OrchestrationMetadata> SteerableAsync(string instanceId, CancellationToken cancellationToken)
    {
        var found = await FoundAsync(instanceId, cancellationToken);
        var status = RunStates.Of(found.RuntimeStatus);
        return status.IsFinal() ? throw new RunEndedException(instanceId, status) : found;
    }
}

using System.Collections.Concurrent;
using System.Threading.Channels;
using DurableTask.Core;
using DurableTask.Core.Entities;
using DurableTask.Core.History;
using DurableTask.Core.Query;
using Microsoft.DurableTask.Testing.Sidecar;

namespace AgentFunctions.App.Tests.Engine;

/// <summary>
/// The in-memory service with what it lacks: entities, a history that can be read, stable pages, and more work at once than there are processors.
/// One worker uses it at a time; <see cref="DetachAsync"/> takes it away from that worker as a crash does.
/// </summary>
internal sealed class EntityService : IEntityOrchestrationService, IOrchestrationServiceClient, IOrchestrationServiceQueryClient, IOrchestrationServicePurgeClient, IDisposable
{
    private const int AtOnce = 64;
    private readonly InMemoryOrchestrationService inner;
    private readonly ConcurrentDictionary<string, IList<HistoryEvent>> histories;
    private readonly Channel<TaskOrchestrationWorkItem> orchestrations = Channel.CreateUnbounded<TaskOrchestrationWorkItem>();
    private readonly Channel<TaskOrchestrationWorkItem> entities = Channel.CreateUnbounded<TaskOrchestrationWorkItem>();
    private readonly ConcurrentDictionary<TaskOrchestrationWorkItem, Turn> turns = new();
    private readonly ConcurrentDictionary<TaskActivityWorkItem, bool> activities = new();
    private readonly CancellationTokenSource detached = new();
    private readonly Lock gate = new();
    private Task sorting = Task.CompletedTask;

    public EntityService()
        : this(new InMemoryOrchestrationService(), new(StringComparer.Ordinal))
    {
    }

    private EntityService(InMemoryOrchestrationService inner, ConcurrentDictionary<string, IList<HistoryEvent>> histories)
    {
        (this.inner, this.histories) = (inner, histories);
        EntityBackendQueries = new EntityQueries(this);
    }

    public EntityBackendProperties EntityBackendProperties { get; } = new()
    {
        EntityMessageReorderWindow = TimeSpan.Zero,
        MaxEntityOperationBatchSize = 100,
        MaxConcurrentTaskEntityWorkItems = AtOnce,
        SupportsImplicitEntityDeletion = false,
        MaximumSignalDelayTime = TimeSpan.FromDays(6),
        UseSeparateQueueForEntityWorkItems = true,
    };

    public EntityBackendQueries EntityBackendQueries { get; }

    public int TaskOrchestrationDispatcherCount => 1;

    public int TaskActivityDispatcherCount => 1;

    public int MaxConcurrentTaskOrchestrationWorkItems => AtOnce;

    public int MaxConcurrentTaskActivityWorkItems => 4 * AtOnce;

    public BehaviorOnContinueAsNew EventBehaviourForContinueAsNew => BehaviorOnContinueAsNew.Carryover;

    /// <summary>The history of the last execution of a run.</summary>
    public IList<HistoryEvent> HistoryOf(string instanceId) => histories.TryGetValue(instanceId, out var history) ? history : [];

    /// <summary>Takes the data away from the worker. What it was at is given to the next one; what it still reports is dropped.</summary>
    /// <returns>The service for the next worker.</returns>
    public async Task<EntityService> DetachAsync()
    {
        await detached.CancelAsync();
        await sorting;
        lock (gate)
        {
            var next = new EntityService(inner, histories);
            foreach (var (item, turn) in turns)
            {
                // Handed on rather than given back: given back, its messages would come after younger ones.
                if (turn.Saved)
                {
                    inner.ReleaseTaskOrchestrationWorkItemAsync(item).GetAwaiter().GetResult();
                }
                else
                {
                    next.Take(turn.Again(item.InstanceId));
                }
            }

            foreach (var activity in activities.Keys)
            {
                inner.AbandonTaskActivityWorkItemAsync(activity).GetAwaiter().GetResult();
            }

            return next;
        }
    }

    public Task StartAsync()
    {
        sorting = SortAsync();
        return Task.CompletedTask;
    }

    public Task StopAsync() => StopAsync(isForced: false);

    public async Task StopAsync(bool isForced)
    {
        await detached.CancelAsync();
        await sorting;
    }

    public Task<TaskOrchestrationWorkItem> LockNextTaskOrchestrationWorkItemAsync(TimeSpan receiveTimeout, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Entities have a queue of their own here.");

    public Task<TaskOrchestrationWorkItem> LockNextOrchestrationWorkItemAsync(TimeSpan receiveTimeout, CancellationToken cancellationToken) => NextAsync(orchestrations, cancellationToken);

    public Task<TaskOrchestrationWorkItem> LockNextEntityWorkItemAsync(TimeSpan receiveTimeout, CancellationToken cancellationToken) => NextAsync(entities, cancellationToken);

    public async Task<TaskActivityWorkItem> LockNextTaskActivityWorkItem(TimeSpan receiveTimeout, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, detached.Token);
        var item = await inner.LockNextTaskActivityWorkItem(receiveTimeout, either.Token);
        activities[item] = true;
        return item;
    }

    public Task CompleteTaskOrchestrationWorkItemAsync(
        TaskOrchestrationWorkItem workItem,
        OrchestrationRuntimeState newOrchestrationRuntimeState,
        IList<TaskMessage> outboundMessages,
        IList<TaskMessage> orchestratorMessages,
        IList<TaskMessage> timerMessages,
        TaskMessage continuedAsNewMessage,
        OrchestrationState orchestrationState)
    {
        lock (gate)
        {
            if (detached.IsCancellationRequested)
            {
                return Task.CompletedTask;
            }

            if (orchestrationState is not null)
            {
                turns[workItem] = turns[workItem] with { Saved = true };
                histories[workItem.InstanceId] = [.. newOrchestrationRuntimeState.Events];
                inner.CompleteTaskOrchestrationWorkItemAsync(workItem, newOrchestrationRuntimeState, outboundMessages ?? [], orchestratorMessages ?? [], timerMessages ?? [], continuedAsNewMessage, orchestrationState).GetAwaiter().GetResult();
            }

            return Task.CompletedTask;
        }
    }

    public Task AbandonTaskOrchestrationWorkItemAsync(TaskOrchestrationWorkItem workItem) => Attached(() => inner.AbandonTaskOrchestrationWorkItemAsync(workItem));

    public Task ReleaseTaskOrchestrationWorkItemAsync(TaskOrchestrationWorkItem workItem) => Attached(
        () =>
        {
            turns.TryRemove(workItem, out _);
            return inner.ReleaseTaskOrchestrationWorkItemAsync(workItem);
        });

    public Task CompleteTaskActivityWorkItemAsync(TaskActivityWorkItem workItem, TaskMessage responseMessage) => Attached(
        () =>
        {
            activities.TryRemove(workItem, out _);
            return inner.CompleteTaskActivityWorkItemAsync(workItem, responseMessage);
        });

    public Task AbandonTaskActivityWorkItemAsync(TaskActivityWorkItem workItem) => Attached(
        () =>
        {
            activities.TryRemove(workItem, out _);
            return inner.AbandonTaskActivityWorkItemAsync(workItem);
        });

    public Task<TaskActivityWorkItem> RenewTaskActivityWorkItemLockAsync(TaskActivityWorkItem workItem) => Task.FromResult(workItem);

    public Task RenewTaskOrchestrationWorkItemLockAsync(TaskOrchestrationWorkItem workItem) => Task.CompletedTask;

    public bool IsMaxMessageCountExceeded(int currentMessageCount, OrchestrationRuntimeState runtimeState) => false;

    public int GetDelayInSecondsAfterOnProcessException(Exception exception) => 0;

    public int GetDelayInSecondsAfterOnFetchException(Exception exception) => 0;

    public Task CreateAsync() => Task.CompletedTask;

    public Task CreateAsync(bool recreateInstanceStore) => Task.CompletedTask;

    public Task CreateIfNotExistsAsync() => Task.CompletedTask;

    public Task DeleteAsync() => Task.CompletedTask;

    public Task DeleteAsync(bool deleteInstanceStore) => Task.CompletedTask;

    public Task CreateTaskOrchestrationAsync(TaskMessage creationMessage) => CreateTaskOrchestrationAsync(creationMessage, [OrchestrationStatus.Pending, OrchestrationStatus.Running]);

    public async Task CreateTaskOrchestrationAsync(TaskMessage creationMessage, OrchestrationStatus[] dedupeStatuses)
    {
        await inner.CreateTaskOrchestrationAsync(creationMessage, dedupeStatuses);

        // It notes the time at which it got the message, and later the message's own.
        (await inner.GetOrchestrationStateAsync(creationMessage.OrchestrationInstance.InstanceId, creationMessage.OrchestrationInstance.ExecutionId))?.CreatedTime = creationMessage.Event.Timestamp;
    }

    public Task SendTaskOrchestrationMessageAsync(TaskMessage message) => inner.SendTaskOrchestrationMessageAsync(message);

    public Task SendTaskOrchestrationMessageBatchAsync(params TaskMessage[] messages) => inner.SendTaskOrchestrationMessageBatchAsync(messages);

    // The in-memory service takes a wait without an end as one that has ended.
    public Task<OrchestrationState> WaitForOrchestrationAsync(string instanceId, string executionId, TimeSpan timeout, CancellationToken cancellationToken) =>
        inner.WaitForOrchestrationAsync(instanceId, executionId, TimeSpan.Zero, cancellationToken);

    public Task ForceTerminateTaskOrchestrationAsync(string instanceId, string reason) => inner.ForceTerminateTaskOrchestrationAsync(instanceId, reason);

    public Task<IList<OrchestrationState>> GetOrchestrationStateAsync(string instanceId, bool allExecutions) => inner.GetOrchestrationStateAsync(instanceId, allExecutions);

    public Task<OrchestrationState> GetOrchestrationStateAsync(string instanceId, string executionId) => inner.GetOrchestrationStateAsync(instanceId, executionId);

    public Task<string> GetOrchestrationHistoryAsync(string instanceId, string executionId) => throw new NotSupportedException("Ask HistoryOf.");

    public Task PurgeOrchestrationHistoryAsync(DateTime thresholdDateTimeUtc, OrchestrationStateTimeRangeFilterType timeRangeFilterType) => throw new NotSupportedException("Purge by instance.");

    /// <summary>By instance ID and with the last of it as the token, as Azure Storage does: the in-memory service's own order changes from page to page.</summary>
    public async Task<OrchestrationQueryResult> GetOrchestrationWithQueryAsync(OrchestrationQuery query, CancellationToken cancellationToken)
    {
        var (size, after) = (query.PageSize, query.ContinuationToken);
        (query.PageSize, query.ContinuationToken) = (int.MaxValue, null);
        var all = (await inner.GetOrchestrationWithQueryAsync(query, cancellationToken)).OrchestrationState
            .Where(s => after is null || string.CompareOrdinal(s.OrchestrationInstance.InstanceId, after) > 0)
            .OrderBy(s => s.OrchestrationInstance.InstanceId, StringComparer.Ordinal).ToList();
        var page = all.Take(size).ToList();
        return new OrchestrationQueryResult(page, all.Count > size ? page[^1].OrchestrationInstance.InstanceId : null);
    }

    public Task<PurgeResult> PurgeInstanceStateAsync(string instanceId)
    {
        histories.TryRemove(instanceId, out _);
        return inner.PurgeInstanceStateAsync(instanceId);
    }

    public Task<PurgeResult> PurgeInstanceStateAsync(PurgeInstanceFilter purgeInstanceFilter) => inner.PurgeInstanceStateAsync(purgeInstanceFilter);

    public void Dispose() => detached.Dispose();

    private async Task<TaskOrchestrationWorkItem> NextAsync(Channel<TaskOrchestrationWorkItem> from, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, detached.Token);
        return await from.Reader.ReadAsync(either.Token);
    }

    private async Task SortAsync()
    {
        try
        {
            while (true)
            {
                var item = await inner.LockNextTaskOrchestrationWorkItemAsync(Timeout.InfiniteTimeSpan, detached.Token);
                if (item.OrchestrationRuntimeState.ExecutionStartedEvent is null)
                {
                    DurableTask.Core.Common.Entities.AutoStart(item.InstanceId, item.NewMessages);
                }

                Take(item);
            }
        }
        catch (OperationCanceledException)
        {
            // The worker is gone.
        }
    }

    private void Take(TaskOrchestrationWorkItem item)
    {
        turns[item] = new Turn([.. item.OrchestrationRuntimeState.Events], [.. item.NewMessages], Saved: false);
        (item.InstanceId.StartsWith('@') ? entities : orchestrations).Writer.TryWrite(item);
    }

    private Task Attached(Func<Task> act)
    {
        lock (gate)
        {
            return detached.IsCancellationRequested ? Task.CompletedTask : act();
        }
    }

    /// <summary>What a worker was given, before it changed it.</summary>
    private sealed record Turn(List<HistoryEvent> History, List<TaskMessage> Messages, bool Saved)
    {
        public TaskOrchestrationWorkItem Again(string instanceId) => new()
        {
            InstanceId = instanceId,
            OrchestrationRuntimeState = new OrchestrationRuntimeState(History),
            NewMessages = [.. Messages],
            LockedUntilUtc = DateTime.MaxValue,
        };
    }
}

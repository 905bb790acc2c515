using System.Text.Json;

namespace AgentFunctions.Core.Durable;

/// <summary>What triggers, the command line and tests need of an engine. Every call that changes something returns after the change is durable.</summary>
public interface IRunClient
{
    /// <summary>Starts a run. Starting twice with one instance ID starts once: the second call changes nothing and says so.</summary>
    /// <param name="orchestrator">The orchestrator's registered name.</param>
    /// <param name="input">Its input, already validated and prepared.</param>
    /// <param name="options">Instance ID and lane.</param>
    /// <param name="cancellationToken">Ends the caller's wait; the start itself may still happen.</param>
    /// <returns>The instance ID, and whether this call created the run.</returns>
    /// <exception cref="OrchestratorNotFoundException">No orchestrator has this name.</exception>
    Task<StartedRun> StartAsync(string orchestrator, JsonElement input, StartOptions options, CancellationToken cancellationToken = default);

    /// <summary>A run's state, or null where there is no such run.</summary>
    /// <param name="instanceId">The run.</param>
    /// <param name="includePayloads">Whether input, custom status and output are read too.</param>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    Task<RunState?> GetAsync(string instanceId, bool includePayloads = true, CancellationToken cancellationToken = default);

    /// <summary>Waits until a run has ended, and returns its state.</summary>
    /// <param name="instanceId">The run.</param>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    /// <exception cref="RunNotFoundException">There is no such run, or it was purged meanwhile.</exception>
    /// <exception cref="OperationCanceledException">The token fired first.</exception>
    Task<RunState> WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken = default);

    /// <summary>A page of runs, the newest first.</summary>
    /// <param name="query">Filters, page size, continuation.</param>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    Task<RunPage> ListAsync(RunQuery query, CancellationToken cancellationToken = default);

    /// <summary>Raises an external event. One that is raised before it is awaited is kept.</summary>
    /// <param name="instanceId">The run.</param>
    /// <param name="name">The event's name, compared without regard to case.</param>
    /// <param name="payload">The event's payload.</param>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="RunEndedException">The run has ended.</exception>
    Task RaiseEventAsync(string instanceId, string name, JsonElement payload, CancellationToken cancellationToken = default);

    /// <summary>Pauses a run. Suspending a suspended run changes nothing.</summary>
    /// <param name="instanceId">The run.</param>
    /// <param name="reason">Why, or null.</param>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="RunEndedException">The run has ended.</exception>
    Task SuspendAsync(string instanceId, string? reason, CancellationToken cancellationToken = default);

    /// <summary>Continues a suspended run. Resuming a run that is not suspended changes nothing.</summary>
    /// <param name="instanceId">The run.</param>
    /// <param name="reason">Why, or null.</param>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="RunEndedException">The run has ended.</exception>
    Task ResumeAsync(string instanceId, string? reason, CancellationToken cancellationToken = default);

    /// <summary>Ends a run and its sub-orchestrations; the tokens of its running activities fire. Terminating an ended run changes nothing.</summary>
    /// <param name="instanceId">The run.</param>
    /// <param name="reason">Why, or null. It becomes the run's output.</param>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    Task TerminateAsync(string instanceId, string? reason, CancellationToken cancellationToken = default);

    /// <summary>Starts an ended run again from its input, under its own instance ID or a new one.</summary>
    /// <param name="instanceId">The run.</param>
    /// <param name="withNewInstanceId">True: a new ID, the old run stays. False: the same ID, the old history is dropped.</param>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    /// <returns>The instance ID of the new run.</returns>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="RunNotEndedException">The run has not ended, and the same ID was asked for.</exception>
    Task<string> RestartAsync(string instanceId, bool withNewInstanceId, CancellationToken cancellationToken = default);

    /// <summary>Removes an ended run and its history, and those of its sub-orchestrations.</summary>
    /// <param name="instanceId">The run.</param>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    /// <returns>How many instances were removed.</returns>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="RunNotEndedException">The run has not ended.</exception>
    Task<int> PurgeAsync(string instanceId, CancellationToken cancellationToken = default);

    /// <summary>Sends an operation to an entity. It is applied once.</summary>
    /// <typeparam name="TInput">The operation's input.</typeparam>
    /// <typeparam name="TOutput">The operation's answer, which is dropped.</typeparam>
    /// <param name="entity">Which entity.</param>
    /// <param name="operation">Which operation.</param>
    /// <param name="input">Its input.</param>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    /// <exception cref="EntityNotFoundException">No entity is registered by this name.</exception>
    Task SignalEntityAsync<TInput, TOutput>(EntityId entity, EntityOperation<TInput, TOutput> operation, TInput input, CancellationToken cancellationToken = default);

    /// <summary>An entity's saved state, or null where it has none.</summary>
    /// <typeparam name="TState">The state's type.</typeparam>
    /// <param name="entity">Which entity.</param>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    Task<TState?> GetEntityStateAsync<TState>(EntityId entity, CancellationToken cancellationToken = default)
        where TState : class;

    /// <summary>What has happened in a run, step by step, in the order of history, or null where there is no such run.</summary>
    /// <param name="instanceId">The run.</param>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    /// <exception cref="HistoryUnavailableException">The engine keeps no history that can be read, or can't read it now.</exception>
    Task<IReadOnlyList<HistoryStep>?> GetHistoryAsync(string instanceId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Follows a run: first what has happened after <paramref name="afterSequence"/>, then what happens, until the run has ended.
    /// </summary>
    /// <param name="instanceId">The run.</param>
    /// <param name="afterSequence">The last sequence number the caller has seen; 0 for all.</param>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    IAsyncEnumerable<RunUpdate> WatchAsync(string instanceId, long afterSequence, CancellationToken cancellationToken = default);
}

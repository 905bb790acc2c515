using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Durable;

/// <summary>
/// All that an orchestrator may ask of the engine that runs it. An engine may run an orchestrator again from the start at any time
/// ("replay"), answering from history; so an orchestrator takes time, identifiers and effects from here and from nowhere else.
/// </summary>
/// <remarks>
/// Each member states its replay rule. Members may be called only on the thread the engine runs the orchestrator on: not from
/// Task.Run, not after awaiting a task that did not come from this context. Shaped after microsoft/durabletask-dotnet's
/// TaskOrchestrationContext, to which the Azure app maps each member.
/// </remarks>
public abstract class OrchestrationContext
{
    /// <summary>The orchestrator's registered name. Replay: constant.</summary>
    public abstract string Name { get; }

    /// <summary>The run's instance ID. Replay: constant.</summary>
    public abstract string InstanceId { get; }

    /// <summary>The instance ID of the run that started this one as a sub-orchestration, or null. Replay: constant.</summary>
    public abstract string? ParentInstanceId { get; }

    /// <summary>
    /// The time of the event that is being handled. Replay: the recorded time, so it is equal at the same point of the code; it stands still
    /// between two awaits.
    /// </summary>
    public abstract DateTimeOffset UtcNow { get; }

    /// <summary>True while history is being repeated. Replay: the one member that differs; use it only to keep effects such as logs from repeating.</summary>
    public abstract bool IsReplaying { get; }

    /// <summary>A new identifier (RFC 9562, version 5, from the instance ID and a counter). Replay: the n-th call returns the same value.</summary>
    public abstract Guid NewGuid();

    /// <summary>
    /// Schedules an activity. It runs at least once, perhaps on another machine, and its outcome is recorded once.
    /// Replay: an outcome in history is returned without running it again.
    /// </summary>
    /// <typeparam name="TInput">The activity's input.</typeparam>
    /// <typeparam name="TOutput">The activity's output.</typeparam>
    /// <param name="activity">Which activity.</param>
    /// <param name="input">Its input; over 32 KB it should cross as a <see cref="ContentRef"/>.</param>
    /// <param name="options">Label and cancellation. Default: none.</param>
    /// <returns>A task that ends with the activity's output.</returns>
    /// <exception cref="TaskFailedException">The activity failed; the details say how.</exception>
    /// <exception cref="TaskCanceledException">The token in <paramref name="options"/> was cancelled first.</exception>
    /// <exception cref="InvalidOperationException">Called off the orchestrator's thread.</exception>
    public abstract Task<TOutput> CallActivityAsync<TInput, TOutput>(ActivityReference<TInput, TOutput> activity, TInput input, CallOptions? options = null);

    /// <summary>
    /// Starts a sub-orchestration with a history of its own, and waits for it. Terminating this run terminates it too.
    /// Replay: an outcome in history is returned without starting it again.
    /// </summary>
    /// <typeparam name="TInput">The orchestrator's input.</typeparam>
    /// <typeparam name="TOutput">The orchestrator's output.</typeparam>
    /// <param name="orchestrator">Which orchestrator.</param>
    /// <param name="input">Its input.</param>
    /// <param name="instanceId">Its instance ID. Default: derived from this run's and the call's number.</param>
    /// <param name="options">Label and cancellation; cancelling terminates the sub-orchestration.</param>
    /// <returns>A task that ends with the sub-orchestration's output.</returns>
    /// <exception cref="TaskFailedException">It failed or was terminated, or its instance ID is already taken.</exception>
    /// <exception cref="TaskCanceledException">The token in <paramref name="options"/> was cancelled first.</exception>
    /// <exception cref="InvalidOperationException">Called off the orchestrator's thread.</exception>
    public abstract Task<TOutput> CallSubOrchestratorAsync<TInput, TOutput>(OrchestratorReference<TInput, TOutput> orchestrator, TInput input, string? instanceId = null, CallOptions? options = null);

    /// <summary>
    /// A durable timer. Cancel one that is no longer needed: in Durable Functions an unfired timer keeps the run open.
    /// Replay: a timer that has fired in history ends at the same point.
    /// </summary>
    /// <param name="delay">How long from <see cref="UtcNow"/>. Zero or less fires on the next turn.</param>
    /// <param name="cancellationToken">Cancels the timer; the task ends with <see cref="TaskCanceledException"/>.</param>
    /// <returns>A task that ends when the timer fires.</returns>
    /// <exception cref="TaskCanceledException">The token was cancelled first.</exception>
    /// <exception cref="InvalidOperationException">Called off the orchestrator's thread.</exception>
    public abstract Task CreateTimerAsync(TimeSpan delay, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits for an external event. Events that came early are kept and handed out in the order of arrival; each ends one wait.
    /// Replay: the recorded payload is returned at the same point.
    /// </summary>
    /// <typeparam name="T">The payload's type.</typeparam>
    /// <param name="name">The event's name, compared without regard to case.</param>
    /// <param name="cancellationToken">Ends the wait with <see cref="TaskCanceledException"/>; a later event is kept for the next wait.</param>
    /// <returns>A task that ends with the payload.</returns>
    /// <exception cref="TaskCanceledException">The token was cancelled first.</exception>
    /// <exception cref="System.Text.Json.JsonException">The payload does not fit <typeparamref name="T"/>.</exception>
    /// <exception cref="InvalidOperationException">Called off the orchestrator's thread.</exception>
    public abstract Task<T> WaitForExternalEventAsync<T>(string name, CancellationToken cancellationToken = default);

    /// <summary>Waits for an external event, but no longer than <paramref name="timeout"/>: a durable timer raced against the event. Replay: as its parts.</summary>
    /// <typeparam name="T">The payload's type.</typeparam>
    /// <param name="name">The event's name, compared without regard to case.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <returns>A task that ends with the payload.</returns>
    /// <exception cref="TimeoutException">No such event came in time.</exception>
    public async Task<T> WaitForExternalEventAsync<T>(string name, TimeSpan timeout)
    {
        using var timerCancellation = new CancellationTokenSource();
        using var eventCancellation = new CancellationTokenSource();
        var received = WaitForExternalEventAsync<T>(name, eventCancellation.Token);
        var timer = CreateTimerAsync(timeout, timerCancellation.Token);
        if (await Task.WhenAny(received, timer) == received)
        {
            timerCancellation.Cancel();
            return await received;
        }

        eventCancellation.Cancel();
        throw new TimeoutException($"No event '{name}' came within {timeout}. Raise it earlier, or wait longer.");
    }

    /// <summary>
    /// Calls an operation of an entity and waits for its answer. Operations for one key run one at a time, in order, each applied once.
    /// Replay: the recorded answer is returned.
    /// </summary>
    /// <typeparam name="TInput">The operation's input.</typeparam>
    /// <typeparam name="TOutput">The operation's answer.</typeparam>
    /// <param name="entity">Which entity.</param>
    /// <param name="operation">Which operation.</param>
    /// <param name="input">Its input.</param>
    /// <returns>A task that ends with the answer.</returns>
    /// <exception cref="TaskFailedException">The operation failed; the entity's state is as before.</exception>
    /// <exception cref="InvalidOperationException">Called off the orchestrator's thread.</exception>
    public abstract Task<TOutput> CallEntityAsync<TInput, TOutput>(EntityId entity, EntityOperation<TInput, TOutput> operation, TInput input);

    /// <summary>Sends an operation to an entity without waiting; it is applied once. Replay: not sent again.</summary>
    /// <typeparam name="TInput">The operation's input.</typeparam>
    /// <typeparam name="TOutput">The operation's answer, which is dropped.</typeparam>
    /// <param name="entity">Which entity.</param>
    /// <param name="operation">Which operation.</param>
    /// <param name="input">Its input.</param>
    /// <exception cref="InvalidOperationException">Called off the orchestrator's thread.</exception>
    public abstract void SignalEntity<TInput, TOutput>(EntityId entity, EntityOperation<TInput, TOutput> operation, TInput input);

    /// <summary>Replaces the run's custom status, which clients read. Replay: not published again.</summary>
    /// <typeparam name="T">The status's type.</typeparam>
    /// <param name="status">The status: at most 16 KB as UTF-16 JSON, Durable Functions' own bound.</param>
    /// <exception cref="ArgumentException">The status is larger than 16 KB.</exception>
    /// <exception cref="InvalidOperationException">Called off the orchestrator's thread.</exception>
    public abstract void SetCustomStatus<T>(T status);

    /// <summary>
    /// Ends this execution when the orchestrator returns and starts the next one with a fresh history under the same instance ID;
    /// the returned value is dropped. Replay: part of the history it ends.
    /// </summary>
    /// <typeparam name="TInput">The next execution's input.</typeparam>
    /// <param name="input">The next execution's input.</param>
    /// <param name="preserveUnprocessedEvents">Whether external events that nothing has waited for are carried over. Default: true.</param>
    /// <exception cref="InvalidOperationException">Called off the orchestrator's thread.</exception>
    public abstract void ContinueAsNew<TInput>(TInput input, bool preserveUnprocessedEvents = true);

    /// <summary>A logger that is silent while replaying. Replay: entries are written once.</summary>
    /// <param name="category">The logger's category.</param>
    public abstract ILogger CreateReplaySafeLogger(string category);
}

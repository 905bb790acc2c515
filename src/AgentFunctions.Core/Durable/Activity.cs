using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Durable;

/// <summary>An activity: code with effects. It runs at least once for each call, so its effects must be idempotent.</summary>
/// <typeparam name="TInput">Its input.</typeparam>
/// <typeparam name="TOutput">Its output; over 32 KB it should cross as a <see cref="ContentRef"/>.</typeparam>
public abstract class Activity<TInput, TOutput>
{
    /// <summary>Runs it.</summary>
    /// <param name="context">Which run and call it serves.</param>
    /// <param name="input">Its input.</param>
    /// <param name="cancellationToken">Fires when nobody waits for the outcome any more: stop soon, and leave nothing half done.</param>
    /// <returns>Its output.</returns>
    public abstract Task<TOutput> RunAsync(ActivityContext context, TInput input, CancellationToken cancellationToken);
}

/// <summary>Which call of which run an activity serves.</summary>
/// <param name="InstanceId">The run's instance ID.</param>
/// <param name="Name">The activity's registered name.</param>
/// <param name="CallId">The call's number within the run: the same for every attempt the engine makes at this call.</param>
public sealed record ActivityContext(string InstanceId, string Name, int CallId)
{
    /// <summary>The run's lane: who waits for it. Default: <see cref="RunPriority.Workflow"/>.</summary>
    public RunPriority Priority { get; init; }

    /// <summary>The budget that the run was started with. Default: none.</summary>
    public BudgetLimit? Budget { get; init; }

    /// <summary>Equal for every attempt at this call and for no other: hand it to whatever can deduplicate by a key.</summary>
    public string IdempotencyKey => $"{InstanceId}:{CallId}";
}

using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.App.Durable;

/// <summary>
/// What an activity's function receives. Durable Functions tells an activity which run it serves but not which call, so the orchestrator's
/// adapter says so: idempotency keys and cancellation go by it.
/// </summary>
internal sealed record ActivityEnvelope
{
    /// <summary>The run.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The call's number within the run.</summary>
    public required int CallId { get; init; }

    /// <summary>The branch the call belongs to.</summary>
    public string? Label { get; init; }

    /// <summary>The run's lane. Default: workflow.</summary>
    public RunPriority Priority { get; init; }

    /// <summary>The budget that the run was started with. Default: none.</summary>
    public BudgetLimit? Budget { get; init; }

    /// <summary>When its orchestrator asked for it, by the orchestrator's time; null in histories of older builds.</summary>
    public DateTimeOffset? ScheduledAt { get; init; }

    /// <summary>The activity's own input.</summary>
    public JsonElement Input { get; init; }
}

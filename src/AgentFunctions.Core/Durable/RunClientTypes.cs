using System.Text.Json;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Durable;

/// <summary>How a run is to be started.</summary>
public sealed record StartOptions
{
    /// <summary>The instance ID, 1 to 100 characters, none of them a control character or one of <c>/ \ # ?</c>, not starting with <c>@</c>. Default: a new one.</summary>
    public string? InstanceId { get; init; }

    /// <summary>The lane. Default: <see cref="RunPriority.Workflow"/>.</summary>
    public RunPriority Priority { get; init; }

    /// <summary>What the run and its sub-orchestrations may spend on models together. Default: what the settings say.</summary>
    public BudgetLimit? Budget { get; init; }
}

/// <summary>What a start led to.</summary>
/// <param name="InstanceId">The run.</param>
/// <param name="Created">True when this call created it; false when it was there already.</param>
public sealed record StartedRun(string InstanceId, bool Created);

/// <summary>Which runs to list.</summary>
public sealed record RunQuery
{
    /// <summary>Only these statuses. Default: all.</summary>
    public IReadOnlyList<RuntimeStatus> Statuses { get; init; } = [];

    /// <summary>Only this orchestrator. Default: all.</summary>
    public string? Name { get; init; }

    /// <summary>Only instance IDs that start with this. Default: all.</summary>
    public string? InstanceIdPrefix { get; init; }

    /// <summary>Only runs created at or after this time.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>Only runs created before this time.</summary>
    public DateTimeOffset? CreatedTo { get; init; }

    /// <summary>How many at most, 1 to 1,000. Default: 100.</summary>
    public int PageSize { get; init; } = 100;

    /// <summary>Where the last page ended, or null for the first.</summary>
    public string? ContinuationToken { get; init; }

    /// <summary>Whether input, custom status and output are read too. Default: false.</summary>
    public bool IncludePayloads { get; init; }
}

/// <summary>A page of runs.</summary>
/// <param name="Runs">The runs, the newest first.</param>
/// <param name="ContinuationToken">For the next page, or null at the end.</param>
public sealed record RunPage(IReadOnlyList<RunState> Runs, string? ContinuationToken);

/// <summary>Something that happened to a run, for those who follow it.</summary>
/// <param name="Sequence">Grows with each update of a run; what a follower resumes by.</param>
/// <param name="Kind">What happened: <c>started</c>, <c>step</c>, <c>status</c>, <c>suspended</c>, <c>resumed</c>, <c>ended</c>.</param>
/// <param name="Data">Its data: a <see cref="HistoryStep"/>, the custom status, or the final <see cref="RunState"/>.</param>
public sealed record RunUpdate(long Sequence, string Kind, JsonElement Data)
{
    /// <summary>What a step returned, as JSON, with the update that tells of its end; null elsewhere and where the engine does not know it. Not part of <see cref="Data"/>, so that those who need it not are not sent it.</summary>
    public ReadOnlyMemory<byte>? Output { get; init; }
}

/// <summary>No orchestrator is registered by the name that was asked for.</summary>
public sealed class OrchestratorNotFoundException(string name, IEnumerable<string> known) : Exception($"There is no orchestrator '{name}'. There are: {string.Join(", ", known.Order(StringComparer.Ordinal))}.")
{
    /// <summary>The name that was asked for.</summary>
    public string OrchestratorName { get; } = name;
}

/// <summary>No entity is registered by the name that was asked for.</summary>
public sealed class EntityNotFoundException(string name) : Exception($"There is no entity '{name}'. Register it in the catalog.")
{
    /// <summary>The name that was asked for.</summary>
    public string EntityName { get; } = name;
}

/// <summary>There is no run with this instance ID.</summary>
public sealed class RunNotFoundException(string instanceId) : Exception($"There is no run '{instanceId}'. It was never started, or it was purged.")
{
    /// <summary>The instance ID that was asked for.</summary>
    public string InstanceId { get; } = instanceId;
}

/// <summary>The run is there, and its history can't be read.</summary>
/// <param name="instanceId">The run.</param>
/// <param name="why">Why, and what to do: the end of a sentence.</param>
/// <param name="permanent">Whether this host will never give it.</param>
/// <param name="inner">What failed.</param>
public sealed class HistoryUnavailableException(string instanceId, string why, bool permanent, Exception? inner = null)
    : Exception($"The history of the run '{instanceId}' can't be read: {why}", inner)
{
    /// <summary>The run.</summary>
    public string InstanceId { get; } = instanceId;

    /// <summary>Whether this host will never give it; otherwise it may later.</summary>
    public bool Permanent { get; } = permanent;
}

/// <summary>The run has ended, so it can't be steered any more.</summary>
public sealed class RunEndedException(string instanceId, RuntimeStatus status) : Exception($"The run '{instanceId}' has ended ({status}), so it can no longer be steered. Restart it, or start a new run.")
{
    /// <summary>The run.</summary>
    public string InstanceId { get; } = instanceId;

    /// <summary>How it ended.</summary>
    public RuntimeStatus Status { get; } = status;
}

/// <summary>The run has not ended, so it can't be purged or restarted in place.</summary>
public sealed class RunNotEndedException(string instanceId, RuntimeStatus status) : Exception($"The run '{instanceId}' has not ended ({status}). Terminate it first, or wait for its end.")
{
    /// <summary>The run.</summary>
    public string InstanceId { get; } = instanceId;

    /// <summary>Where it is.</summary>
    public RuntimeStatus Status { get; } = status;
}

using System.Text.Json;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Durable;

/// <summary>A run as clients see it: Durable Functions' own status payload, plus <see cref="Failure"/>.</summary>
public sealed record RunState
{
    /// <summary>The orchestrator's name.</summary>
    public required string Name { get; init; }

    /// <summary>The run's instance ID.</summary>
    public required string InstanceId { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required RuntimeStatus RuntimeStatus { get; init; }

    /// <summary>Its input, where asked for.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>What the orchestrator last set with SetCustomStatus, where asked for.</summary>
    public JsonElement? CustomStatus { get; init; }

    /// <summary>Its result once Completed, or the reason once Terminated, where asked for.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedTime { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset LastUpdatedTime { get; init; }

    /// <summary>How it failed, once Failed.</summary>
    public FailureDetails? Failure { get; init; }

    /// <summary>The run that started it as a sub-orchestration, or null.</summary>
    public string? ParentInstanceId { get; init; }

    /// <summary>The lane it was started in.</summary>
    public RunPriority Priority { get; init; }

    /// <summary>The budget that it was started with, where asked for; null where it was with none. A sub-orchestration has that of its run, and shares it.</summary>
    public BudgetLimit? Budget { get; init; }
}

/// <summary>The lane of a run: whose activities go first when there are more than can run at once. Lower lanes still get a share.</summary>
public enum RunPriority
{
    /// <summary>Part of a longer piece of work. The default.</summary>
    Workflow,

    /// <summary>A person waits for it.</summary>
    Interactive,

    /// <summary>Nobody waits for it.</summary>
    Background,
}

using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Results;

/// <summary>How a run ended, as it is made known to others.</summary>
public sealed record RunResult
{
    /// <summary>The run.</summary>
    public required string InstanceId { get; init; }

    /// <summary>Its orchestrator.</summary>
    public required string Orchestrator { get; init; }

    /// <summary>How it ended: Completed, Failed or Terminated.</summary>
    public required RuntimeStatus Status { get; init; }

    /// <summary>When it ended, by the orchestrator's own clock. With <see cref="InstanceId"/> it names the execution, since a restart in place keeps the ID.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Its result, where it completed.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>How it failed, where it failed.</summary>
    public FailureDetails? Failure { get; init; }
}

/// <summary>What an event says of a run: the <c>data</c> of its CloudEvent.</summary>
public sealed record RunResultData
{
    /// <summary>The run.</summary>
    public required string InstanceId { get; init; }

    /// <summary>Its orchestrator.</summary>
    public required string Orchestrator { get; init; }

    /// <summary>How it ended.</summary>
    public required RuntimeStatus Status { get; init; }

    /// <summary>Its result, where it is short.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>Where its result is, as JSON, where it is long.</summary>
    public ContentRef? OutputRef { get; init; }

    /// <summary>How it failed.</summary>
    public FailureDetails? Failure { get; init; }
}

using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Sagas;

namespace AgentFunctions.Core.Orchestrations.Saga;

/// <summary>Where a saga is: its custom status.</summary>
public sealed record SagaStatus
{
    /// <summary>What it does now: <c>steps</c>, <c>compensations</c>, <c>waiting for a person</c>, or <c>ended</c>.</summary>
    public required string Phase { get; init; }

    /// <summary>How many steps, or compensations, have ended.</summary>
    public required int Done { get; init; }

    /// <summary>How many there are.</summary>
    public required int Total { get; init; }

    /// <summary>The first five compensations that wait for a person, in short.</summary>
    public IReadOnlyList<SagaParkedShort>? Parked { get; init; }

    /// <summary>How many compensations wait for a person.</summary>
    public int? ParkedCount { get; init; }

    /// <summary>Where all that it takes to do them by hand is stored, as JSON.</summary>
    public ContentRef? Details { get; init; }

    /// <summary>What to do.</summary>
    public string? Help { get; init; }

    /// <summary>What was wrong with the last event that did not fit.</summary>
    public string? Notice { get; init; }
}

/// <summary>A compensation that waits for a person, in short: the custom status holds 16 KB.</summary>
/// <param name="Step">The step's key.</param>
/// <param name="Tool">The compensation's tool.</param>
/// <param name="StepStatus">Whether the step took effect.</param>
/// <param name="Error">Why it waits, up to 200 characters.</param>
/// <param name="Since">Since when.</param>
public sealed record SagaParkedShort(string Step, string Tool, SagaStepStatus StepStatus, string Error, DateTimeOffset Since);

/// <summary>The payload of the external event <c>compensation</c>: what a person decides about a parked compensation.</summary>
public sealed record SagaResolution
{
    /// <summary>The step's key.</summary>
    public required string Step { get; init; }

    /// <summary>What is decided: <c>Done</c>, <c>Retry</c>, <c>Skip</c>.</summary>
    public required SagaDecision Outcome { get; init; }

    /// <summary>Who decides. Default: not said.</summary>
    public string? By { get; init; }

    /// <summary>A note for the result. Default: none.</summary>
    public string? Note { get; init; }
}

using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Sagas;

namespace AgentFunctions.Core.Orchestrations.Saga;

/// <summary>How a saga ended. The run completes also when the saga did not.</summary>
public sealed record SagaResult
{
    /// <summary>How it ended.</summary>
    public required SagaOutcome Outcome { get; init; }

    /// <summary>How each step fared, in order.</summary>
    public required IReadOnlyList<SagaStepOutcome> Steps { get; init; }

    /// <summary>Who cancelled it and why, where somebody did before it had ended.</summary>
    public SagaCancellation? Cancelled { get; init; }

    /// <summary>What is left to do by hand: compensations that were skipped or never resolved.</summary>
    public IReadOnlyList<SagaParked>? Left { get; init; }

    /// <summary>Events that did not fit, and what was wrong with them.</summary>
    public IReadOnlyList<string>? Notices { get; init; }

    /// <summary>What the calls cost together, where tools said so.</summary>
    public Cost? Cost { get; init; }
}

/// <summary>How a saga ended.</summary>
public enum SagaOutcome
{
    /// <summary>Every step took effect.</summary>
    Completed,

    /// <summary>What took effect was compensated, by the run or by hand.</summary>
    Compensated,

    /// <summary>Something that took effect, or may have, was left as it is.</summary>
    PartlyCompensated,
}

/// <summary>How one step fared.</summary>
public sealed record SagaStepOutcome
{
    /// <summary>The step's key.</summary>
    public required string Key { get; init; }

    /// <summary>Whether it took effect.</summary>
    public required SagaStepStatus Status { get; init; }

    /// <summary>How often it was tried.</summary>
    public required int Attempts { get; init; }

    /// <summary>What the tool answered.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>Where the answer's JSON is, when it is large.</summary>
    public ContentRef? Ref { get; init; }

    /// <summary>How the last attempt failed.</summary>
    public FailureDetails? Error { get; init; }

    /// <summary>The key the tool was given.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>Its compensation, where one was needed.</summary>
    public SagaUndoOutcome? Compensation { get; init; }
}

/// <summary>How a compensation fared.</summary>
public sealed record SagaUndoOutcome
{
    /// <summary>Where it stands.</summary>
    public required SagaUndoStatus Status { get; init; }

    /// <summary>How often it was tried.</summary>
    public required int Attempts { get; init; }

    /// <summary>How the last attempt failed.</summary>
    public FailureDetails? Error { get; init; }

    /// <summary>The key the tool was given.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>Who decided about it, where a person did.</summary>
    public string? By { get; init; }

    /// <summary>What they noted.</summary>
    public string? Note { get; init; }

    /// <summary>When they decided.</summary>
    public DateTimeOffset? At { get; init; }
}

/// <summary>Who cancelled a saga, and why.</summary>
/// <param name="By">Who, as the event says.</param>
/// <param name="Reason">Why, as the event says.</param>
/// <param name="At">When.</param>
public sealed record SagaCancellation(string? By, string? Reason, DateTimeOffset At);

/// <summary>A compensation that waits for a person, with all that it takes to do it by hand.</summary>
public sealed record SagaParked
{
    /// <summary>The step's key: what the event <c>compensation</c> names.</summary>
    public required string Step { get; init; }

    /// <summary>Whether the step took effect.</summary>
    public required SagaStepStatus StepStatus { get; init; }

    /// <summary>The step's call.</summary>
    public required SagaCall Did { get; init; }

    /// <summary>What the step's tool answered.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>Where that answer is, when it is large.</summary>
    public ContentRef? Ref { get; init; }

    /// <summary>The compensation's call. Its arguments are as written where they could not be filled in.</summary>
    public required SagaCall Undo { get; init; }

    /// <summary>Why it waits.</summary>
    public required FailureDetails Error { get; init; }

    /// <summary>How often it was tried.</summary>
    public required int Attempts { get; init; }

    /// <summary>Since when it waits.</summary>
    public required DateTimeOffset Since { get; init; }
}

/// <summary>A call of a tool.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="IdempotencyKey">The key it was given.</param>
public sealed record SagaCall(string Tool, JsonElement? Arguments, string IdempotencyKey);

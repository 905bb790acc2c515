using System.Text.Json;

namespace AgentFunctions.Core.Orchestrations.Saga;

/// <summary>Steps that belong together: all take effect, or those that did are compensated.</summary>
public sealed record SagaInput
{
    /// <summary>The steps, 1 to 100, run one after the other.</summary>
    public required IReadOnlyList<SagaStep> Steps { get; init; }

    /// <summary>How compensations are tried. Default: up to 10 times, 5 seconds to 10 minutes apart.</summary>
    public SagaRetry CompensationRetry { get; init; } = new() { MaxAttempts = 10, BaseDelay = TimeSpan.FromSeconds(5), MaxDelay = TimeSpan.FromMinutes(10) };

    /// <summary>Whether a parked compensation holds up those of earlier steps. Default: false; they go on, and only the end waits for a person.</summary>
    public bool StopWhenParked { get; init; }

    /// <summary>How long the run waits for a person after the last word of one; above 0, up to 365 days. Then it ends, with what is left to do in its result. Default: for ever.</summary>
    public TimeSpan? ParkFor { get; init; }
}

/// <summary>One step of a saga.</summary>
public sealed record SagaStep
{
    /// <summary>Its name, 1 to 100 letters, digits, <c>-</c> and <c>_</c>; unique.</summary>
    public required string Key { get; init; }

    /// <summary>The tool's registered name. The tool must deduplicate by the idempotency key, or do the same when called twice.</summary>
    public required string Tool { get; init; }

    /// <summary>Its arguments: a JSON object of at most 32,768 bytes. <c>{"$value": "book.id"}</c> anywhere in it stands for a value of the answer of the earlier step <c>book</c>, <c>{"$value": "book"}</c> for the whole answer, and <c>{{book.id}}</c> in a string for a value's text. Default: none.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>What undoes it. Default: nothing; then it needs no undoing.</summary>
    public SagaCompensation? Compensation { get; init; }

    /// <summary>How long one attempt may take, above 0, up to 1 day. Default: 1 minute.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How the step is tried; every attempt has the same idempotency key. Default: up to 3 times, 1 to 30 seconds apart.</summary>
    public SagaRetry Retry { get; init; } = new();
}

/// <summary>What undoes a step.</summary>
public sealed record SagaCompensation
{
    /// <summary>The tool's registered name.</summary>
    public required string Tool { get; init; }

    /// <summary>Its arguments, as a step's; paths may also begin with the key of the step that it undoes.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>How long one attempt may take, above 0, up to 1 day. Default: 1 minute.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Whether it may run when nobody knows whether the step took effect: it then does nothing where there is nothing to undo, and it keeps the step from
    /// taking effect afterwards, should it still be on its way. Default: false; then a person decides.
    /// </summary>
    public bool SafeIfUnknown { get; init; }
}

/// <summary>How often something is tried, and how far apart: full jitter up to a bound that doubles.</summary>
public sealed record SagaRetry
{
    /// <summary>How many attempts in all, 1 to 100. A permanent failure is not tried again. Default: 3.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>The longest wait after the first attempt, 0 to 1 day. Default: 1 second.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait of all, <see cref="BaseDelay"/> to 1 day. Default: 30 seconds.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);
}

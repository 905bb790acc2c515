using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Models.Routing;

/// <summary>The way of a call through the models: which were tried, why, and what each cost.</summary>
public sealed record ModelRoute
{
    /// <summary>The name that the call asked for: <c>auto</c>, a tier or a model.</summary>
    public required string Asked { get; init; }

    /// <summary>What was tried, in order; the last that answered gave the answer, unless an earlier one was better.</summary>
    public required IReadOnlyList<RouteStep> Steps { get; init; }

    /// <summary>How hard the request looked, 0 to 1; only where the choice was left to us.</summary>
    public double? Complexity { get; init; }

    /// <summary>Whether the answer passed the call's check; null where it had none.</summary>
    public bool? Accepted { get; init; }
}

/// <summary>One model that was tried.</summary>
public sealed record RouteStep
{
    /// <summary>The tier or model, as it is named here.</summary>
    public required string Name { get; init; }

    /// <summary>The model, by its own name.</summary>
    public required string Model { get; init; }

    /// <summary>What became of it.</summary>
    public required RouteOutcome Outcome { get; init; }

    /// <summary>Why it was tried.</summary>
    public required string Reason { get; init; }

    /// <summary>Why its answer was not accepted, or how it failed.</summary>
    public string? Fault { get; init; }

    /// <summary>What it cost; nothing for what failed and for a kept answer.</summary>
    public Cost? Cost { get; init; }

    /// <summary>Whether its answer came from the cache.</summary>
    public bool Cached { get; init; }
}

/// <summary>What became of a model that was tried.</summary>
public enum RouteOutcome
{
    /// <summary>It answered.</summary>
    Answered,

    /// <summary>It answered, and the call's check did not accept the answer.</summary>
    Rejected,

    /// <summary>It refused or failed.</summary>
    Failed,

    /// <summary>It was asked how hard the request is.</summary>
    Classified,
}

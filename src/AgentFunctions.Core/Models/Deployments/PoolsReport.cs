namespace AgentFunctions.Core.Models.Deployments;

/// <summary>Where the deployments of a host's models stand, as one worker sees them.</summary>
/// <param name="Worker">The worker that answers; every worker judges by its own calls.</param>
/// <param name="Strategy">How it spreads calls: Adaptive, RoundRobin, LeastInFlight or ResponseTime.</param>
/// <param name="Pools">Each model with its deployments, by name.</param>
public sealed record PoolsReport(string Worker, string Strategy, IReadOnlyList<PoolReport> Pools);

/// <summary>Where the deployments of a model stand.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Deployments">Its deployments, in the order of the settings.</param>
public sealed record PoolReport(string Model, IReadOnlyList<DeploymentReport> Deployments);

/// <summary>Where a deployment stands.</summary>
public sealed record DeploymentReport
{
    /// <summary>Its name: model@host.</summary>
    public required string Deployment { get; init; }

    /// <summary>Whether it is well: nothing keeps calls from it.</summary>
    public required bool Healthy { get; init; }

    /// <summary>Until when it is left alone; null where it is not, or where that time is over and a call is to try it.</summary>
    public DateTimeOffset? LeftUntil { get; init; }

    /// <summary>Why it was left: Failure, Slowness or Refusal; null where it is well.</summary>
    public string? LeftFor { get; init; }

    /// <summary>What kind of failure or refusal the last one was: a type's name, as messages may be a tenant's. Null where there was none.</summary>
    public string? LastFailure { get; init; }

    /// <summary>The part of its share that it gets, 0 to 1: 0 while it is left, less than 1 while it comes back.</summary>
    public required double Weight { get; init; }

    /// <summary>Calls in flight.</summary>
    public required int InFlight { get; init; }

    /// <summary>The average time to answer, in milliseconds; of a streamed answer the time to its first piece. Null where none is known.</summary>
    public double? AverageMs { get; init; }

    /// <summary>What it is thought to take now, in milliseconds: the peak average, or for how long it has been silent. Null where neither is known.</summary>
    public double? EstimateMs { get; init; }

    /// <summary>What 95 % of the last 128 answers took at most, in milliseconds; null where there was none.</summary>
    public double? P95Ms { get; init; }

    /// <summary>Calls that have started since the worker did.</summary>
    public required long Calls { get; init; }

    /// <summary>Calls that were answered.</summary>
    public required long Answered { get; init; }

    /// <summary>Calls that failed for what is the deployment's fault.</summary>
    public required long Failures { get; init; }

    /// <summary>Calls that were refused, by the deployment, its limits or its breaker.</summary>
    public required long Refusals { get; init; }
}

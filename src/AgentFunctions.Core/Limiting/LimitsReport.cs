namespace AgentFunctions.Core.Limiting;

/// <summary>Where the limits of a host's deployments stand.</summary>
/// <param name="Worker">The worker that answers.</param>
/// <param name="Deployments">Each deployment that has limits, by name.</param>
public sealed record LimitsReport(string Worker, IReadOnlyList<DeploymentLimits> Deployments)
{
    /// <summary>This worker's calls in flight for each deployment that has been called, by name; null where there is no limit on them.</summary>
    public IReadOnlyList<GateStatus>? InFlight { get; init; }
}

/// <summary>Where the limits of a deployment stand.</summary>
public sealed record DeploymentLimits
{
    /// <summary>Its name: model@host.</summary>
    public required string Deployment { get; init; }

    /// <summary>Calls a minute, as this worker's settings say; 0 is no limit.</summary>
    public required double RequestsPerMinute { get; init; }

    /// <summary>Tokens a minute, in and out, as this worker's settings say; 0 is no limit.</summary>
    public required double TokensPerMinute { get; init; }

    /// <summary>Among how many entities these are divided, as this worker's settings say; all figures below are of them together.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>The share of the limits that is dealt out now, above 0 up to 1: less for a while after the provider has refused a call.</summary>
    public required double Share { get; init; }

    /// <summary>Until when nothing starts, as the provider has asked for quiet; null where it has not.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>Permits that were dealt out to all workers since the limiter began.</summary>
    public required long Granted { get; init; }

    /// <summary>Permits that came back before their start.</summary>
    public required long Returned { get; init; }

    /// <summary>Refusals of the provider that workers told.</summary>
    public required long Refused { get; init; }

    /// <summary>This worker's own calls and permits.</summary>
    public required PoolStatus Here { get; init; }
}

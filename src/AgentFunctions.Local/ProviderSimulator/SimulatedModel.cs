namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>How one model of a simulated provider differs from its others; what is not set is as for all. A model that is named here has limits of its own, as a deployment at a provider has.</summary>
public sealed record SimulatedModel
{
    /// <summary>The mean time to the first token in milliseconds, 0 to 600,000.</summary>
    public double? BaseMilliseconds { get; init; }

    /// <summary>The time for each token of the answer in milliseconds, 0 to 10,000.</summary>
    public double? MillisecondsPerToken { get; init; }

    /// <summary>How many requests a minute are served, 0 to 10,000,000; 0 is no limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>How many tokens a minute are served, 0 to 1,000,000,000; 0 is no limit.</summary>
    public int? TokensPerMinute { get; init; }

    /// <summary>Every request gets a 429 with this Retry-After, 0 to 1 hour.</summary>
    public TimeSpan? RefuseFor { get; init; }

    /// <summary>The share of requests that get a 500, 0 to 1.</summary>
    public double? FaultRate { get; init; }

    /// <summary>The share of requests that never get an answer, 0 to 1.</summary>
    public double? HangRate { get; init; }
}

namespace AgentFunctions.Core.Policies.Balancing;

/// <summary>How deployments are judged, left, and tried again.</summary>
public sealed record BalancingRules
{
    /// <summary>How long what was measured stays in the averages. Above zero. Default: 10 s, as in Finagle's and linkerd's balancers.</summary>
    public TimeSpan Decay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a deployment is left alone at least, unless it says itself how long. Above zero. Default: 0.5 s.</summary>
    public TimeSpan ShortestQuiet { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How long it is left alone at most, however often it has failed. Not below <see cref="ShortestQuiet"/>. Default: 1 minute.</summary>
    public TimeSpan LongestQuiet { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Over how long it comes back at most; it takes as long as it was away. Zero or more. Default: 10 s.</summary>
    public TimeSpan SlowStart { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many times the others' time to answer is slow. Above 1. Default: 3.</summary>
    public double SlowFactor { get; init; } = 3;

    /// <summary>A time to answer that is not slow, whatever the others' is. Zero or more. Default: 0.5 s.</summary>
    public TimeSpan NeverSlow { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How long a deployment is left alone that has been left so many times in a row: full jitter over the shortest, so that workers do not come back together.</summary>
    /// <param name="leaves">How many times, from 1.</param>
    /// <param name="fraction">A random number, 0 inclusive to 1 exclusive.</param>
    public TimeSpan Quiet(int leaves, double fraction)
    {
        var quiet = ShortestQuiet + Backoff.FullJitter(leaves, ShortestQuiet, LongestQuiet, fraction);
        return quiet < LongestQuiet ? quiet : LongestQuiet;
    }
}

namespace AgentFunctions.Core.Policies.Balancing;

/// <summary>How a call that belongs to no session finds its deployment among those that are well.</summary>
public enum BalancingStrategy
{
    /// <summary>The cheaper of two that are drawn at random (Mitzenmacher, "The power of two choices in randomized load balancing", 2001), by <see cref="PoolView.Cost"/>.</summary>
    Adaptive,

    /// <summary>One after the other.</summary>
    RoundRobin,

    /// <summary>The one with the fewest calls in flight.</summary>
    LeastInFlight,

    /// <summary>By chance, each the likelier the sooner it answers.</summary>
    ResponseTime,
}

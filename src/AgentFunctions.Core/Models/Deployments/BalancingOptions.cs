using AgentFunctions.Core.Policies.Balancing;

namespace AgentFunctions.Core.Models.Deployments;

/// <summary>How calls are spread over the deployments of a model.</summary>
public sealed class BalancingOptions
{
    /// <summary>The section of the configuration that they are read from.</summary>
    public const string Section = "Balancing";

    private static readonly BalancingRules Defaults = new();

    /// <summary>How a call that belongs to no session finds its deployment. Default: adaptive.</summary>
    public BalancingStrategy Strategy { get; set; } = BalancingStrategy.Adaptive;

    /// <summary>How long what was measured stays in the averages, 0.1 s to 10 minutes. Default: 10 s.</summary>
    public TimeSpan Decay { get; set; } = Defaults.Decay;

    /// <summary>How long a deployment that failed or is slow is left alone at least, 10 ms to 1 minute. Default: 0.5 s.</summary>
    public TimeSpan ShortestQuiet { get; set; } = Defaults.ShortestQuiet;

    /// <summary>How long it is left alone at most, however often it has failed, from the shortest to 1 hour. Default: 1 minute.</summary>
    public TimeSpan LongestQuiet { get; set; } = Defaults.LongestQuiet;

    /// <summary>Over how long a deployment that was left gets its whole share back at most, 0 to 10 minutes. Default: 10 s.</summary>
    public TimeSpan SlowStart { get; set; } = Defaults.SlowStart;

    /// <summary>How many times the others' time to answer is slow, 1.5 to 1,000. Default: 3.</summary>
    public double SlowFactor { get; set; } = Defaults.SlowFactor;

    /// <summary>A time to answer that is not slow, whatever the others' is, 0 to 10 minutes. Default: 0.5 s.</summary>
    public TimeSpan NeverSlow { get; set; } = Defaults.NeverSlow;

    /// <summary>What the policy is to know of them.</summary>
    internal BalancingRules Rules => new() { Decay = Decay, ShortestQuiet = ShortestQuiet, LongestQuiet = LongestQuiet, SlowStart = SlowStart, SlowFactor = SlowFactor, NeverSlow = NeverSlow };
}

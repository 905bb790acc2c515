using AgentFunctions.Core.Policies.Routing;

namespace AgentFunctions.Core.Models.Routing;

/// <summary>How calls of the model <c>auto</c> are routed, and what stands in for a model that refuses or fails.</summary>
public sealed class RoutingOptions
{
    /// <summary>The section of the configuration that they are read from.</summary>
    public const string Section = "Routing";

    /// <summary>How the tier of an answer is found. Default: by its complexity.</summary>
    public RoutingStrategy Strategy { get; set; } = RoutingStrategy.Complexity;

    /// <summary>The tier of each <see cref="ModelPurpose"/>, by its name. Default: those of <see cref="RoutingRules.DefaultPurposes"/>, also for purposes that are missing.</summary>
    public Dictionary<string, string> Purposes { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>From this complexity on the balanced tier, 0 to 1. Default: 0.14.</summary>
    public double BalancedFromScore { get; set; } = 0.14;

    /// <summary>From this complexity on the capable tier, from <see cref="BalancedFromScore"/> to 1. Default: 0.40.</summary>
    public double CapableFromScore { get; set; } = 0.40;

    /// <summary>From a prompt of this many tokens on at least the balanced tier, 1 to 10,000,000. Default: 16,000.</summary>
    public long BalancedFromTokens { get; set; } = 16_000;

    /// <summary>From a prompt of this many tokens on the capable tier, from <see cref="BalancedFromTokens"/> to 10,000,000. Default: 100,000.</summary>
    public long CapableFromTokens { get; set; } = 100_000;

    /// <summary>The order in which tiers stand in for the one that was chosen. Default: higher ones, then lower ones.</summary>
    public FallbackOrder Fallback { get; set; }

    /// <summary>Whether they stand in for a tier that the call names, too. Default: false, a named tier is what was asked for, at its price.</summary>
    public bool NamedTiers { get; set; }

    /// <summary>Other models of a tier, which stand in for it before other tiers do: by the tier, up to 16 configured models each. Default: none.</summary>
    public Dictionary<string, string[]> Alternates { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What stands in for a tier or a model, instead of the above and also where the call names it: by its name, up to 16 tiers or models, in order; none switches it off. Default: none.</summary>
    public Dictionary<string, string[]> Chains { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A refusal that asks to come back within this time is waited for, once for each model, and nothing stands in meanwhile: 0 to 1 minute. Default: 2 s.</summary>
    public TimeSpan SmallWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the cheap model may take to say how hard a request is, 100 ms to 1 minute; after that the rules decide. Default: 5 s.</summary>
    public TimeSpan ClassifierTimeout { get; set; } = TimeSpan.FromSeconds(5);
}

using System.Collections.Frozen;
using AgentFunctions.Core.Models;

namespace AgentFunctions.Core.Policies.Routing;

/// <summary>Which model a call goes to, and which stand in for it. Pure.</summary>
public sealed record RoutingRules
{
    /// <summary>The tier of each purpose, where nothing else is set: steps that pick or order go to the lowest, those that write to the middle one.</summary>
    public static IReadOnlyDictionary<ModelPurpose, string> DefaultPurposes { get; } = new Dictionary<ModelPurpose, string>
    {
        [ModelPurpose.Answer] = ModelTiers.Balanced,
        [ModelPurpose.Summarize] = ModelTiers.Fast,
        [ModelPurpose.Combine] = ModelTiers.Balanced,
        [ModelPurpose.Classify] = ModelTiers.Fast,
        [ModelPurpose.Rank] = ModelTiers.Fast,
        [ModelPurpose.Judge] = ModelTiers.Fast,
    }.ToFrozenDictionary();

    /// <summary>The models: a target for each tier, from low to high, and then the others.</summary>
    public required IReadOnlyList<RouteTarget> Targets { get; init; }

    /// <summary>How the tier of an answer is found. Default: by its complexity.</summary>
    public RoutingStrategy Strategy { get; init; } = RoutingStrategy.Complexity;

    /// <summary>The tier of each purpose. Default: <see cref="DefaultPurposes"/>, also for those that are missing.</summary>
    public IReadOnlyDictionary<ModelPurpose, string> Purposes { get; init; } = DefaultPurposes;

    /// <summary>From this complexity on the balanced tier, 0 to 1. Default: 0.14.</summary>
    public double BalancedFromScore { get; init; } = 0.14;

    /// <summary>From this complexity on the capable tier, 0 to 1. Default: 0.40.</summary>
    public double CapableFromScore { get; init; } = 0.40;

    /// <summary>From a prompt of this many tokens on at least the balanced tier, whatever else says. Default: 16,000.</summary>
    public long BalancedFromTokens { get; init; } = 16_000;

    /// <summary>From a prompt of this many tokens on the capable tier. Default: 100,000.</summary>
    public long CapableFromTokens { get; init; } = 100_000;

    /// <summary>The order in which tiers stand in for each other. Default: dearer before worse.</summary>
    public FallbackOrder Fallback { get; init; }

    /// <summary>Whether tiers stand in for one that the call names, too. Default: no.</summary>
    public bool NamedTiers { get; init; }

    /// <summary>Other models of a tier, by the tier. They stand in for it before other tiers do. Default: none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Alternates { get; init; } = FrozenDictionary<string, IReadOnlyList<string>>.Empty;

    /// <summary>What stands in for a tier or a model, instead of what <see cref="Fallback"/> and <see cref="Alternates"/> say; also where the call names it. Default: none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Chains { get; init; } = FrozenDictionary<string, IReadOnlyList<string>>.Empty;

    /// <summary>Whether a call by this name goes to one model and no other, whatever it is.</summary>
    /// <param name="name">A tier, or a model's name.</param>
    public bool IsDirect(string name) => !IsAuto(name) && !Chains.ContainsKey(name) && !(NamedTiers && IsTier(name));

    /// <summary>Where a call goes.</summary>
    /// <param name="request">What is known of it.</param>
    /// <exception cref="ArgumentException">There is no such target.</exception>
    public RouteDecision Decide(RouteRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var first = IsAuto(request.Name) ? Chosen(request) : new RouteCandidate(Named(request.Name), "the call names it");
        List<RouteCandidate> candidates = [first, .. StandIns(first.Target, IsAuto(request.Name)).Where(other => Fits(other.Target, request))];
        List<RouteCandidate> escalations = IsTier(first.Target.Name)
            ? [.. Tiers.Where(tier => tier.Level > first.Target.Level).SelectMany(tier => Family(tier, $"a tier above '{first.Target.Name}'")).Where(other => Fits(other.Target, request))]
            : [];
        return new([.. candidates.DistinctBy(candidate => candidate.Target.Model, StringComparer.Ordinal)], [.. escalations.DistinctBy(candidate => candidate.Target.Model, StringComparer.Ordinal)]);
    }

    private IEnumerable<RouteTarget> Tiers => Targets.Where(target => target.IsTier).OrderBy(target => target.Level);

    private RouteCandidate Chosen(RouteRequest request)
    {
        var (name, reason) = ByTask(request);
        var tier = Named(name);
        var (least, tokens) = request.PromptTokens >= CapableFromTokens ? (ModelTiers.Capable, CapableFromTokens)
            : request.PromptTokens >= BalancedFromTokens ? (ModelTiers.Balanced, BalancedFromTokens)
            : (ModelTiers.Fast, 0);
        if (Named(least) is var longest && longest.Level > tier.Level) (tier, reason) = (longest, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{reason}, and a prompt of some {request.PromptTokens} tokens, {least} from {tokens} on"));
        if (Fits(tier, request)) return new(tier, reason);

        // Upwards first: a tier below may be too weak for what asked for this one. Where none is large enough the largest is asked, and the provider has the last word.
        var other = Tiers.Where(candidate => Fits(candidate, request)).OrderBy(candidate => candidate.Level < tier.Level).ThenBy(candidate => Math.Abs(candidate.Level - tier.Level)).FirstOrDefault()
            ?? Tiers.MaxBy(candidate => candidate.ContextWindow ?? int.MaxValue)!;
        return other == tier ? new(tier, reason) : new(other, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{reason}, but some {request.PromptTokens} tokens and the answer do not fit into the {tier.ContextWindow} of '{tier.Model}'"));
    }

    private (string Tier, string Reason) ByTask(RouteRequest request)
    {
        if (request.Purpose == ModelPurpose.Answer && request.SuggestedTier is { } suggested) return (suggested, "a model was asked how hard it is");
        if (request.Purpose == ModelPurpose.Answer && Strategy == RoutingStrategy.Complexity)
        {
            var tier = request.Complexity >= CapableFromScore ? ModelTiers.Capable : request.Complexity >= BalancedFromScore ? ModelTiers.Balanced : ModelTiers.Fast;
            return (tier, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"complexity {request.Complexity:0.00}"));
        }

        var byRule = Purposes.TryGetValue(request.Purpose, out var set) ? set : DefaultPurposes[request.Purpose];
        return (byRule, $"purpose {request.Purpose}");
    }

    private IEnumerable<RouteCandidate> StandIns(RouteTarget first, bool isAuto)
    {
        if (Chains.TryGetValue(first.Name, out var chain)) return chain.Select(name => new RouteCandidate(Named(name), $"in the chain of '{first.Name}'"));
        if (!first.IsTier || !(isAuto || NamedTiers)) return [];
        var above = Tiers.Where(tier => tier.Level > first.Level).ToList();
        var below = Tiers.Where(tier => tier.Level < first.Level).Reverse().ToList();
        IEnumerable<RouteTarget> order = Fallback switch
        {
            FallbackOrder.UpThenDown => above.Concat(below),
            FallbackOrder.DownThenUp => below.Concat(above),
            FallbackOrder.Up => above,
            FallbackOrder.Down => below,
            _ => [],
        };
        return Family(first, "").Skip(1).Concat(order.SelectMany(tier => Family(tier, $"{(tier.Level > first.Level ? "above" : "below")} '{first.Name}'")));
    }

    /// <summary>A tier, and the other models of it.</summary>
    private IEnumerable<RouteCandidate> Family(RouteTarget tier, string reason) =>
        [new RouteCandidate(tier, reason), .. Alternates.TryGetValue(tier.Name, out var others) ? others.Select(name => new RouteCandidate(Named(name) with { Level = tier.Level }, $"another model of '{tier.Name}'")) : []];

    private static bool Fits(RouteTarget target, RouteRequest request) => target.ContextWindow is not { } window || request.PromptTokens + request.AnswerTokens <= window;

    private bool IsTier(string name) => Targets.Any(target => target.IsTier && Same(target.Name, name));

    private RouteTarget Named(string name) => Targets.FirstOrDefault(target => string.Equals(target.Name, name, target.IsTier ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal))
        ?? throw new ArgumentException($"There is no target '{name}'. There are: {string.Join(", ", Targets.Select(target => target.Name))}.", nameof(name));

    private static bool IsAuto(string name) => Same(name, ModelTiers.Auto);

    private static bool Same(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}

using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Offline;
using AgentFunctions.Core.Policies.Routing;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Models.Routing;

/// <summary>
/// A catalog with routing over its models: <c>auto</c> is the tier that a call needs, an answer that fails its call's check goes to the next tier, and what the settings say stands in
/// for a model that refuses or fails. Each model keeps its own cache, budget and limits. A model whose name stands for it alone is called as without this.
/// </summary>
public sealed class RoutedCatalog : IModelCatalog
{
    private readonly Dictionary<string, ResolvedModel> byTier = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ResolvedModel> byName = new(StringComparer.Ordinal);

    /// <summary>Makes the catalog; nothing is called yet.</summary>
    /// <param name="models">The models.</param>
    /// <param name="options">What they are: their context windows.</param>
    /// <param name="routing">The settings.</param>
    /// <param name="time">The clock of short waits.</param>
    /// <exception cref="OptionsValidationException">The settings can't work.</exception>
    public RoutedCatalog(IModelCatalog models, ModelOptions options, RoutingOptions routing, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(routing);
        ArgumentNullException.ThrowIfNull(time);
        if (new RoutingOptionsValidation(options).Validate(name: null, routing) is { Failed: true, Failures: { } failures }) throw new OptionsValidationException(nameof(RoutingOptions), typeof(RoutingOptions), failures);
        var router = new ModelRouter(models, RulesOf(models, options, routing), routing, time);
        foreach (var tier in ModelTiers.All) byTier[tier] = Routed(tier, models.Resolve(tier));
        foreach (var name in models.Names.Where(name => !byTier.ContainsKey(name))) byName[name] = Routed(name, models.Resolve(name));
        byTier[ModelTiers.Auto] = Routed(ModelTiers.Auto, models.Resolve(ModelTiers.Balanced)) with { Name = ModelTiers.Auto, Price = models.Resolve(ModelTiers.Capable).Price };
        Names = [.. models.Names.Append(ModelTiers.Auto).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

        ResolvedModel Routed(string name, ResolvedModel model) => model with { Client = new RoutedChatClient(name, router, model.Client) };
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Names { get; }

    /// <inheritdoc/>
    public ResolvedModel Resolve(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return byTier.TryGetValue(model, out var resolved) || byName.TryGetValue(model, out resolved)
            ? resolved
            : throw new PermanentFailureException($"There is no model '{model}'. There are: {string.Join(", ", Names)}.");
    }

    private static RoutingRules RulesOf(IModelCatalog models, ModelOptions options, RoutingOptions routing)
    {
        var choices = ((ModelChoice[])[options.Fast, options.Balanced, options.Capable, .. options.Others]).DistinctBy(choice => choice.Name, StringComparer.Ordinal).ToDictionary(choice => choice.Name, StringComparer.Ordinal);
        List<RouteTarget> targets = [.. ModelTiers.All.Select((tier, level) => Target(tier, models.Resolve(tier).Name, level, isTier: true))];
        targets.AddRange(models.Names.Where(name => !targets.Exists(tier => tier.Name == name)).Select(name => Target(name, name, LevelOf(name), isTier: false)));

        // Without an endpoint the offline model answers for all of them.
        targets.AddRange(choices.Keys.Where(name => !targets.Exists(target => target.Name == name)).Select(name => Target(name, OfflineChatClient.ModelName, LevelOf(name), isTier: false)));
        return new RoutingRules
        {
            Targets = targets,
            Strategy = routing.Strategy,
            Purposes = routing.Purposes.ToDictionary(set => Enum.Parse<ModelPurpose>(set.Key, ignoreCase: true), set => set.Value.ToLowerInvariant()),
            BalancedFromScore = routing.BalancedFromScore,
            CapableFromScore = routing.CapableFromScore,
            BalancedFromTokens = routing.BalancedFromTokens,
            CapableFromTokens = routing.CapableFromTokens,
            Fallback = routing.Fallback,
            NamedTiers = routing.NamedTiers,
            Alternates = Lists(routing.Alternates),
            Chains = Lists(routing.Chains),
        };

        int LevelOf(string name) => targets.Find(tier => tier.IsTier && tier.Model == name)?.Level ?? 0;

        RouteTarget Target(string name, string model, int level, bool isTier) => new(name, model, level, isTier, choices.GetValueOrDefault(model)?.ContextWindow);

        static Dictionary<string, IReadOnlyList<string>> Lists(Dictionary<string, string[]> lists) => lists.ToDictionary(list => list.Key, list => (IReadOnlyList<string>)list.Value, StringComparer.OrdinalIgnoreCase);
    }
}

using AgentFunctions.Core.Policies.Routing;
using AgentFunctions.Core.Settings;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Models.Routing;

/// <summary>Refuses settings that can't work, with the setting's name, its value and what it may be.</summary>
/// <param name="models">The models that chains may name.</param>
public sealed class RoutingOptionsValidation(ModelOptions models) : IValidateOptions<RoutingOptions>
{
    private const long MostTokens = 10_000_000;
    private const int MostNames = 16;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(100);

    /// <summary>Checks the settings.</summary>
    /// <param name="name">Not used.</param>
    /// <param name="options">The settings.</param>
    public ValidateOptionsResult Validate(string? name, RoutingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new SettingFaults(RoutingOptions.Section);
        if (!Enum.IsDefined(options.Strategy)) faults.Add($"Routing:Strategy is {(int)options.Strategy}. Set it to one of {string.Join(", ", Enum.GetNames<RoutingStrategy>())}.");
        if (!Enum.IsDefined(options.Fallback)) faults.Add($"Routing:Fallback is {(int)options.Fallback}. Set it to one of {string.Join(", ", Enum.GetNames<FallbackOrder>())}.");
        faults.Check(nameof(options.BalancedFromScore), options.BalancedFromScore, 0, 1);
        faults.Check(nameof(options.CapableFromScore), options.CapableFromScore, options.BalancedFromScore is >= 0 and <= 1 ? options.BalancedFromScore : 0, 1);
        faults.Check(nameof(options.BalancedFromTokens), options.BalancedFromTokens, 1, MostTokens);
        faults.Check(nameof(options.CapableFromTokens), options.CapableFromTokens, Math.Clamp(options.BalancedFromTokens, 1, MostTokens), MostTokens);
        faults.Check(nameof(options.SmallWait), options.SmallWait, TimeSpan.Zero, LongestWait);
        faults.Check(nameof(options.ClassifierTimeout), options.ClassifierTimeout, ShortestTimeout, LongestWait);
        foreach (var (purpose, tier) in options.Purposes)
        {
            if (!Enum.GetNames<ModelPurpose>().Contains(purpose, StringComparer.OrdinalIgnoreCase)) faults.Add($"Routing:Purposes has '{purpose}', which is no purpose. There are: {string.Join(", ", Enum.GetNames<ModelPurpose>())}.");
            if (!IsTier(tier)) faults.Add($"Routing:Purposes:{purpose} is '{tier}'. Set it to one of {string.Join(", ", ModelTiers.All)}.");
        }

        foreach (var (tier, others) in options.Alternates)
        {
            if (!IsTier(tier)) faults.Add($"Routing:Alternates has '{tier}', which is no tier. There are: {string.Join(", ", ModelTiers.All)}.");
            Names($"Alternates:{tier}", others, mayBeTiers: false);
        }

        foreach (var (of, others) in options.Chains)
        {
            if (!IsTier(of) && !Models.Contains(of, StringComparer.Ordinal)) faults.Add($"Routing:Chains has '{of}', which is neither a tier nor a configured model. There are: {string.Join(", ", ModelTiers.All.Concat(Models))}.");
            Names($"Chains:{of}", others, mayBeTiers: true);
        }

        return faults.Result;

        void Names(string setting, string[] names, bool mayBeTiers)
        {
            if (names.Length > MostNames) faults.Add($"Routing:{setting} has {names.Length} models. Set at most {MostNames}.");
            foreach (var other in names.Where(other => !(mayBeTiers && IsTier(other)) && !Models.Contains(other, StringComparer.Ordinal)))
            {
                faults.Add($"Routing:{setting} names '{other}', which is {(mayBeTiers ? "neither a tier nor" : "not")} a configured model. There are: {string.Join(", ", (mayBeTiers ? ModelTiers.All : []).Concat(Models))}.");
            }
        }
    }

    private IEnumerable<string> Models => ((ModelChoice[])[models.Fast, models.Balanced, models.Capable, .. models.Others]).Select(model => model.Name).Distinct(StringComparer.Ordinal);

    private static bool IsTier(string name) => ModelTiers.All.Contains(name, StringComparer.OrdinalIgnoreCase);
}

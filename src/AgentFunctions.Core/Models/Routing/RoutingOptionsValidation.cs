using System.Globalization;
using AgentFunctions.Core.Policies.Routing;
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
        List<string> failures = [];
        if (!Enum.IsDefined(options.Strategy)) failures.Add($"Routing:Strategy is {(int)options.Strategy}. Set it to one of {string.Join(", ", Enum.GetNames<RoutingStrategy>())}.");
        if (!Enum.IsDefined(options.Fallback)) failures.Add($"Routing:Fallback is {(int)options.Fallback}. Set it to one of {string.Join(", ", Enum.GetNames<FallbackOrder>())}.");
        Number(nameof(options.BalancedFromScore), options.BalancedFromScore, 0, 1);
        Number(nameof(options.CapableFromScore), options.CapableFromScore, options.BalancedFromScore is >= 0 and <= 1 ? options.BalancedFromScore : 0, 1);
        Number(nameof(options.BalancedFromTokens), options.BalancedFromTokens, 1, MostTokens);
        Number(nameof(options.CapableFromTokens), options.CapableFromTokens, Math.Clamp(options.BalancedFromTokens, 1, MostTokens), MostTokens);
        Time(nameof(options.SmallWait), options.SmallWait, TimeSpan.Zero);
        Time(nameof(options.ClassifierTimeout), options.ClassifierTimeout, ShortestTimeout);
        foreach (var (purpose, tier) in options.Purposes)
        {
            if (!Enum.GetNames<ModelPurpose>().Contains(purpose, StringComparer.OrdinalIgnoreCase)) failures.Add($"Routing:Purposes has '{purpose}', which is no purpose. There are: {string.Join(", ", Enum.GetNames<ModelPurpose>())}.");
            if (!IsTier(tier)) failures.Add($"Routing:Purposes:{purpose} is '{tier}'. Set it to one of {string.Join(", ", ModelTiers.All)}.");
        }

        foreach (var (tier, others) in options.Alternates)
        {
            if (!IsTier(tier)) failures.Add($"Routing:Alternates has '{tier}', which is no tier. There are: {string.Join(", ", ModelTiers.All)}.");
            Names($"Alternates:{tier}", others, mayBeTiers: false);
        }

        foreach (var (of, others) in options.Chains)
        {
            if (!IsTier(of) && !Models.Contains(of, StringComparer.Ordinal)) failures.Add($"Routing:Chains has '{of}', which is neither a tier nor a configured model. There are: {string.Join(", ", ModelTiers.All.Concat(Models))}.");
            Names($"Chains:{of}", others, mayBeTiers: true);
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Number(string setting, double value, double least, double most)
        {
            // NaN fails every comparison, so it is refused too.
            if (!(value >= least && value <= most)) failures.Add(string.Create(CultureInfo.InvariantCulture, $"Routing:{setting} is {value}. Set it to between {least} and {most}."));
        }

        void Time(string setting, TimeSpan value, TimeSpan least)
        {
            if (value < least || value > LongestWait) failures.Add($"Routing:{setting} is {value}. Set it to between {least} and {LongestWait}.");
        }

        void Names(string setting, string[] names, bool mayBeTiers)
        {
            if (names.Length > MostNames) failures.Add($"Routing:{setting} has {names.Length} models. Set at most {MostNames}.");
            foreach (var other in names.Where(other => !(mayBeTiers && IsTier(other)) && !Models.Contains(other, StringComparer.Ordinal)))
            {
                failures.Add($"Routing:{setting} names '{other}', which is {(mayBeTiers ? "neither a tier nor" : "not")} a configured model. There are: {string.Join(", ", (mayBeTiers ? ModelTiers.All : []).Concat(Models))}.");
            }
        }
    }

    private IEnumerable<string> Models => ((ModelChoice[])[models.Fast, models.Balanced, models.Capable, .. models.Others]).Select(model => model.Name).Distinct(StringComparer.Ordinal);

    private static bool IsTier(string name) => ModelTiers.All.Contains(name, StringComparer.OrdinalIgnoreCase);
}

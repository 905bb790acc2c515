using System.Globalization;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;
using AgentFunctions.Core.Settings;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Budgets;

/// <summary>Refuses settings out of range, with the setting's name, its value and the range.</summary>
public sealed class BudgetOptionsValidation : IValidateOptions<BudgetOptions>
{
    /// <summary>Checks the settings.</summary>
    /// <param name="name">Not used.</param>
    /// <param name="options">The settings.</param>
    public ValidateOptionsResult Validate(string? name, BudgetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new SettingFaults(BudgetOptions.Section);
        Periods(nameof(options.All), options.All);
        Periods(nameof(options.Tenant), options.Tenant);
        foreach (var (tenant, limits) in options.Tenants.OrderBy(tenant => tenant.Key, StringComparer.Ordinal))
        {
            if (!Tenants.IsAllowed(tenant)) faults.Add($"{BudgetOptions.Section}:{nameof(options.Tenants)} names '{tenant}'. {Tenants.Rule}");
            Periods($"{nameof(options.Tenants)}:{tenant}", limits);
        }

        Limit($"{nameof(options.Run)}:{nameof(RunLimits.Usd)}", options.Run.Usd, BudgetLimit.MostUsd);
        Limit($"{nameof(options.Run)}:{nameof(RunLimits.Tokens)}", options.Run.Tokens, BudgetLimit.MostTokens);
        faults.Check(nameof(options.Wait), options.Wait, TimeSpan.Zero, BudgetOptions.LongestWait);
        return faults.Result;

        void Periods(string setting, PeriodLimits limits)
        {
            Limit($"{setting}:{nameof(limits.UsdPerDay)}", limits.UsdPerDay, BudgetLimit.MostUsd);
            Limit($"{setting}:{nameof(limits.TokensPerDay)}", limits.TokensPerDay, BudgetLimit.MostTokens);
            Limit($"{setting}:{nameof(limits.UsdPerMonth)}", limits.UsdPerMonth, BudgetLimit.MostUsd);
            Limit($"{setting}:{nameof(limits.TokensPerMonth)}", limits.TokensPerMonth, BudgetLimit.MostTokens);
        }

        void Limit(string setting, decimal? value, decimal most)
        {
            if (value < 0 || value > most) faults.Add(string.Create(CultureInfo.InvariantCulture, $"{BudgetOptions.Section}:{setting} is {value}. Set it to between 0 and {most:#,0}, or leave it out for no limit."));
        }
    }
}

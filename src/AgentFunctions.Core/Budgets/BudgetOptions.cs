using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Budgets;

/// <summary>What may be spent on models. Without a limit nothing is kept account of.</summary>
public sealed class BudgetOptions
{
    /// <summary>The section of the configuration that they are read from.</summary>
    public const string Section = "Budgets";

    /// <summary>The longest wait that may be set: 10 minutes.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <summary>For all tenants together. Default: no limit.</summary>
    public PeriodLimits All { get; set; } = new();

    /// <summary>For each tenant that <see cref="Tenants"/> does not name. Default: no limit.</summary>
    public PeriodLimits Tenant { get; set; } = new();

    /// <summary>For tenants by name. What is here stands instead of all of <see cref="Tenant"/>. Default: none.</summary>
    public Dictionary<string, PeriodLimits> Tenants { get; } = new(StringComparer.Ordinal);

    /// <summary>For each run that was not given a budget of its own at its start. Default: no limit.</summary>
    public RunLimits Run { get; set; } = new();

    /// <summary>Whether runs may be given budgets of their own at their start. Where they may not, a start with one is refused, and those of runs that were started before do not hold. Default: true.</summary>
    public bool RunBudgets { get; set; } = true;

    /// <summary>How long a call may wait for what others have reserved and may not need, 0 to 10 minutes. Default: 30 s.</summary>
    public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The limits of a tenant.</summary>
    /// <param name="tenant">The tenant's name.</param>
    public PeriodLimits Of(string tenant) => Tenants.GetValueOrDefault(tenant) ?? Tenant;
}

/// <summary>What may be spent in a day and in a month, both UTC.</summary>
public sealed class PeriodLimits
{
    /// <summary>US dollars a day, 0 to 1,000,000,000; 0 lets nothing be spent. Default: no limit.</summary>
    public decimal? UsdPerDay { get; set; }

    /// <summary>Tokens in and out a day, 0 to 10^15. Default: no limit.</summary>
    public long? TokensPerDay { get; set; }

    /// <summary>US dollars a month, 0 to 1,000,000,000. Default: no limit.</summary>
    public decimal? UsdPerMonth { get; set; }

    /// <summary>Tokens in and out a month, 0 to 10^15. Default: no limit.</summary>
    public long? TokensPerMonth { get; set; }

    /// <summary>The limit of a period.</summary>
    /// <param name="period">A day or a month.</param>
    public BudgetLimit Of(BudgetPeriod period) => period == BudgetPeriod.Month ? new() { Usd = UsdPerMonth, Tokens = TokensPerMonth } : new() { Usd = UsdPerDay, Tokens = TokensPerDay };
}

/// <summary>What a run may spend.</summary>
public sealed class RunLimits
{
    /// <summary>US dollars, 0 to 1,000,000,000; 0 lets nothing be spent. Default: no limit.</summary>
    public decimal? Usd { get; set; }

    /// <summary>Tokens in and out, 0 to 10^15. Default: no limit.</summary>
    public long? Tokens { get; set; }

    /// <summary>As a limit.</summary>
    public BudgetLimit ToLimit() => new() { Usd = Usd, Tokens = Tokens };
}

using System.Diagnostics.Metrics;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Budgets;

/// <summary>What is measured of budgets, and under which names.</summary>
public sealed class BudgetMetrics : IDisposable
{
    /// <summary>The meter.</summary>
    public const string Meter = "AgentFunctions.Budgets";

    /// <summary>US dollars that calls under a budget have cost, by <see cref="Tenant"/>.</summary>
    public const string SpentUsd = "agentfunctions.budget.spent_usd";

    /// <summary>Tokens that they have used, in and out, by <see cref="Tenant"/>.</summary>
    public const string SpentTokens = "agentfunctions.budget.spent_tokens";

    /// <summary>Calls that were not made as a budget had no room, by <see cref="Tenant"/>.</summary>
    public const string Refused = "agentfunctions.budget.refused";

    /// <summary>The tag that names the tenant, for those that the settings name; <c>other</c> for all others, as they may be any number.</summary>
    public const string Tenant = "tenant";

    private readonly Meter meter = new(Meter);
    private readonly Counter<double> usd;
    private readonly Counter<long> tokens;
    private readonly Counter<long> refused;

    /// <summary>Makes the instruments.</summary>
    public BudgetMetrics() =>
        (usd, tokens, refused) = (meter.CreateCounter<double>(SpentUsd, "{USD}"), meter.CreateCounter<long>(SpentTokens, "{token}"), meter.CreateCounter<long>(Refused, "{call}"));

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    internal void Spend(string tenant, BudgetAmount amount)
    {
        var tag = new KeyValuePair<string, object?>(Tenant, tenant);
        usd.Add((double)amount.Usd, tag);
        tokens.Add(amount.Tokens, tag);
    }

    internal void Refuse(string tenant) => refused.Add(1, new KeyValuePair<string, object?>(Tenant, tenant));
}

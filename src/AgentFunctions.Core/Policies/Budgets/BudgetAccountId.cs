using System.Security.Cryptography;
using System.Text;

namespace AgentFunctions.Core.Policies.Budgets;

/// <summary>Whose a budget is.</summary>
public enum BudgetScope
{
    /// <summary>A run's, with its sub-orchestrations.</summary>
    Run,

    /// <summary>A tenant's.</summary>
    Tenant,

    /// <summary>All tenants' together.</summary>
    All,
}

/// <summary>Which budget: whose, and for how long.</summary>
/// <param name="Scope">Whose.</param>
/// <param name="Name">The run's instance ID, or the tenant's name; empty for all.</param>
/// <param name="Period">For how long.</param>
public readonly record struct BudgetAccountId(BudgetScope Scope, string Name, BudgetPeriod Period)
{
    private const int LongestName = 80;

    /// <summary>That of a run.</summary>
    /// <param name="instanceId">The run's instance ID.</param>
    public static BudgetAccountId OfRun(string instanceId) => new(BudgetScope.Run, instanceId, BudgetPeriod.Run);

    /// <summary>The key of its entity, 90 characters at most: a longer name is told by its hash.</summary>
    public string Key() => Scope switch
    {
        BudgetScope.Run => $"run-{Short(Name)}",
        BudgetScope.Tenant => $"tenant-{Word}-{Name}",
        _ => $"all-{Word}",
    };

    /// <summary>In words: <c>tenant 'acme' for 2026-01-31</c>.</summary>
    /// <param name="period">The period's name.</param>
    public string Say(string period) => Scope switch
    {
        BudgetScope.Run => $"run '{Name}'",
        BudgetScope.Tenant => $"tenant '{Name}' for {period}",
        _ => $"all tenants for {period}",
    };

    private string Word => Period == BudgetPeriod.Month ? "month" : "day";

    private static string Short(string name) => name.Length <= LongestName ? name : $"={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))}";
}

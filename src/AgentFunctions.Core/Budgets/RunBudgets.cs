using System.Collections.Frozen;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Budgets;

/// <summary>A budget that calls count for.</summary>
/// <param name="Account">Which.</param>
/// <param name="Limit">Its limit.</param>
internal sealed record BudgetLine(BudgetAccountId Account, BudgetLimit Limit);

/// <summary>Which budgets the calls of a run count for: told from its instance ID, the budget that it was started with, and the settings. Nothing is read for it.</summary>
internal sealed class RunBudgets
{
    private readonly BudgetOptions options;
    private readonly IReadOnlyList<BudgetLine> forAll;
    private readonly FrozenDictionary<string, IReadOnlyList<BudgetLine>> ofTenants;
    private readonly bool anyTenantHas;
    private readonly BudgetLimit eachRun;

    public RunBudgets(BudgetOptions options)
    {
        this.options = options;
        forAll = Lines(BudgetScope.All, "", options.All);
        ofTenants = options.Tenants.ToFrozenDictionary(tenant => tenant.Key, tenant => Lines(BudgetScope.Tenant, tenant.Key, tenant.Value), StringComparer.Ordinal);
        anyTenantHas = Lines(BudgetScope.Tenant, "", options.Tenant).Count > 0;
        eachRun = options.Run.ToLimit();
        AreNone = forAll.Count == 0 && !eachRun.Any && !options.RunBudgets && !anyTenantHas && ofTenants.Values.All(lines => lines.Count == 0);
    }

    /// <summary>Whether no run can have a budget.</summary>
    public bool AreNone { get; }

    /// <summary>The budgets of a tenant, or of all.</summary>
    public static IReadOnlyList<BudgetLine> Lines(BudgetScope scope, string name, PeriodLimits limits) =>
    [
        .. new[] { BudgetPeriod.Day, BudgetPeriod.Month }
            .Select(period => new BudgetLine(new BudgetAccountId(scope, name, period), limits.Of(period)))
            .Where(line => line.Limit.Any),
    ];

    /// <summary>The budgets that a run's calls count for.</summary>
    /// <param name="instanceId">The run, or one of its sub-orchestrations; null for calls that are for none.</param>
    /// <param name="own">The budget that the run was started with; null where it was with none.</param>
    public IReadOnlyList<BudgetLine> LinesOf(string? instanceId, BudgetLimit? own)
    {
        if (instanceId is null) return forAll;
        var ofTenant = OfTenant(Tenants.Of(instanceId));
        if (LimitOf(own) is not { Any: true } limit) return ofTenant.Count == 0 ? forAll : [.. ofTenant, .. forAll];
        return [new BudgetLine(BudgetAccountId.OfRun(InstanceIds.RootOf(instanceId)), limit), .. ofTenant, .. forAll];
    }

    /// <summary>What a run may spend by itself.</summary>
    /// <param name="own">The budget that it was started with; null where it was with none.</param>
    public BudgetLimit LimitOf(BudgetLimit? own) => options.RunBudgets && own is not null ? own : eachRun;

    private IReadOnlyList<BudgetLine> OfTenant(string tenant) =>
        ofTenants.TryGetValue(tenant, out var lines) ? lines : anyTenantHas ? Lines(BudgetScope.Tenant, tenant, options.Tenant) : [];
}

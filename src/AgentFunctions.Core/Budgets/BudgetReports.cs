using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Budgets;

/// <summary>Reads where budgets stand, from their entities.</summary>
public static class BudgetReports
{
    /// <summary>The budgets of all, of tenants and of a run.</summary>
    /// <param name="ledger">The worker's budgets.</param>
    /// <param name="runs">The engine's client.</param>
    /// <param name="tenant">Only this tenant's; null for those that the settings name, and the default tenant's.</param>
    /// <param name="run">Also this run's, where it has one, and its tenant's alone; null for no run's.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async Task<BudgetReport> ReadAsync(BudgetLedger ledger, IRunClient runs, string? tenant, string? run, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(runs);
        var options = ledger.Options;
        var root = run is null ? null : InstanceIds.RootOf(run);
        IReadOnlyList<string> tenants = (tenant ?? (root is null ? null : Tenants.Of(root))) is { } one ? [one] : [.. options.Tenants.Keys.Append(Tenants.Default).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        List<BudgetLine> lines = [.. RunBudgets.Lines(BudgetScope.All, "", options.All), .. tenants.SelectMany(name => RunBudgets.Lines(BudgetScope.Tenant, name, options.Of(name)))];
        if (root is not null) lines.Add(new BudgetLine(BudgetAccountId.OfRun(root), new RunBudgets(options).LimitOf((await runs.GetAsync(root, includePayloads: true, cancellationToken))?.Budget)));
        var budgets = await Task.WhenAll(lines.Select(async line => BudgetStatus.From(line, await runs.GetEntityStateAsync<BudgetLedgerState>(EntityReferences.Budget(line.Account), cancellationToken), now)));
        return new BudgetReport(ledger.Worker, [.. budgets.Where(budget => budget.Limit.Any)]);
    }
}

using System.Collections.Concurrent;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Budgets;

/// <summary>A budget that calls count for.</summary>
/// <param name="Account">Which.</param>
/// <param name="Limit">Its limit.</param>
internal sealed record BudgetLine(BudgetAccountId Account, BudgetLimit Limit);

/// <summary>Which budgets the calls of a run count for: found once for each run, and kept while it makes calls.</summary>
internal sealed class RunBudgets
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<string, Known> known = new(StringComparer.Ordinal);
    private readonly BudgetOptions options;
    private readonly IBudgetSource source;
    private readonly TimeProvider time;
    private readonly IReadOnlyList<BudgetLine> forAll;
    private readonly BudgetLimit eachRun;
    private long forgetAt;

    public RunBudgets(BudgetOptions options, IBudgetSource source, TimeProvider time)
    {
        (this.options, this.source, this.time) = (options, source, time);
        forAll = Lines(BudgetScope.All, "", options.All);
        eachRun = options.Run.ToLimit();
        AreNone = forAll.Count == 0 && !eachRun.Any && !options.RunBudgets && Lines(BudgetScope.Tenant, "", options.Tenant).Count == 0
            && options.Tenants.All(tenant => Lines(BudgetScope.Tenant, tenant.Key, tenant.Value).Count == 0);
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
    public async ValueTask<IReadOnlyList<BudgetLine>> LinesAsync(string? instanceId, CancellationToken cancellationToken)
    {
        if (instanceId is null) return forAll;
        var run = InstanceIds.RootOf(instanceId);
        var entry = known.GetOrAdd(run, static _ => new Known());
        entry.UsedAt = time.GetTimestamp();
        Task<IReadOnlyList<BudgetLine>> finding;
        lock (entry) finding = entry.Lines ??= FindAsync(run);
        try
        {
            return await finding.WaitAsync(cancellationToken);
        }
        catch (Exception) when (finding.IsFaulted)
        {
            // The next call asks again.
            known.TryRemove(new(run, entry));
            throw;
        }
    }

    /// <summary>Forgets runs that have made no call for a while.</summary>
    public void Forget()
    {
        var now = time.GetTimestamp();
        if (now < forgetAt) return;
        forgetAt = now + time.TimestampFrequency * 60;
        foreach (var (run, entry) in known)
        {
            if (time.GetElapsedTime(entry.UsedAt, now) >= KeptFor) known.TryRemove(new(run, entry));
        }
    }

    private async Task<IReadOnlyList<BudgetLine>> FindAsync(string run)
    {
        var own = options.RunBudgets ? await source.OwnLimitAsync(run, CancellationToken.None) : null;
        var tenant = Tenants.Of(run);
        var limit = own ?? eachRun;
        IEnumerable<BudgetLine> ofRun = limit.Any ? [new BudgetLine(BudgetAccountId.OfRun(run), limit)] : [];
        return [.. ofRun, .. Lines(BudgetScope.Tenant, tenant, options.Of(tenant)), .. forAll];
    }

    private sealed class Known
    {
        public Task<IReadOnlyList<BudgetLine>>? Lines { get; set; }

        public long UsedAt { get; set; }
    }
}

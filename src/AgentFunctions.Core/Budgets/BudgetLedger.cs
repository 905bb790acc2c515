using System.Collections.Concurrent;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Budgets;

/// <summary>
/// The budgets as a worker has them: what calls reserve before they are made and settle after it, each against every budget that it counts for. One for a process. Where
/// there is nothing to limit it does nothing.
/// </summary>
public sealed partial class BudgetLedger : IDisposable, IHeldByWorker
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<BudgetAccountId, BudgetSlice> slices = new();
    private readonly List<BudgetSlice> leaving = [];
    private readonly Lock gate = new();
    private readonly Func<bool> hasClient;
    private readonly IBudgetSource source;
    private readonly TimeProvider time;
    private readonly BudgetMetrics? metrics;
    private readonly ILogger logger;
    private readonly ITimer timer;
    private readonly RunBudgets runs;
    private long made;
    private bool isTicking;
    private bool isDisposed;
    private int hasWarned;

    /// <summary>Makes it; nothing is asked for yet.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="source">Where slices come from.</param>
    /// <param name="hasClient">Whether the host has an engine's client, by which budgets are reached.</param>
    /// <param name="worker">This worker's name, unlike that of every other and of its own earlier lives.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of budgets that do not answer.</param>
    /// <param name="metrics">Hears of what is spent. Default: nobody does.</param>
    public BudgetLedger(BudgetOptions options, IBudgetSource source, Func<bool> hasClient, string worker, TimeProvider time, ILogger logger, BudgetMetrics? metrics = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        (Options, this.source, this.hasClient, Worker, this.time, this.logger, this.metrics) = (options, source, hasClient, worker, time, logger, metrics);
        runs = new RunBudgets(options);
        timer = time.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The limits.</summary>
    public BudgetOptions Options { get; }

    /// <summary>This worker's name.</summary>
    public string Worker { get; }

    /// <summary>Whether no run can have a budget: then there is nothing to reserve.</summary>
    public bool IsIdle => runs.AreNone;

    /// <summary>How many slices are held or being given back.</summary>
    internal int Slices
    {
        get
        {
            lock (gate) return slices.Count + leaving.Count;
        }
    }

    /// <summary>Reserves for a call in every budget that it counts for, and waits where others hold what may still come free.</summary>
    /// <param name="run">The instance ID of the run or sub-orchestration that the call is for; null where it is for none, and only what holds for all counts.</param>
    /// <param name="own">The budget that the run was started with; null where it was with none.</param>
    /// <param name="amount">What the call may cost.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="BudgetExceededException">A budget has no room for it.</exception>
    /// <exception cref="BudgetBusyException">It did not fit in time, though it may later, or a budget did not answer.</exception>
    public async ValueTask<BudgetReservation> ReserveAsync(string? run, BudgetLimit? own, BudgetAmount amount, CancellationToken cancellationToken)
    {
        var lines = LinesOf(run, own);
        if (lines.Count == 0) return BudgetReservation.None;
        var tenant = TagOf(run);
        var held = new BudgetSlice[lines.Count];
        long? deadline = null;
        while (true)
        {
            if (TryAll(lines, amount, held) is not { } tooShort) return Reserved(held, amount, tenant);
            try
            {
                await tooShort.WaitAsync(amount, deadline ??= tooShort.Deadline(Options.Wait), cancellationToken);
            }
            catch (BudgetExceededException)
            {
                metrics?.Refuse(tenant);
                throw;
            }
        }
    }

    /// <summary>Counts what has been spent without a reservation, as it could not be told before. It is owed where there is no room for it, and taken from the next reservations.</summary>
    /// <param name="run">The instance ID of the run or sub-orchestration that it was spent for; null where it was for none.</param>
    /// <param name="own">The budget that the run was started with; null where it was with none.</param>
    /// <param name="cost">What it cost.</param>
    public void Spend(string? run, BudgetLimit? own, BudgetAmount cost)
    {
        var lines = LinesOf(run, own);
        if (lines.Count == 0 || cost == BudgetAmount.Zero) return;
        var held = new BudgetSlice[lines.Count];

        // There is always room for nothing.
        TryAll(lines, BudgetAmount.Zero, held);
        Reserved(held, BudgetAmount.Zero, TagOf(run)).Settle(cost);
    }

    string IHeldByWorker.Otherwise => "What it holds of budgets counts as spent for the rest of its period.";

    /// <summary>Gives back what no call has reserved, as the worker stops. What can't be given back counts as spent.</summary>
    public Task ReturnAsync()
    {
        List<BudgetSlice> all;
        lock (gate) all = [.. slices.Values, .. leaving];
        return Task.WhenAll(all.Select(slice => slice.ReturnAsync()));
    }

    /// <summary>Ends all; nothing more is told.</summary>
    public void Dispose()
    {
        lock (gate) isDisposed = true;
        timer.Dispose();
    }

    private BudgetReservation Reserved(BudgetSlice[] held, BudgetAmount amount, string tenant) => new(held, amount, cost => metrics?.Spend(tenant, cost));

    private IReadOnlyList<BudgetLine> LinesOf(string? run, BudgetLimit? own)
    {
        if (runs.AreNone) return [];
        var lines = runs.LinesOf(run, own);
        if (lines.Count == 0 || hasClient()) return lines;
        if (Interlocked.Exchange(ref hasWarned, 1) == 0) LogNoClient();
        return [];
    }

    /// <summary>Reserves in all, or in none: then the one that was short.</summary>
    private BudgetSlice? TryAll(IReadOnlyList<BudgetLine> lines, BudgetAmount amount, BudgetSlice[] held)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            var slice = SliceOf(lines[i]);
            Room room;
            while ((room = slice.TryReserve(amount)) == Room.Gone) slice = Replace(lines[i], slice);
            held[i] = slice;
            if (room == Room.Reserved) continue;
            for (var j = 0; j < i; j++) held[j].Settle(amount, BudgetAmount.Zero);
            return slice;
        }

        return null;
    }

    /// <summary>The slice of a budget. That of a run which was purged, and started under its ID with another budget, is another one.</summary>
    private BudgetSlice SliceOf(BudgetLine line) => slices.TryGetValue(line.Account, out var slice) && slice.Asked == line.Limit ? slice : Replace(line, gone: slice);

    private BudgetSlice Replace(BudgetLine line, BudgetSlice? gone)
    {
        lock (gate)
        {
            if (slices.TryGetValue(line.Account, out var other) && other != gone) return other;
            if (gone is not null) leaving.Add(gone);
            var slice = slices[line.Account] = new BudgetSlice(line.Account, line.Limit, $"{Worker}-{++made}", source, time, logger);
            if (!isTicking && !isDisposed) isTicking = timer.Change(TickEvery, Timeout.InfiniteTimeSpan);
            return slice;
        }
    }

    private void Tick()
    {
        lock (gate)
        {
            if (isDisposed) return;
            foreach (var (account, slice) in slices)
            {
                if (slice.Tick()) slices.TryRemove(new(account, slice));
            }

            leaving.RemoveAll(slice => slice.Tick());
            isTicking = !(slices.IsEmpty && leaving.Count == 0) && timer.Change(TickEvery, Timeout.InfiniteTimeSpan);
        }
    }

    private string TagOf(string? run) => run is not null && Tenants.Of(run) is var tenant && Options.Tenants.ContainsKey(tenant) ? tenant : "other";

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "There are budgets, but this host has no engine's client to share them by: its calls are not limited by them.")]
    private partial void LogNoClient();
}

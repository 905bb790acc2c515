using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Budgets;

/// <summary>
/// A worker's slice of a budget: calls reserve from it and settle into it at the cost of a lock, and it is made larger, told of and given back a request at a time. It is of
/// one period. What was reserved before the period's end is settled in it; what comes after needs a slice of its own.
/// </summary>
internal sealed partial class BudgetSlice
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly List<TaskCompletionSource> Nobody = [];
    private readonly Lock gate = new();
    private readonly SpendRate rate = new();
    private readonly TimeProvider time;
    private BudgetLimit limit;
    private BudgetAmount used;
    private BudgetAmount held;
    private BudgetAmount reserved;
    private int calls;
    private long usedAt;
    private long endsAt = long.MaxValue;
    private bool isClosed;
    private List<TaskCompletionSource> waiting = [];

    /// <summary>Makes it; it holds nothing yet.</summary>
    /// <param name="account">Of which budget.</param>
    /// <param name="limit">Its limit, as the worker's settings or the run's start say.</param>
    /// <param name="holder">A name that is never used twice.</param>
    /// <param name="source">Where there is more.</param>
    /// <param name="time">The clock; only its monotonic time is used.</param>
    /// <param name="logger">Hears of a budget that does not answer.</param>
    public BudgetSlice(BudgetAccountId account, BudgetLimit limit, string holder, IBudgetSource source, TimeProvider time, ILogger logger)
    {
        (Account, Asked, this.limit, this.holder, this.source, this.time, this.logger) = (account, limit, limit, holder, source, time, logger);
        usedAt = toldAt = Now;
    }

    /// <summary>Of which budget.</summary>
    public BudgetAccountId Account { get; }

    /// <summary>The limit that it was made for.</summary>
    public BudgetLimit Asked { get; }

    private long Now => time.GetTicks();

    /// <summary>Reserves for a call, where there is room in hand.</summary>
    public Room TryReserve(BudgetAmount amount)
    {
        BudgetRequest? request = null;
        lock (gate)
        {
            var now = Now;
            if (isClosed || now >= endsAt) return Room.Gone;
            if (!Fits(amount)) return Room.Short;
            (reserved, calls, usedAt) = (reserved + amount, calls + 1, now);
            rate.Note(amount, now);
            if (IsLow(now)) request = NextRequest(limit.PartOf(amount), now);
        }

        if (request is not null) _ = AskAsync(request);
        return Room.Reserved;
    }

    /// <summary>Ends a reservation with what the call has cost. It may be more: then that is owed, and taken from what comes.</summary>
    public void Settle(BudgetAmount amount, BudgetAmount cost)
    {
        List<TaskCompletionSource> woken;
        lock (gate)
        {
            (reserved, calls, usedAt, used, held) = (reserved - amount, calls - 1, Now, used + cost, held - cost);
            woken = TakeWaiting();
        }

        woken.ForEach(waiter => waiter.TrySetResult());
    }

    /// <summary>Waits until an amount fits, or until this slice can be reserved from no more.</summary>
    /// <exception cref="BudgetExceededException">The limit leaves no room for it, even if nothing that is reserved is spent.</exception>
    /// <exception cref="ThrottledException">It did not fit in time, as others have reserved what is left, or the budget did not answer.</exception>
    public async Task WaitAsync(BudgetAmount amount, long deadline, CancellationToken cancellationToken)
    {
        while (true)
        {
            var wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            TimeSpan pause;
            BudgetRequest? request = null;
            lock (gate)
            {
                var now = Now;
                if (isClosed || now >= endsAt || Fits(amount)) return;
                if (standing is not null && now < standingUntil && !limit.Allows(standing.Spent, amount)) throw BudgetExceededException.Of(Account, standing, amount);
                if (now >= deadline) throw Busy();

                // After a refusal without what is in hand and no call has reserved: several workers that each hold less than a call costs would else keep each other waiting for good.
                if (MayAsk(amount, now)) request = NextRequest(limit.PartOf(amount), now, refused == BudgetAmount.Zero ? null : InUse);
                pause = TimeSpan.FromTicks(Math.Min(deadline, isAsking ? long.MaxValue : askAgainAt) - now);
                waiting.Add(wake);
            }

            if (request is not null) _ = AskAsync(request);
            await WakeAsync(wake, pause, cancellationToken);
        }
    }

    /// <summary>How long the worker waits at most, as a time of its clock.</summary>
    public long Deadline(TimeSpan wait) => Now + wait.Ticks;

    private bool Fits(BudgetAmount amount)
    {
        var free = held - reserved;
        return (limit.Usd is null || amount.Usd <= 0 || amount.Usd <= free.Usd) && (limit.Tokens is null || amount.Tokens <= 0 || amount.Tokens <= free.Tokens);
    }

    /// <summary>Waits until something has changed or the time is over.</summary>
    private async Task WakeAsync(TaskCompletionSource wake, TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await using var late = time.CreateTimer(static state => ((TaskCompletionSource)state!).TrySetResult(), wake, pause > Shortest ? pause : Shortest, Timeout.InfiniteTimeSpan);
            await using var given = cancellationToken.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), wake);
            await wake.Task;
        }
        finally
        {
            // One that gave up must not look as if it waited.
            lock (gate) waiting.Remove(wake);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Those who wait, to be told outside of the lock that something has changed.</summary>
    private List<TaskCompletionSource> TakeWaiting()
    {
        if (waiting.Count == 0) return Nobody;
        var taken = waiting;
        waiting = [];
        return taken;
    }

    private BudgetBusyException Busy() => standing is null || hasFailed
        ? new($"The budget of {Account.Say(standing?.Period ?? "now")} does not answer, and without it no call is made. Look at the task hub: its entity '{Account.Key()}' is not being served.", ComeBack)
        : new($"The budget of {Account.Say(standing.Period)} has no room for this call now: of {limit} {limit.Say(standing.Spent)} is spent, and calls that run have reserved the rest. Come back when they have ended.", ComeBack);
}

/// <summary>Whether there was room for a call.</summary>
internal enum Room
{
    /// <summary>It is reserved.</summary>
    Reserved,

    /// <summary>Not in hand.</summary>
    Short,

    /// <summary>The slice is given back, or its period is over: ask another.</summary>
    Gone,
}

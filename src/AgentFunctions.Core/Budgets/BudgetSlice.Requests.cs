using AgentFunctions.Core.Policies.Budgets;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Budgets;

/// <content>What the slice tells its budget and asks of it: one request at a time.</content>
internal sealed partial class BudgetSlice
{
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(15);

    // Well within the time that the budget keeps its answers for: a slice that is used again goes on under its name, so that the budget need not know many.
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan TellAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RenewAfter = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterTooLittle = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StandingHolds = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ComeBack = TimeSpan.FromSeconds(5);

    // The first call of many asks for as much as so many of its kind need.
    private const int CallsAhead = 4;

    private readonly string holder;
    private readonly IBudgetSource source;
    private readonly ILogger logger;
    private BudgetStanding? standing;
    private long standingUntil;
    private long number;
    private bool isKnown;
    private bool isAsking;
    private bool hasFailed;
    private bool isReturned;
    private long askAgainAt;
    private long prefetchAt;
    private long toldAt;
    private BudgetAmount toldUsed;
    private BudgetAmount heldThen;
    private BudgetAmount refused;

    /// <summary>What of it calls have reserved that run.</summary>
    private BudgetAmount InUse => BudgetAmount.Min(InHand, BudgetAmount.Max(BudgetAmount.Zero, reserved));

    private BudgetAmount InHand => BudgetAmount.Max(BudgetAmount.Zero, held);

    /// <summary>Tells, renews or gives back what it is time for. True where nothing is left to be done, ever.</summary>
    public bool Tick()
    {
        BudgetRequest? request;
        lock (gate)
        {
            var now = Now;
            var isIdle = calls == 0 && waiting.Count == 0;
            if (isIdle && (now >= endsAt || now - usedAt >= ForgottenAfter.Ticks)) isClosed = true;
            var isTold = used == toldUsed;
            if (isClosed && isTold && (isReturned || number == 0)) return true;
            if (isAsking || (hasFailed && now < askAgainAt)) return false;
            request = isClosed || (isIdle && now - usedAt >= IdleAfter.Ticks && InHand != BudgetAmount.Zero) ? NextRequest(null, now, keep: BudgetAmount.Zero)
                : now - toldAt >= (isTold ? RenewAfter : TellAfter).Ticks && (!isTold || InHand != BudgetAmount.Zero) ? NextRequest(null, now)
                : null;
        }

        if (request is not null) _ = AskAsync(request);
        return false;
    }

    /// <summary>Gives back what no call has reserved, as the worker stops.</summary>
    public async Task ReturnAsync()
    {
        while (true)
        {
            BudgetRequest? request = null;
            var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (gate)
            {
                if (isAsking) waiting.Add(answer);
                else if (used == toldUsed && InHand == BudgetAmount.Zero) return;
                else request = NextRequest(null, Now, keep: InUse);
            }

            if (request is not null)
            {
                await AskAsync(request);
                return;
            }

            // What an answer on its way brings would be lost for the period.
            await answer.Task;
        }
    }

    /// <summary>Whether what is in hand will soon be used up, and there may be more.</summary>
    private bool IsLow(long now)
    {
        if (isAsking || now < prefetchAt || !limit.Any) return false;
        var coming = limit.PartOf(rate.In(Ahead / 4, now));
        var free = held - reserved;
        return (coming.Usd > 0 && free.Usd < coming.Usd) || (coming.Tokens > 0 && free.Tokens < coming.Tokens);
    }

    /// <summary>Whether it is worth asking: not for what was refused just now, but for less.</summary>
    private bool MayAsk(BudgetAmount amount, long now) =>
        !isAsking && (now >= askAgainAt || (!hasFailed && NeededFor(amount) is var needed && (needed.Usd < refused.Usd || needed.Tokens < refused.Tokens)));

    // What is owed is told with the next request, and no more in the way; what is reserved beyond what is in hand is.
    private BudgetAmount NeededFor(BudgetAmount amount) => BudgetAmount.Max(BudgetAmount.Zero, limit.PartOf(amount - (InHand - reserved)));

    private BudgetRequest NextRequest(BudgetAmount? least, long now, BudgetAmount? keep = null)
    {
        var kept = keep ?? InHand;

        // What is given back is out of hand from here on, whether or not this arrives.
        held -= InHand - kept;
        (heldThen, isAsking, isReturned) = (held, true, false);
        var want = BudgetAmount.Zero;
        if (least is { } amount)
        {
            var coming = BudgetAmount.Max(limit.PartOf(rate.In(Ahead, now)), new BudgetAmount(amount.Usd * CallsAhead, amount.Tokens * CallsAhead));
            var free = held - reserved;

            least = NeededFor(amount);
            want = BudgetAmount.Max(least.Value, coming - BudgetAmount.Max(BudgetAmount.Zero, free));
        }

        return new BudgetRequest { Holder = holder, Number = ++number, Known = isKnown, Limit = limit, Period = Account.Period, Used = used, Keep = kept, Least = least, Want = want };
    }

    private async Task AskAsync(BudgetRequest request)
    {
        var sent = Now;
        List<TaskCompletionSource> woken;
        try
        {
            var answer = await source.AskAsync(Account, request, CancellationToken.None);
            lock (gate)
            {
                Take(request, answer, sent);
                woken = TakeWaiting();
            }
        }
#pragma warning disable CA1031 // Whatever keeps the budget from answering is logged and tried again; calls wait meanwhile, and each for no longer than it may.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogNoAnswer(Account.Key(), error);
            lock (gate)
            {
                (isAsking, hasFailed, askAgainAt) = (false, true, Now + AfterFailure.Ticks);
                woken = TakeWaiting();
            }
        }

        woken.ForEach(waiter => waiter.TrySetResult());
    }

    private void Take(BudgetRequest request, BudgetStanding answer, long sent)
    {
        var now = Now;
        var lease = answer.Lease;

        // What was owed when it was sent has been told, and is the budget's; what was spent since is not.
        held += lease.Held - heldThen;
        (isAsking, hasFailed, isKnown, toldAt, toldUsed, limit) = (false, false, true, now, request.Used, answer.Limit);
        (standing, standingUntil) = (answer, now + StandingHolds.Ticks);
        isReturned = lease.Held == BudgetAmount.Zero;
        if (lease.EndsIn is { } left) endsAt = sent + left.Ticks;
        if (request.Least is not { } least) return;
        var given = lease.Held - lease.Kept;
        var isEnough = given.Usd >= least.Usd && given.Tokens >= least.Tokens;
        (askAgainAt, refused) = isEnough ? (0, BudgetAmount.Zero) : (now + AfterTooLittle.Ticks, least);
        prefetchAt = given.Usd >= request.Want.Usd && given.Tokens >= request.Want.Tokens ? 0 : now + StandingHolds.Ticks;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The budget '{Account}' does not answer. Calls that need it wait; it is asked again in a second.")]
    private partial void LogNoAnswer(string account, Exception error);
}

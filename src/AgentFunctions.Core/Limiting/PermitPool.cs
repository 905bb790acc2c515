using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities.RateLimiter;
using AgentFunctions.Core.Load;
using AgentFunctions.Core.Policies.RateLimiting;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Limiting;

/// <summary>
/// A worker's permits for one deployment: leases them many at once, ahead of the calls that are likely to come, and hands them to waiting calls by lane. What will not
/// be wanted goes back before it starts. The limits hold across workers, because all that a worker may start was dealt out by one entity.
/// </summary>
public sealed partial class PermitPool : IPermitSource, IPermitLedger, IDisposable
{
    // How many of the last calls the average of tokens is over.
    private const int Averaged = 32;
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly string deployment;
    private readonly RateLimits limits;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly LaneQueue<Waiter> waiting = new();
    private readonly HeldPermits held = new();
    private readonly DecayingRate arrivals = new(TimeSpan.FromSeconds(5));
    private readonly StartRate starts = new();
    private readonly ITimer timer;
    private bool isStopped;
    private long calls;
    private double averageTokens;
    private long quietUntil;

    /// <summary>Makes the pool; nothing is asked for yet.</summary>
    /// <param name="deployment">The deployment's name.</param>
    /// <param name="limits">Its limits.</param>
    /// <param name="leases">Where leases come from.</param>
    /// <param name="worker">This worker's name, unlike that of every other and of its own earlier lives.</param>
    /// <param name="time">The clock; all waits go by its monotonic time.</param>
    /// <param name="logger">Hears of a limiter that does not answer.</param>
    /// <param name="shards">Among how many limiters the deployment's limits are divided, 1 to 32; fewer where they are too small for so many. Default: 1.</param>
    public PermitPool(string deployment, RateLimits limits, ILeaseSource leases, string worker, TimeProvider time, ILogger logger, int shards = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(deployment);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(leases);
        ArgumentException.ThrowIfNullOrEmpty(worker);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        (this.deployment, this.limits, this.leases, this.worker, this.time, this.logger) = (deployment, limits, leases, worker, time, logger);
        stopping = stopped.Token;
        links = ShardLink.InOrder(deployment, Sharding.CountFor(limits, shards), worker);
        byShard = [.. links.OrderBy(link => link.Shard)];
        timer = time.CreateTimer(_ => Turn(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many limiters the deployment has.</summary>
    public int Shards => links.Count;

    private long Now => time.GetTicks();

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The call's tokens or its wait are out of range.</exception>
    /// <exception cref="ObjectDisposedException">The worker stops.</exception>
    public async Task<Permit> AcquireAsync(PermitAsk ask, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ask);
        if (ask.Tokens < 0 || !double.IsFinite(ask.Tokens)) throw new ArgumentOutOfRangeException(nameof(ask), ask.Tokens, "A call's tokens must be a number of at least 0.");
        if (ask.MaxWait < TimeSpan.Zero || ask.MaxWait > LongestWait) throw new ArgumentOutOfRangeException(nameof(ask), ask.MaxWait, $"A call may wait for 0 to {LongestWait}.");
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = Enter(ask);
        if (waiter.Answer.Task.IsCompleted) return await waiter.Answer.Task;
        Permit permit;
        await using (time.CreateTimer(_ => GiveUp(waiter, () => waiter.Answer.TrySetException(waiter.TooLate(deployment, ComeBack()))), state: null, ask.MaxWait, Timeout.InfiniteTimeSpan))
        await using (cancellationToken.Register(() => GiveUp(waiter, () => waiter.Answer.TrySetCanceled(cancellationToken))))
        {
            permit = await waiter.Answer.Task;
        }

        if (!cancellationToken.IsCancellationRequested) return permit;

        // It came as its call was given up: the next in the queue has use for it.
        permit.Return();
        throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>Where it stands.</summary>
    public PoolStatus Status()
    {
        lock (gate)
        {
            var now = Now;
            held.Expire(now);
            return new PoolStatus(waiting.Count, held.Count, Forecast(RunPriority.Workflow, now));
        }
    }

    /// <summary>How long a call of this lane that came now would wait, going by what has started lately; the quiet that is left where that says nothing.</summary>
    /// <param name="lane">The lane.</param>
    public TimeSpan ForecastWait(RunPriority lane)
    {
        lock (gate)
        {
            return Forecast(lane, Now);
        }
    }

    /// <summary>Takes a place in the queue.</summary>
    internal Waiter Enter(PermitAsk ask)
    {
        var waiter = new Waiter(ask, Now);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isStopped, this);
            if (Forecast(ask.Lane, waiter.Since) > ask.MaxWait) throw waiter.TooLate(deployment, ComeBack());
            arrivals.Note(TimeSpan.FromTicks(waiter.Since));
            averageTokens += (ask.Tokens - averageTokens) / Math.Min(++calls, Averaged);
            waiter.TakeOut = waiting.Add(waiter, ask.Lane, waiter.Since);
        }

        Turn();
        return waiter;
    }

    /// <summary>Ends all waits with an <see cref="ObjectDisposedException"/>. What is held runs out by itself, as it does when a worker dies, unless <see cref="ReturnAsync"/> came before.</summary>
    public void Dispose()
    {
        List<Waiter> left = [];
        lock (gate)
        {
            if (isStopped) return;
            isStopped = true;
            timer.Dispose();
            while (waiting.TryTake(out var waiter)) left.Add(waiter);
            leaving?.TrySetResult();
        }

        stopped.Cancel();
        stopped.Dispose();
        foreach (var waiter in left) waiter.Answer.TrySetException(new ObjectDisposedException(nameof(PermitPool), $"The worker stops, so that no call of '{deployment}' starts any more. It is made again by another."));
    }

    void IPermitLedger.Settle(HeldPermit permit, double excess)
    {
        lock (gate)
        {
            var link = LinkOf(permit);
            link.Owed += excess;
            if (!isStopped && link.HasToTell && wakeAt > link.TellBy) Wake(Now);
        }
    }

    void IPermitLedger.Return(HeldPermit permit, double tokens)
    {
        lock (gate)
        {
            if (isStopped) return;
            if (permit.End > Now && permit.Start >= droppedBefore)
            {
                // As if it had never been handed out.
                LinkOf(permit).Owed -= tokens - permit.Tokens;
                held.Add(permit);
            }
            else
            {
                LinkOf(permit).Owed -= tokens;
            }
        }

        Turn();
    }

    void IPermitLedger.Refuse(HeldPermit permit, double tokens, TimeSpan retryAfter)
    {
        lock (gate)
        {
            if (isStopped) return;
            LinkOf(permit).Owed -= tokens;

            // Whichever of them gave the permit: the limit is one for all.
            foreach (var link in links) link.Refuse(retryAfter);
            BeQuiet(Now, retryAfter);
        }

        Turn();
    }

    /// <summary>Hands out what may start now, asks for more where more is needed, and wakes up when there is something to do.</summary>
    private void Turn()
    {
        List<(Waiter Waiter, Permit Permit)> starting = [];
        IReadOnlyList<(ShardLink Link, LeaseRequest Request)> requests = [];
        lock (gate)
        {
            if (isStopped) return;
            var now = Now;
            held.Expire(now);
            starts.Watch(now, waiting.Count > 0 && now >= quietUntil);
            while (now >= quietUntil && waiting.Count > 0 && held.Take(now) is { } permit)
            {
                waiting.TryTake(out var waiter);
                LinkOf(permit).Owed += waiter.Ask.Tokens - permit.Tokens;
                starts.Note();
                starting.Add((waiter, new Permit(this, permit, waiter.Ask.Tokens, TimeSpan.FromTicks(now - waiter.Since))));
            }

            starts.Watch(now, waiting.Count > 0 && now >= quietUntil);
            requests = NextRequests(now);
            Wake(now);
        }

        foreach (var (waiter, permit) in starting) waiter.Answer.TrySetResult(permit);
        foreach (var (link, request) in requests) _ = AskAsync(link, request);
    }

    /// <summary>Nothing starts for a while. What is held was dealt out before anyone knew: it is not used, and what has not started yet goes back.</summary>
    private void BeQuiet(long now, TimeSpan quiet)
    {
        quietUntil = Math.Max(quietUntil, now + (quiet < RateReservation.LongestQuiet ? quiet : RateReservation.LongestQuiet).Ticks);
        droppedBefore = quietUntil;
        dropped++;
        GiveBack(held.Clear(now));
        foreach (var link in links) (link.AskAgainAt, link.LineEnd) = (0, 0);
    }

    /// <summary>How long a call of this lane would wait, going by what has started lately; the quiet that is left where that says nothing.</summary>
    private TimeSpan Forecast(RunPriority lane, long now)
    {
        var quiet = TimeSpan.FromTicks(Math.Max(0, quietUntil - now));
        return waiting.Count > 0 && starts.PerSecond is { } rate ? quiet + TimeSpan.FromSeconds(waiting.Ahead(lane, now) / rate) : quiet;
    }

    /// <summary>When it is worth coming again: when who waits now has started; at least a second.</summary>
    private TimeSpan ComeBack()
    {
        lock (gate)
        {
            var now = Now;
            var wait = Math.Max(Forecast(RunPriority.Workflow, now).Ticks, links.Min(link => link.AskAgainAt) - now);
            return TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(TimeSpan.FromTicks(wait).TotalSeconds)));
        }
    }

    private void GiveUp(Waiter waiter, Func<bool> answer)
    {
        lock (gate)
        {
            if (!waiter.TakeOut()) return;
        }

        answer();
    }
}

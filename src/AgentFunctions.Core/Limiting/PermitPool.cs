using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities.RateLimiter;
using AgentFunctions.Core.Policies.RateLimiting;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Limiting;

/// <summary>
/// A worker's permits for one deployment: leases them many at once, ahead of the calls that are likely to come, and hands them to waiting calls by lane. What is not
/// used in time goes back with the next request. The limits hold across workers, because all that a worker may start was dealt out by one entity.
/// </summary>
public sealed partial class PermitPool : IPermitSource, IPermitLedger, IDisposable
{
    // How many of the last calls the average of tokens is over, and how many starts make a rate to go by.
    private const int Averaged = 32;
    private const int Telling = 20;
    private static readonly TimeSpan TellAfter = TimeSpan.FromSeconds(10);

    private readonly string deployment;
    private readonly RateLimits limits;
    private readonly ILeaseSource leases;
    private readonly TimeProvider time;
    private readonly string worker;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private readonly LaneQueue<Waiter> waiting = new();
    private readonly HeldPermits held = new();
    private readonly ArrivalRate arrivals = new();
    private readonly ArrivalRate starts = new();
    private readonly ITimer timer;
    private readonly CancellationTokenSource stopped = new();
    private long lease;
    private long asked;
    private bool isAsking;
    private long askAgainAt;
    private long quietUntil;
    private int unused;
    private double owed;
    private TimeSpan? refused;
    private double averageTokens;
    private long started;
    private long toldAt;

    /// <summary>Makes the pool; nothing is asked for yet.</summary>
    /// <param name="deployment">The deployment's name.</param>
    /// <param name="limits">Its limits.</param>
    /// <param name="leases">Where leases come from.</param>
    /// <param name="worker">This worker's name, unlike that of every other and of its own earlier lives.</param>
    /// <param name="time">The clock; all waits go by its monotonic time.</param>
    /// <param name="logger">Hears of a limiter that does not answer.</param>
    public PermitPool(string deployment, RateLimits limits, ILeaseSource leases, string worker, TimeProvider time, ILogger logger)
    {
        ArgumentException.ThrowIfNullOrEmpty(deployment);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(leases);
        ArgumentException.ThrowIfNullOrEmpty(worker);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        (this.deployment, this.limits, this.leases, this.worker, this.time, this.logger) = (deployment, limits, leases, worker, time, logger);
        timer = time.CreateTimer(_ => Turn(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private long Now => time.GetElapsedTime(0, time.GetTimestamp()).Ticks;

    /// <inheritdoc/>
    public async Task<Permit> AcquireAsync(PermitAsk ask, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ask);
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(stopped.IsCancellationRequested, this);
        var waiter = Enter(ask);
        if (waiter.Answer.Task.IsCompleted) return await waiter.Answer.Task;
        await using var late = time.CreateTimer(_ => GiveUp(waiter, waiter.TooLate(deployment, ComeBack())), state: null, ask.MaxWait, Timeout.InfiniteTimeSpan);
        await using var cancelled = cancellationToken.Register(() => GiveUp(waiter, new OperationCanceledException(cancellationToken)));
        return await waiter.Answer.Task;
    }

    /// <summary>Takes a place in the queue.</summary>
    internal Waiter Enter(PermitAsk ask)
    {
        var waiter = new Waiter(ask, Now);
        lock (gate)
        {
            if (Forecast(ask.Lane, waiter.Since) > ask.MaxWait) throw waiter.TooLate(deployment, ComeBack());
            arrivals.Note(waiter.Since);
            averageTokens += (ask.Tokens - averageTokens) / Math.Min(++asked, Averaged);
            waiter.TakeOut = waiting.Add(waiter, ask.Lane, waiter.Since);
        }

        Turn();
        return waiter;
    }

    /// <summary>Gives back what is held, as far as the limiter answers. Who waits is told that it was in vain.</summary>
    public void Dispose()
    {
        stopped.Cancel();
        timer.Dispose();
        lock (gate)
        {
            while (waiting.TryTake(out var waiter)) waiter.Answer.TrySetException(new ObjectDisposedException(nameof(PermitPool)));
        }
    }

    void IPermitLedger.Settle(double tokens)
    {
        lock (gate) owed += tokens;
    }

    void IPermitLedger.Return(double tokens)
    {
        lock (gate) (unused, owed) = (unused + 1, owed - tokens);
    }

    void IPermitLedger.Refuse(double tokens, TimeSpan retryAfter)
    {
        lock (gate)
        {
            owed -= tokens;
            refused = refused is { } longer && longer > retryAfter ? longer : retryAfter;
            quietUntil = Math.Max(quietUntil, Now + retryAfter.Ticks);
            // What is held was dealt out before anyone knew: it is not used, and told at once, so that the others hear of it with their next request.
            Drop(held.Clear());
            askAgainAt = 0;
        }

        Turn();
    }

    /// <summary>Hands out what may start now, asks for more where more is needed, and wakes up when there is something to do.</summary>
    private void Turn()
    {
        List<(Waiter Waiter, Permit Permit)> starting = [];
        LeaseRequest? request = null;
        lock (gate)
        {
            if (stopped.IsCancellationRequested) return;
            var now = Now;
            Drop(held.Expire(now));
            while (now >= quietUntil && waiting.Count > 0 && held.Take(now) is { } tokens)
            {
                waiting.TryTake(out var waiter);
                owed += waiter.Ask.Tokens - tokens;
                starts.Note(now);
                started++;
                starting.Add((waiter, new Permit(this, waiter.Ask.Tokens, TimeSpan.FromTicks(now - waiter.Since))));
            }

            var ask = now < askAgainAt ? null : LeaseSizing.Ask(new LeaseDemand(waiting.Count, held.Count, held.Runway(now), arrivals.PerSecond(now), averageTokens), limits);
            if (!isAsking && (ask is not null || refused is not null || (HasToTell && now >= toldAt + TellAfter.Ticks)))
            {
                (isAsking, toldAt) = (true, now);
                request = Request(ask);
            }

            Wake(now);
        }

        foreach (var (waiter, permit) in starting) waiter.Answer.TrySetResult(permit);
        if (request is not null) _ = AskAsync(request);
    }

    private bool HasToTell => unused > 0 || Math.Abs(owed) >= 1;

    private void Drop((int Count, double Tokens) permits) => (unused, owed) = (unused + permits.Count, owed - permits.Tokens);

    private void Wake(long now)
    {
        var next = long.MaxValue;
        if (waiting.Count > 0 && held.Next is { } start) next = Math.Max(start, quietUntil);
        else if (held.Count > 0) next = held.FirstEnd;
        if (!isAsking && waiting.Count > held.Count) next = Math.Min(next, Math.Max(askAgainAt, now + (held.Runway(now) - (LeaseSizing.Ahead / 2)).Ticks));
        if (!isAsking && HasToTell) next = Math.Min(next, toldAt + TellAfter.Ticks);
        timer.Change(next == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromTicks(Math.Clamp(next - now, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerMinute)), Timeout.InfiniteTimeSpan);
    }

    /// <summary>How long a call of this lane would wait, going by what has started lately; zero where that says nothing.</summary>
    private TimeSpan Forecast(RunPriority lane, long now)
    {
        var quiet = TimeSpan.FromTicks(Math.Max(0, quietUntil - now));
        var rate = starts.PerSecond(now);
        return waiting.Count == 0 || started < Telling || rate < 0.1 ? quiet : quiet + TimeSpan.FromSeconds(waiting.Ahead(lane, now) / rate);
    }

    /// <summary>When it is worth coming again: when who waits now has started.</summary>
    private TimeSpan ComeBack()
    {
        lock (gate)
        {
            var wait = Forecast(RunPriority.Workflow, Now);
            var asked = TimeSpan.FromTicks(Math.Max(0, askAgainAt - Now));
            var longer = wait > asked ? wait : asked;
            return longer > TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(Math.Ceiling(longer.TotalSeconds)) : TimeSpan.FromSeconds(1);
        }
    }

    private LeaseRequest Request(PermitRequest? ask)
    {
        var request = new LeaseRequest { Worker = worker, Lease = ++lease, Limits = limits, Ask = ask, Unused = unused, Tokens = owed, Refused = refused };
        (unused, owed, refused) = (0, 0, null);
        return request;
    }

    private async Task AskAsync(LeaseRequest request)
    {
        var sent = Now;
        try
        {
            var grant = await leases.LeaseAsync(deployment, request, stopped.Token);
            var answered = Now;
            lock (gate)
            {
                isAsking = false;
                if (request.Ask is { } ask) held.Add(grant, sent, answered, limits.UseWithin, ask.TokensEach);
                askAgainAt = grant.RetryAfter is { } wait ? answered + Math.Max(wait.Ticks, TimeSpan.TicksPerMillisecond) : 0;
            }
        }
        catch (Exception error) when (!stopped.IsCancellationRequested)
        {
            LogNoLease(deployment, error);
            lock (gate)
            {
                isAsking = false;
                // What was told may have been heard or not. To give back or owe less twice would overshoot, so only what makes the limit tighter is told again.
                owed += Math.Max(0, request.Tokens);
                refused ??= request.Refused;
                askAgainAt = Now + TimeSpan.TicksPerSecond;
            }
        }

        Turn();
    }

    private void GiveUp(Waiter waiter, Exception error)
    {
        lock (gate)
        {
            if (!waiter.TakeOut()) return;
        }

        waiter.Answer.TrySetException(error);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "No lease came for the deployment '{Deployment}'. Calls to it wait; it is asked again in a second.")]
    private partial void LogNoLease(string deployment, Exception error);
}

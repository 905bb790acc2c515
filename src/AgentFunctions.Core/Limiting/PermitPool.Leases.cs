using AgentFunctions.Core.Entities.RateLimiter;
using AgentFunctions.Core.Policies.RateLimiting;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Limiting;

/// <content>What the pool tells the limiter and asks of it: one request at a time.</content>
public sealed partial class PermitPool
{
    private static readonly TimeSpan TellAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    // What starts sooner than a message takes would have started when it is given back; and a few are not worth a message.
    private static readonly TimeSpan GivenBackAhead = TimeSpan.FromSeconds(1);
    private const int FewestGivenBack = 16;

    private readonly ILeaseSource leases;
    private readonly string worker;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopped = new();
    private readonly CancellationToken stopping;
    private long lease;
    private bool isAsking;
    private long askAgainAt;
    private long failedUntil;
    private long toldAt;
    private long wakeAt = long.MaxValue;
    private int unused;
    private double owed;
    private TimeSpan? refused;
    private long dropped;
    private long droppedBefore;

    private bool HasToTell => unused > 0 || Math.Abs(owed) >= 1;

    private long TellBy => unused > 0 ? 0 : toldAt + TellAfter.Ticks;

    private void GiveBack((int Count, double Tokens) permits) => (unused, owed) = (unused + permits.Count, owed - permits.Tokens);

    private LeaseRequest? NextRequest(long now)
    {
        if (isAsking || now < failedUntil) return null;
        var demand = new LeaseDemand(waiting.Count, held.Count, held.Runway(now), arrivals.PerSecond(now), averageTokens);
        var ask = now < askAgainAt ? null : LeaseSizing.Ask(demand, limits);
        var keep = LeaseSizing.Keep(demand, limits);
        if (held.Count >= keep + FewestGivenBack) GiveBack(held.TakeLast(keep, now + GivenBackAhead.Ticks));
        if (ask is null && refused is null && !(HasToTell && now >= TellBy)) return null;
        var request = new LeaseRequest { Worker = worker, Lease = ++lease, Limits = limits, Ask = ask, Unused = unused, Tokens = owed, Refused = refused };
        (unused, owed, refused, isAsking, toldAt) = (0, 0, null, true, now);
        return request;
    }

    private void Wake(long now)
    {
        var next = long.MaxValue;
        if (waiting.Count > 0 && held.Next is { } start) next = Math.Max(start, quietUntil);
        else if (held.FirstEnd is { } end) next = end;
        if (!isAsking)
        {
            if (waiting.Count > held.Count) next = Math.Min(next, Math.Max(Math.Max(askAgainAt, failedUntil), now + (held.Runway(now) - (LeaseSizing.Ahead / 2)).Ticks));
            if (HasToTell) next = Math.Min(next, Math.Max(TellBy, failedUntil));
            if (refused is not null) next = Math.Min(next, failedUntil);
        }

        wakeAt = next;
        timer.Change(next == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromTicks(Math.Clamp(next - now, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerMinute)), Timeout.InfiniteTimeSpan);
    }

    private async Task AskAsync(LeaseRequest request)
    {
        var (sent, since) = (Now, Interlocked.Read(ref dropped));
        try
        {
            var grant = await leases.LeaseAsync(deployment, request, stopping);
            lock (gate)
            {
                isAsking = false;
                Take(request, grant, sent, since);
            }
        }
#pragma warning disable CA1031 // Whatever keeps the limiter from answering is logged and tried again; calls wait meanwhile, and each for no longer than it may.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (stopping.IsCancellationRequested) return;
            LogNoLease(deployment, error);
            lock (gate)
            {
                isAsking = false;

                // What was told may have been heard or not. To give back or owe less twice would overshoot, so only what makes the limit tighter is told again.
                owed += Math.Max(0, request.Tokens);
                refused = refused is { } longer && longer > request.Refused ? longer : request.Refused ?? refused;
                failedUntil = Now + AfterFailure.Ticks;
            }
        }

        Turn();
    }

    private void Take(LeaseRequest request, PermitGrant grant, long sent, long since)
    {
        var now = Now;
        if (since != dropped)
        {
            // The provider has refused a call meanwhile, and what is given here was dealt out before the limiter knew.
            held.Add(grant, sent, now, limits.UseWithin, request.Ask?.TokensEach ?? 0);
            GiveBack(held.Clear(now));
            return;
        }

        // Another worker was refused: what is held was dealt out before that. What is given here starts after the quiet.
        if (request.Refused is null && grant.Quiet is { } quiet && now + quiet.Ticks > quietUntil + TimeSpan.TicksPerSecond) BeQuiet(now, quiet);
        if (request.Ask is { } ask) held.Add(grant, sent, now, limits.UseWithin, ask.TokensEach);
        askAgainAt = grant.RetryAfter is { } wait ? now + Math.Max(wait.Ticks, TimeSpan.TicksPerMillisecond) : 0;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "No lease came for the deployment '{Deployment}'. Calls to it wait; it is asked again in a second.")]
    private partial void LogNoLease(string deployment, Exception error);
}

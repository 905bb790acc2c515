using AgentFunctions.Core.Entities.RateLimiter;
using AgentFunctions.Core.Policies.RateLimiting;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Limiting;

/// <content>What the pool tells the deployment's limiters and asks of them: one request at a time of each, and of one alone at a time for more permits.</content>
public sealed partial class PermitPool
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    // What starts sooner than a message takes would have started when it is given back; and a few are not worth a message.
    private static readonly TimeSpan GivenBackAhead = TimeSpan.FromSeconds(1);
    private const int FewestGivenBack = 16;

    private readonly ILeaseSource leases;
    private readonly string worker;
    private readonly ILogger logger;
    private readonly IReadOnlyList<ShardLink> links;
    private readonly ShardLink[] byShard;
    private readonly CancellationTokenSource stopped = new();
    private readonly CancellationToken stopping;
    private long lease;
    private bool isAsking;
    private long? askedAt;
    private long wakeAt = long.MaxValue;
    private long dropped;
    private long droppedBefore;
    private TaskCompletionSource? leaving;

    /// <summary>The worker stops: what has not started and no waiting call needs goes back, and what is owed is told. Calls that still come get what they need and no more.</summary>
    /// <returns>Ends when the limiters have heard it all; it does not fail.</returns>
    public async Task ReturnAsync()
    {
        Task told;
        lock (gate)
        {
            if (isStopped) return;
            leaving ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            told = leaving.Task;
        }

        Turn();
        await told;
    }

    private ShardLink LinkOf(HeldPermit permit) => byShard[permit.Shard];

    private void GiveBack(IReadOnlyList<HeldPermit> permits)
    {
        foreach (var permit in permits)
        {
            var link = LinkOf(permit);
            link.Unused.Add(permit.Given);
            link.Owed -= permit.Tokens;
        }
    }

    private List<(ShardLink Link, LeaseRequest Request)> NextRequests(long now)
    {
        var demand = new LeaseDemand(waiting.Count, held.Count, Runway(now), leaving is null ? arrivals.Read(TimeSpan.FromTicks(now)) : 0, averageTokens);
        var ask = isAsking ? null : LeaseSizing.Ask(demand, limits);
        var keep = LeaseSizing.Keep(demand, limits);
        if (leaving is not null || held.Count >= keep + FewestGivenBack) GiveBack(held.TakeLast(keep, now + GivenBackAhead.Ticks));
        if (ask is not null) askedAt = now;

        var asked = ask is not null && AreAllTold(now) ? links.Where(link => IsFree(link, now) && now >= link.AskAgainAt).MinBy(link => Math.Max(now, link.LineEnd)) : null;
        if (asked is not null) ask = ask! with { MaxWait = LeaseSizing.Reach(NextLine(asked, now)) };
        List<(ShardLink Link, LeaseRequest Request)> requests = [];
        foreach (var link in links)
        {
            var isAsked = link == asked;
            if (!isAsked && !(IsFree(link, now) && (link.Refused is not null || (link.HasToTell && (leaving is not null || now >= link.TellBy)) || (IsActive(now) && !IsTold(link, now, Sharding.ToldEvery))))) continue;
            var (back, owed, refused) = link.Tell(now);
            requests.Add((link, new LeaseRequest { Worker = worker, Lease = ++lease, Limits = limits, Shards = links.Count, Shard = link.Shard, Ask = isAsked ? ask : null, Back = back, Tokens = owed, Refused = refused }));
            isAsking |= isAsked;
        }

        if (leaving is not null && links.All(link => !link.IsBusy && !link.HasToTell)) leaving.TrySetResult();
        return requests;
    }

    /// <summary>How far ahead all is taken, as far as is known here: of several limiters that of the shortest line, so that none is left unused while another's line is long.</summary>
    private TimeSpan Runway(long now) => links.Count == 1 ? held.Runway(now) : TimeSpan.FromTicks(Math.Max(0, links.Min(link => link.LineEnd) - now));

    /// <summary>How far ahead the shortest line of the others is taken, as far as is known here; null where there is no other.</summary>
    private TimeSpan? NextLine(ShardLink asked, long now) => links.Count == 1 ? null : TimeSpan.FromTicks(Math.Max(0, links.Where(link => link != asked).Min(link => link.LineEnd) - now));

    private static bool IsFree(ShardLink link, long now) => !link.IsBusy && now >= link.FailedUntil;

    /// <summary>Whether a limiter has heard so lately among how many the limits are divided; of a single one there is nothing to hear.</summary>
    private bool IsTold(ShardLink link, long now, TimeSpan within) => links.Count == 1 || (link.HeardAt is { } heard && now - heard < within.Ticks);

    private bool AreAllTold(long now)
    {
        foreach (var link in byShard)
        {
            if (!IsTold(link, now, Sharding.ToldWithin)) return false;
        }

        return true;
    }

    /// <summary>Whether permits were wanted lately, so that all limiters are kept told.</summary>
    private bool IsActive(long now) => leaving is null && askedAt is { } asked && now - asked < Sharding.ToldWithin.Ticks;

    private void Wake(long now)
    {
        var next = long.MaxValue;
        if (waiting.Count > 0 && held.Next is { } start) next = Math.Max(start, quietUntil);
        else if (held.FirstEnd is { } end) next = end;
        // Where one has not been told, its answer is what is waited for.
        var more = !isAsking && waiting.Count > held.Count && AreAllTold(now) ? now + (Runway(now) - (LeaseSizing.Ahead / 2)).Ticks : long.MaxValue;
        foreach (var link in links.Where(link => !link.IsBusy))
        {
            if (more < long.MaxValue) next = Math.Min(next, Math.Max(Math.Max(link.AskAgainAt, link.FailedUntil), more));
            if (link.HasToTell) next = Math.Min(next, Math.Max(link.TellBy, link.FailedUntil));
            if (link.Refused is not null) next = Math.Min(next, link.FailedUntil);
            if (links.Count > 1 && IsActive(now)) next = Math.Min(next, Math.Max((link.HeardAt ?? now) + Sharding.ToldEvery.Ticks, link.FailedUntil));
        }

        wakeAt = next;
        timer.Change(next == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromTicks(Math.Clamp(next - now, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerMinute)), Timeout.InfiniteTimeSpan);
    }

    private async Task AskAsync(ShardLink link, LeaseRequest request)
    {
        var (sent, since) = (Now, Interlocked.Read(ref dropped));
        try
        {
            var grant = await leases.LeaseAsync(link.Name, request, stopping);
            lock (gate)
            {
                Ended(link, request);
                link.HeardAt = sent;
                Take(link, request, grant, sent, since);
            }
        }
#pragma warning disable CA1031 // Whatever keeps the limiter from answering is logged and tried again; calls wait meanwhile, and each for no longer than it may.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (stopping.IsCancellationRequested) return;
            LogNoLease(link.Name, error);
            lock (gate)
            {
                Ended(link, request);

                // What was told may have been heard or not. To give back or owe less twice would overshoot, so only what makes the limit tighter is told again.
                link.Owed += Math.Max(0, request.Tokens);
                if (request.Refused is { } quiet) link.Refuse(quiet);
                link.FailedUntil = Now + AfterFailure.Ticks;
            }
        }

        Turn();
    }

    private void Ended(ShardLink link, LeaseRequest request)
    {
        link.IsBusy = false;
        if (request.Ask is not null) isAsking = false;
    }

    private void Take(ShardLink link, LeaseRequest request, PermitGrant grant, long sent, long since)
    {
        var now = Now;
        if (since != dropped)
        {
            // The provider has refused a call meanwhile, and what is given here was dealt out before the limiter knew.
            held.Add(grant, sent, now, limits.UseWithin, request.Ask?.TokensEach ?? 0, link.Shard);
            GiveBack(held.Clear(now));
            return;
        }

        // Another worker was refused: what is held was dealt out before that. What is given here starts after the quiet.
        if (request.Refused is null && grant.Quiet is { } quiet && now + quiet.Ticks > quietUntil + TimeSpan.TicksPerSecond) BeQuiet(now, quiet);
        if (request.Ask is not { } ask) return;
        held.Add(grant, sent, now, limits.UseWithin, ask.TokensEach, link.Shard);
        link.AskAgainAt = grant.RetryAfter is { } wait ? now + Math.Max(wait.Ticks, TimeSpan.TicksPerMillisecond) : 0;
        link.LineEnd = grant.Starts is [.., var last] ? now + last.After.Ticks : grant.RetryAfter is { } none ? now + (ask.MaxWait + none).Ticks : now;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "No lease came for the deployment '{Deployment}'. Calls to it wait; it is asked again in a second.")]
    private partial void LogNoLease(string deployment, Exception error);
}

namespace AgentFunctions.Core.Policies.RateLimiting;

/// <summary>
/// Deals out permits ahead of time, many at once, for calls and for tokens together. Each permit has a start and may be used for <see cref="RateLimits.UseWithin"/>
/// from it on, so that in any time of length d no more than capacity + rate × d calls start, whoever dies or forgets: the buckets hold
/// rate × (<see cref="RateLimits.Burst"/> - UseWithin), at least one call, and the rest of the burst is what late use can add. Pure.
/// </summary>
public static class RateReservation
{
    /// <summary>The most permits of one request: 1,000.</summary>
    public const int MostPermits = 1000;

    /// <summary>The share never falls below this: 0.05.</summary>
    public const double LeastShare = 0.05;

    /// <summary>How far ahead a permit may start at most: 10 minutes.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <summary>The longest pause after one refusal: 5 minutes. What a provider asks for beyond it is found out by asking again.</summary>
    public static readonly TimeSpan LongestQuiet = TimeSpan.FromMinutes(5);

    private const double AfterRefusal = 0.7;
    private static readonly TimeSpan BetweenCuts = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Furthest = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan FullAgainAfter = TimeSpan.FromMinutes(2);

    /// <summary>Reserves permits.</summary>
    /// <param name="limits">The limits.</param>
    /// <param name="state">Where the limiter stands.</param>
    /// <param name="now">The time; one before the last is taken for that.</param>
    /// <param name="request">What is asked for.</param>
    /// <exception cref="ArgumentOutOfRangeException">The request is out of range.</exception>
    public static (RateState State, PermitGrant Grant) Reserve(RateLimits limits, RateState state, DateTimeOffset now, PermitRequest request)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(request);
        if (request.Count is < 1 or > MostPermits) throw new ArgumentOutOfRangeException(nameof(request), request.Count, $"A request is for 1 to {MostPermits} permits.");
        if (request.TokensEach < 0 || !double.IsFinite(request.TokensEach)) throw new ArgumentOutOfRangeException(nameof(request), request.TokensEach, "The tokens of a call must be a number of at least 0.");
        if (request.MaxWait < TimeSpan.Zero || request.MaxWait > LongestWait) throw new ArgumentOutOfRangeException(nameof(request), request.MaxWait, $"A permit may start 0 to {LongestWait} ahead.");
        state = SetBack(state, now);
        var (at, calls, tokens, share) = Open(limits, state, now);
        List<PermitRun> runs = [];
        var (given, free) = (0, FreeFrom(state, now));
        while (given < request.Count && free is [var first, ..] && first.At - now <= request.MaxWait && tokens.WaitFor(request.TokensEach) == TimeSpan.Zero)
        {
            Give(first.At - now);
            tokens = tokens.Less(request.TokensEach);
            if (first.Count > 1) free[0] = first with { Count = first.Count - 1 };
            else free.RemoveAt(0);
            given++;
        }

        var refused = default(TimeSpan?);
        for (; given < request.Count; given++)
        {
            var wait = Longer(calls.WaitFor(1), tokens.WaitFor(request.TokensEach));
            var after = Longer(TimeSpan.Zero, at + wait - now);
            if (after > request.MaxWait)
            {
                refused = after - request.MaxWait;
                break;
            }

            (at, calls, tokens) = (at + wait, calls.After(wait).Less(1), tokens.After(wait).Less(request.TokensEach));
            Give(after);
        }

        var quiet = state.PausedUntil - now;
        return (Close(state, at, calls, tokens, share, now) with { Free = free.Count > 0 ? free : null }, new PermitGrant(runs, refused) { At = now, Quiet = quiet > TimeSpan.Zero ? quiet : null });

        void Give(TimeSpan after)
        {
            if (runs is [.., var last] && last.After == after) runs[^1] = last with { Count = last.Count + 1 };
            else runs.Add(new PermitRun(after, 1));
        }
    }

    /// <summary>
    /// Takes back permits whose start is still to come and that never will be used, and settles what calls were thought to use against what they did. A permit that has
    /// started can't be given back: what it could have been used for has flowed on, and to add it now would let more start at once than the burst. Others are dealt
    /// out again with the start they had.
    /// </summary>
    /// <param name="limits">The limits.</param>
    /// <param name="state">Where the limiter stands.</param>
    /// <param name="now">The time.</param>
    /// <param name="unused">The starts of the permits that come back.</param>
    /// <param name="tokens">By how much more (above 0) or less (below) was used than was reserved, what was reserved for unused permits counting as less.</param>
    public static RateState Settle(RateLimits limits, RateState state, DateTimeOffset now, IReadOnlyList<PermitStart> unused, double tokens)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(unused);
        state = SetBack(state, now);
        var (at, calls, tokenBucket, share) = Open(limits, state, now);
        var free = FreeFrom(state with { Free = [.. (state.Free ?? []).Concat(unused).OrderBy(start => start.At)] }, now);
        return Close(state, at, calls, tokenBucket.Less(tokens), share, now) with { Free = free.Count > 0 ? free : null };
    }

    /// <summary>The provider has refused a call: nothing starts before it says so, and less is dealt out for a while, in case its limit is lower than ours.</summary>
    /// <param name="limits">The limits.</param>
    /// <param name="state">Where the limiter stands.</param>
    /// <param name="now">The time.</param>
    /// <param name="retryAfter">For how long it asks for quiet.</param>
    public static RateState Refused(RateLimits limits, RateState state, DateTimeOffset now, TimeSpan retryAfter)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(state);
        state = SetBack(state, now);
        var (at, calls, tokens, share) = Open(limits, state, now);
        var quiet = Longer(TimeSpan.Zero, retryAfter < LongestQuiet ? retryAfter : LongestQuiet);
        // One herd of refusals is one sign that the limit is lower, not as many as there were calls in flight.
        var isNew = now - state.CutAt >= BetweenCuts;
        var until = Later(now, state.ShareAt) + quiet;
        if (isNew) share = Math.Max(LeastShare, share * AfterRefusal);

        // What would flow in during the quiet is not for the moment after it, or all would come at once.
        (calls, tokens) = (calls with { Level = Math.Min(calls.Level, 1) }, tokens with { Level = Math.Min(tokens.Level, 0) });
        return Close(state, Later(at, until), calls, tokens, share, now) with { PausedUntil = Later(until, state.PausedUntil), CutAt = isNew ? now : state.CutAt };
    }

    /// <summary>
    /// No start and no quiet lies as far ahead as this: then the clock was set back, by hours or days, and what is reckoned by the old time would hold up all calls until it
    /// is that late again. It begins anew, with nothing to give at once.
    /// </summary>
    private static RateState SetBack(RateState state, DateTimeOffset now) => state.At - now <= Furthest && state.PausedUntil - now <= Furthest ? state : state with
    {
        At = now,
        Requests = Math.Min(0, state.Requests),
        Tokens = Math.Min(0, state.Tokens),
        ShareAt = now,
        CutAt = now,
        PausedUntil = now,
        Free = null,
    };

    /// <summary>What came back and may still start: neither what has flowed on, nor what is in a quiet.</summary>
    private static List<PermitStart> FreeFrom(RateState state, DateTimeOffset now) =>
        state.Free is { } free ? [.. free.Where(start => start.At >= Later(now, state.PausedUntil))] : [];

    private static (DateTimeOffset At, TokenBucket Calls, TokenBucket Tokens, double Share) Open(RateLimits limits, RateState state, DateTimeOffset now)
    {
        var share = ShareNow(state, now);
        var calls = Bucket(limits, limits.RequestsPerMinute, share, least: 1);
        var tokens = Bucket(limits, limits.TokensPerMinute, share, least: 0);
        if (!state.Begun) return (now, calls, tokens, share);
        calls = calls with { Level = Math.Min(calls.Capacity, state.Requests) };
        tokens = tokens with { Level = Math.Min(tokens.Capacity, state.Tokens) };
        return state.At >= now ? (state.At, calls, tokens, share) : (now, calls.After(now - state.At), tokens.After(now - state.At), share);
    }

    private static RateState Close(RateState state, DateTimeOffset at, TokenBucket calls, TokenBucket tokens, double share, DateTimeOffset now) => state with
    {
        Begun = true,
        At = at,
        Requests = double.IsInfinity(calls.Level) ? 0 : calls.Level,
        Tokens = double.IsInfinity(tokens.Level) ? 0 : tokens.Level,
        Share = share,
        ShareAt = Later(now, state.ShareAt),
    };

    /// <summary>Full at first; a bucket without a limit is never empty.</summary>
    private static TokenBucket Bucket(RateLimits limits, double perMinute, double share, double least)
    {
        if (perMinute <= 0) return new TokenBucket(double.PositiveInfinity, double.PositiveInfinity, 1);
        var perSecond = perMinute * share / 60;
        var capacity = Math.Max(Math.Max(least, 1e-3), perSecond * (limits.Burst - limits.UseWithin).TotalSeconds);
        return new TokenBucket(capacity, capacity, perSecond);
    }

    /// <summary>The share of the limits that is dealt out: it grows back evenly, to all of it within two minutes without a refusal.</summary>
    /// <param name="state">Where the limiter stands.</param>
    /// <param name="now">The time.</param>
    public static double ShareNow(RateState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return Math.Min(1, state.Share + Math.Max(0, (now - Later(state.ShareAt, state.PausedUntil)) / FullAgainAfter));
    }

    private static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;
}

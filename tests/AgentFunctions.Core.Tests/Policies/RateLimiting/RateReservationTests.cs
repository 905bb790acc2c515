using AgentFunctions.Core.Policies.RateLimiting;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.RateLimiting;

public sealed class RateReservationTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly RateLimits TenASecond = new() { RequestsPerMinute = 600, Burst = TimeSpan.FromSeconds(10), UseWithin = TimeSpan.FromSeconds(5) };

    [Fact]
    public void Reserve_Fresh_GivesTheBurstAtOnceAndTheRestAtItsRate()
    {
        var (state, grant) = RateReservation.Reserve(TenASecond, new RateState(), Start, new PermitRequest(52, 0, TimeSpan.FromMinutes(1)));

        Assert.Equal([new PermitRun(TimeSpan.Zero, 50), new PermitRun(TimeSpan.FromMilliseconds(100), 1), new PermitRun(TimeSpan.FromMilliseconds(200), 1)], grant.Starts);
        Assert.Null(grant.RetryAfter);
        Assert.Equal(Start.AddMilliseconds(200), state.At);
    }

    [Fact]
    public void Reserve_WaitTooLong_GivesWhatFitsAndSaysWhenToComeBack()
    {
        var (_, grant) = RateReservation.Reserve(TenASecond, new RateState(), Start, new PermitRequest(100, 0, TimeSpan.FromSeconds(1)));

        Assert.Equal(60, grant.Count);
        Assert.Equal(TimeSpan.FromMilliseconds(100), grant.RetryAfter);
    }

    [Fact]
    public void Reserve_TokensAreTheNarrowerLimit_StartsGoByThem()
    {
        var limits = TenASecond with { TokensPerMinute = 6000 };

        var (_, grant) = RateReservation.Reserve(limits, new RateState(), Start, new PermitRequest(7, 100, TimeSpan.FromMinutes(1)));

        Assert.Equal([new PermitRun(TimeSpan.Zero, 5), new PermitRun(TimeSpan.FromSeconds(1), 1), new PermitRun(TimeSpan.FromSeconds(2), 1)], grant.Starts);
    }

    [Fact]
    public void Reserve_MoreTokensThanTheBucketHolds_StartWhenItIsFullAndOweTheRest()
    {
        var limits = new RateLimits { TokensPerMinute = 6000 };

        var (_, grant) = RateReservation.Reserve(limits, new RateState(), Start, new PermitRequest(2, 2000, TimeSpan.FromMinutes(1)));

        Assert.Equal([new PermitRun(TimeSpan.Zero, 1), new PermitRun(TimeSpan.FromSeconds(20), 1)], grant.Starts);
    }

    [Fact]
    public void Reserve_NoLimits_GivesAllAtOnce() =>
        Assert.Equal([new PermitRun(TimeSpan.Zero, 1000)], RateReservation.Reserve(new RateLimits(), new RateState(), Start, new PermitRequest(1000, 1e9, TimeSpan.Zero)).Grant.Starts);

    [Fact]
    public void Settle_UnusedPermits_CanBeHadAgainAtTheirTimeAndNotOnceItIsOver()
    {
        var (state, _) = RateReservation.Reserve(TenASecond, new RateState(), Start, new PermitRequest(80, 0, TimeSpan.FromSeconds(3)));

        state = RateReservation.Settle(TenASecond, state, Start.AddSeconds(1), [Ahead(0.9), Ahead(1.5), Ahead(2)], tokens: 0);
        state = RateReservation.Settle(TenASecond, state, Start.AddSeconds(1), [Ahead(1.8)], tokens: 0);
        (state, var grant) = RateReservation.Reserve(TenASecond, state, Start.AddSeconds(1.6), new PermitRequest(5, 0, TimeSpan.FromSeconds(1.5)));

        Assert.Equal([200, 400, 1500], grant.Starts.Select(run => run.After.TotalMilliseconds));
        Assert.Null(state.Free);

        static PermitStart Ahead(double seconds) => new(Start.AddSeconds(seconds), 1);
    }

    [Fact]
    public void Settle_MoreTokensThanThought_AreOwed()
    {
        var limits = new RateLimits { TokensPerMinute = 6000 };
        var (state, _) = RateReservation.Reserve(limits, new RateState(), Start, new PermitRequest(1, 500, TimeSpan.Zero));

        state = RateReservation.Settle(limits, state, Start, [], tokens: 300);

        Assert.Equal(new PermitRun(TimeSpan.FromSeconds(4), 1), Assert.Single(RateReservation.Reserve(limits, state, Start, new PermitRequest(1, 100, TimeSpan.FromMinutes(1))).Grant.Starts));
    }

    [Fact]
    public void Refused_ForEveryone_NothingStartsBeforeTheTimeAndLessAfterIt()
    {
        var state = RateReservation.Refused(TenASecond, new RateState(), Start, TimeSpan.FromSeconds(20));

        var (_, grant) = RateReservation.Reserve(TenASecond, state, Start, new PermitRequest(3, 0, TimeSpan.FromMinutes(1)));

        Assert.Equal(TimeSpan.FromSeconds(20), grant.Starts[0].After);
        Assert.Equal(0.7, state.Share, 3);
        Assert.Equal(1 / 7.0, (grant.Starts[1].After - grant.Starts[0].After).TotalSeconds, 3);
    }

    [Fact]
    public void Refused_ManyAreHeld_OthersHearHowLongToBeQuietAndNewOnesStartAfterThoseGiven()
    {
        var (state, _) = RateReservation.Reserve(TenASecond, new RateState(), Start, new PermitRequest(100, 0, TimeSpan.FromSeconds(10)));
        state = RateReservation.Refused(TenASecond, state, Start, TimeSpan.FromSeconds(2));

        var (_, grant) = RateReservation.Reserve(TenASecond, state, Start.AddSeconds(1), new PermitRequest(1, 0, TimeSpan.FromSeconds(10)));

        Assert.Equal(TimeSpan.FromSeconds(1), grant.Quiet);
        Assert.True(Assert.Single(grant.Starts).After >= TimeSpan.FromSeconds(4));
    }

    [Fact]
    public void Refused_ForADay_AsksAgainAfterFiveMinutes() =>
        Assert.Equal(Start.AddMinutes(5), RateReservation.Refused(TenASecond, new RateState(), Start, TimeSpan.FromDays(1)).PausedUntil);

    [Fact]
    public void Refused_AHerd_CutsTheShareOnce()
    {
        var state = new RateState();
        for (var i = 0; i < 50; i++) state = RateReservation.Refused(TenASecond, state, Start.AddMilliseconds(i * 10), TimeSpan.FromSeconds(1));
        Assert.InRange(state.Share, 0.69, 0.71);
    }

    [Fact]
    public void Reserve_TwoQuietMinutesAfterARefusal_DealsOutAllAgain()
    {
        var state = RateReservation.Refused(TenASecond, new RateState(), Start, TimeSpan.FromSeconds(1));
        (state, _) = RateReservation.Reserve(TenASecond, state, Start.AddSeconds(122), new PermitRequest(1, 0, TimeSpan.Zero));
        Assert.Equal(1, state.Share);
    }

    [Fact]
    public void Reserve_ClockGoesBack_GivesNoMore()
    {
        var (state, _) = RateReservation.Reserve(TenASecond, new RateState(), Start, new PermitRequest(50, 0, TimeSpan.Zero));
        Assert.Equal(0, RateReservation.Reserve(TenASecond, state, Start.AddSeconds(-30), new PermitRequest(1, 0, TimeSpan.Zero)).Grant.Count);
    }

    [Fact]
    public void Reserve_ClockIsSetBackByHours_BeginsAnewWithNothingAtOnce()
    {
        var (state, _) = RateReservation.Reserve(TenASecond, new RateState(), Start, new PermitRequest(60, 0, TimeSpan.FromSeconds(10)));
        state = RateReservation.Refused(TenASecond, state, Start, TimeSpan.FromMinutes(5));

        var now = Start.AddHours(-2);
        (state, var grant) = RateReservation.Reserve(TenASecond, state, now, new PermitRequest(100, 0, TimeSpan.FromSeconds(10)));

        Assert.InRange(grant.Count, 69, 70);
        Assert.All(grant.Starts, run => Assert.Equal(1, run.Count));
        Assert.Null(grant.Quiet);
        Assert.Equal(1, RateReservation.ShareNow(state, now.AddMinutes(2)));
    }

    [Fact]
    public void Reserve_SteadyDemand_UsesTheWholeQuota()
    {
        var (state, given) = (new RateState(), 0);
        for (var second = 0; second < 600; second++)
        {
            (state, var grant) = RateReservation.Reserve(TenASecond, state, Start.AddSeconds(second), new PermitRequest(100, 0, TimeSpan.FromSeconds(1)));
            given += grant.Count;
        }

        Assert.InRange(given, 6000, 6000 + 50 + 10);
    }

    /// <summary>The promise: whatever workers ask, use late, give back or forget, and however time passes, no window of time has more than its share.</summary>
    [Fact]
    public void Reserve_AnyInterleaving_NoWindowHasMoreThanItsShare()
    {
        var cases =
            from perMinute in Gen.Elements(6.0, 60, 600, 6000)
            from burst in Gen.Choose(1, 60)
            from useWithin in Gen.Choose(1, 10)
            from acts in Act().ListOf(30)
            from shards in Gen.Elements(1, 1, 2, 8, 32)
            select (new RateLimits { RequestsPerMinute = perMinute, Burst = TimeSpan.FromSeconds(burst), UseWithin = TimeSpan.FromSeconds(Math.Max(0.1, burst * useWithin / 10.0)) }, acts.ToList(), shards);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(cases.ToArbitrary(), @case => Assert.Null(Excess(@case.Item1, @case.Item2, Sharding.CountFor(@case.Item1, @case.shards)))));
    }

    /// <summary>Four workers hold what starts up to 15 s ahead; one after the other gives its permits back, and another takes as many.</summary>
    [Fact]
    public void Reserve_OneAfterTheOtherGivesBackWhileOthersAsk_NoWindowHasMoreThanItsShare()
    {
        (int, int, int, double) take = (2, 50, 0, 0), giveBack = (0, 50, 0, 0);
        Assert.Null(Excess(TenASecond, [take, take, take, take, giveBack, take, giveBack, take, giveBack, take], shards: 1));
    }

    private static Gen<(int Kind, int Amount, int Milliseconds, double Late)> Act() =>
        from kind in Gen.Choose(0, 5)
        from amount in Gen.Choose(1, 200)
        from milliseconds in Gen.Choose(0, 4000)
        from late in Gen.Choose(0, 100)
        select (kind, amount, milliseconds, late / 100.0);

    private static string? Excess(RateLimits limits, List<(int Kind, int Amount, int Milliseconds, double Late)> acts, int shards)
    {
        var now = Start;
        var states = Enumerable.Repeat(new RateState(), shards).ToArray();
        var part = Sharding.PartOf(limits, shards);
        List<DateTimeOffset> uses = [];
        List<(DateTimeOffset Start, double Late, int Shard)> held = [];
        foreach (var (kind, amount, milliseconds, late) in acts)
        {
            now = now.AddMilliseconds(milliseconds);
            switch (kind)
            {
                case 0:
                    // One of the workers gives some back and will not use them: not always the one that got the last.
                    var count = Math.Min(amount, held.Count);
                    var from = (int)(late * (held.Count - count));
                    var back = held.GetRange(from, count);
                    held.RemoveRange(from, count);
                    foreach (var given in back.GroupBy(permit => permit.Shard)) states[given.Key] = RateReservation.Settle(part, states[given.Key], now, [.. given.Select(permit => new PermitStart(permit.Start, 1))], 0);
                    break;
                case 1:
                    // Dies with its leases.
                    held.Clear();
                    break;
                default:
                    var shard = amount % shards;
                    (states[shard], var grant) = RateReservation.Reserve(part, states[shard], now, new PermitRequest(amount, 0, TimeSpan.FromSeconds(30)));
                    held.AddRange(grant.Starts.SelectMany(run => Enumerable.Repeat((now + run.After, late, shard), run.Count)));
                    break;
            }

            // What has started by now is used, early or late within its time: it can't be given back any more.
            uses.AddRange(held.Where(permit => permit.Start <= now).Select(permit => permit.Start + (permit.Late * limits.UseWithin)));
            held.RemoveAll(permit => permit.Start <= now);
        }

        uses.AddRange(held.Select(permit => permit.Start + (permit.Late * limits.UseWithin)));
        uses.Sort();
        var perSecond = limits.RequestsPerMinute / 60;
        var capacity = Math.Max(1, perSecond * (limits.Burst - limits.UseWithin).TotalSeconds) + (perSecond * limits.UseWithin.TotalSeconds);
        // j - i + 1 uses from the i-th to the j-th may be at most capacity + rate * (their time): the i that leaves the least room is the one with the least i - rate * time.
        var least = double.MaxValue;
        for (var j = 0; j < uses.Count; j++)
        {
            var flowed = perSecond * (uses[j] - Start).TotalSeconds;
            least = Math.Min(least, j - flowed);
            if (j + 1 - flowed - least is var most && most > capacity + 1e-3) return $"{most} up to {uses[j] - Start} over what flowed in, at most {capacity}";
        }

        return null;
    }
}

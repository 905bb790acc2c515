using AgentFunctions.Core.Policies.Scaling;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.Scaling;

public sealed class ScalingPolicyProperties
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private static readonly Gen<ScalingRules> AnyRules =
        from least in Gen.Choose(1, 10)
        from more in Gen.Choose(0, 40)
        from stepOut in Gen.Choose(1, 10)
        from stepIn in Gen.Choose(1, 5)
        from outCooldown in Gen.Choose(0, 60)
        from inAfter in Gen.Choose(0, 300)
        from inCooldown in Gen.Choose(0, 120)
        from ahead in Gen.Choose(0, 60)
        select new ScalingRules
        {
            MinInstances = least,
            MaxInstances = least + more,
            StepOut = stepOut,
            StepIn = stepIn,
            OutCooldown = TimeSpan.FromSeconds(outCooldown),
            InAfter = TimeSpan.FromSeconds(inAfter),
            InCooldown = TimeSpan.FromSeconds(inCooldown),
            ForecastAhead = TimeSpan.FromMinutes(ahead),
        };

    private static readonly Gen<ScalingSample> AnySample =
        from workers in Gen.Choose(0, 30)
        from each in Gen.Choose(1, 64)
        from filled in Gen.Choose(0, 100)
        from waiting in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(1, 5000)))
        from run in Gen.Choose(0, 100_000)
        from wait in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(1, 20_000)))
        from failing in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(0, 100)))
        from limited in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(0, 100)))
        select new ScalingSample
        {
            Workers = workers,
            Slots = workers * each,
            Running = workers * each * filled / 100,
            Waiting = waiting,
            RunTime = TimeSpan.FromMilliseconds(run),
            WaitP95 = TimeSpan.FromMilliseconds(wait),
            FailureShare = failing / 100.0,
            LimitedShare = limited / 100.0,
        };

    private static readonly Gen<(ScalingSample Sample, int Seconds)> AnyTurn = from sample in AnySample from seconds in Gen.Choose(0, 900) select (sample, seconds);

    private static readonly Gen<(ScalingRules Rules, (ScalingSample Sample, int Seconds)[] Turns)> AnyLife =
        from rules in AnyRules from turns in AnyTurn.ArrayOf() select (rules, turns);

    [Fact]
    public void Decide_AnyLife_KeepsBoundsStepsAndCooldowns() => Check(AnyLife, life =>
    {
        var (state, now) = (new ScalingState(), Start);
        DateTimeOffset? outAt = null, inAt = null;
        foreach (var (sample, seconds) in life.Turns)
        {
            now += TimeSpan.FromSeconds(seconds);
            var before = state.Wanted;
            (state, var decision) = ScalingPolicy.Decide(life.Rules, state, sample, now);
            Assert.Equal(state.Wanted, decision.Wanted);
            Assert.InRange(state.Wanted, life.Rules.MinInstances, life.Rules.MaxInstances);
            Assert.NotEmpty(decision.Reason);
            if (before == 0)
            {
                outAt = state.OutAt;
                continue;
            }

            Assert.InRange(state.Wanted - before, -life.Rules.StepIn, life.Rules.StepOut);
            if (state.Wanted > before)
            {
                Assert.True(outAt is null || now - outAt >= life.Rules.OutCooldown, "Added too soon.");
                outAt = now;
            }
            else if (state.Wanted < before)
            {
                Assert.True(inAt is null || now - inAt >= life.Rules.InCooldown, "Removed too soon.");
                Assert.True(outAt is null || now - outAt >= life.Rules.InAfter, "Removed what had just been added.");
                inAt = now;
            }
        }
    });

    [Fact]
    public void Decide_AnyLife_NothingIsAddedWhereItWouldNotHelp() => Check(AnyLife, life =>
    {
        var (state, now) = (new ScalingState { Wanted = life.Rules.MinInstances }, Start);
        foreach (var (sample, seconds) in life.Turns)
        {
            now += TimeSpan.FromSeconds(seconds);
            var before = state.Wanted;
            (state, _) = ScalingPolicy.Decide(life.Rules, state, sample, now);
            if (sample.FailureShare >= life.Rules.HoldAtFailureShare) Assert.Equal(before, state.Wanted);
            if (sample.LimitedShare >= life.Rules.HoldAtLimitedShare) Assert.True(state.Wanted <= before);
        }
    });

    [Fact]
    public void Decide_AnyLife_MoreLoadNeverWantsFewer() => Check(from life in AnyLife from more in Gen.Choose(0, 500) from longer in Gen.Choose(0, 20_000) from runs in Gen.Choose(0, 20) select (life, more, longer, runs), given =>
    {
        var (rules, now) = (given.life.Rules, Start);
        var state = new ScalingState();
        foreach (var (sample, seconds) in given.life.Turns)
        {
            now += TimeSpan.FromSeconds(seconds);
            var heavier = sample with { Waiting = sample.Waiting + given.more, WaitP95 = sample.WaitP95 + TimeSpan.FromMilliseconds(given.longer), Running = Math.Min(sample.Slots, sample.Running + given.runs) };
            var less = ScalingPolicy.Decide(rules, state, sample, now);
            Assert.True(ScalingPolicy.Decide(rules, state, heavier, now).Decision.Wanted >= less.Decision.Wanted);
            state = less.State;
        }
    });

    [Fact]
    public void Decide_AnyForecast_NeverWantsFewerThanWithout() => Check(from life in AnyLife from levels in Gen.Choose(0, 3000).ArrayOf(48) select (life, levels), given =>
    {
        var (rules, now) = (given.life.Rules, Start);
        var history = new DemandHistory { Means = [.. given.levels.Select(level => level - 1.0)] };
        var state = new ScalingState();
        foreach (var (sample, seconds) in given.life.Turns)
        {
            now += TimeSpan.FromSeconds(seconds);
            var (next, without) = ScalingPolicy.Decide(rules, state, sample, now);
            var (_, with) = ScalingPolicy.Decide(rules, state with { History = history }, sample, now);
            Assert.True(with.Wanted >= without.Wanted);
            Assert.Equal(without.Needed, with.Needed);
            state = next;
        }
    });

    [Fact]
    public void Decide_ConstantLoad_SettlesAndStays() => Check(from work in Gen.Choose(0, 900) from each in Gen.Choose(1, 64) from start in Gen.Choose(1, 60) from delay in Gen.Choose(0, 12) select (work, each, start, delay), given =>
    {
        var rules = new ScalingRules { MaxInstances = 60 };
        var state = new ScalingState { Wanted = given.start };
        var ups = new Queue<int>(Enumerable.Repeat(given.start, given.delay + 1));
        var settled = 0;
        for (var turn = 0; turn < 2 * 360; turn++)
        {
            // Instances come up after a while, ten seconds a turn.
            ups.Enqueue(state.Wanted);
            var workers = Math.Min(ups.Dequeue(), state.Wanted);
            var slots = workers * given.each;
            var waiting = Math.Max(0, given.work - slots);
            var sample = new ScalingSample { Workers = workers, Slots = slots, Running = Math.Min(given.work, slots), Waiting = waiting, RunTime = TimeSpan.FromSeconds(40), WaitP95 = waiting > 0 ? TimeSpan.FromSeconds(10) : TimeSpan.Zero };
            (state, _) = ScalingPolicy.Decide(rules, state, sample, Start.AddSeconds(10 * turn));
            if (turn == 420) settled = state.Wanted;
            if (turn > 420) Assert.Equal(settled, state.Wanted);
        }

        var enough = (double)given.work / given.each;
        Assert.True(settled == 60 || settled >= enough / 0.7 - 1e-6, $"{settled} are too few for {enough}.");
        Assert.True(settled <= Math.Max(1, Math.Ceiling(enough / 0.5)), $"{settled} are too many for {enough}.");
    });

    private static void Check<T>(Gen<T> given, Action<T> holds) => Prop.ForAll(given.ToArbitrary(), holds).QuickCheckThrowOnFailure();
}

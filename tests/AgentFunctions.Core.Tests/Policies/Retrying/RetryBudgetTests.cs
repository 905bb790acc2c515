using AgentFunctions.Core.Policies.Retrying;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.Retrying;

public sealed class RetryBudgetTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Take_NothingFlows_GivesTheReserveAndNoMore()
    {
        var settings = new RetryBudgetSettings(0.2, 0, 3);
        var state = RetryBudget.Begin(settings, Start);
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => Take(settings, ref state, Start)));
    }

    [Fact]
    public void Call_AtATenth_PaysForARetryOnceInTen()
    {
        var settings = new RetryBudgetSettings(0.1, 0, 1);
        var state = RetryBudget.Begin(settings, Start);
        Take(settings, ref state, Start);
        for (var i = 0; i < 9; i++)
        {
            state = RetryBudget.Call(settings, state, Start);
            Assert.False(Take(settings, ref state, Start));
        }

        state = RetryBudget.Call(settings, state, Start);
        Assert.True(Take(settings, ref state, Start));
    }

    [Fact]
    public void Take_TimePasses_SoManyASecondAreFree()
    {
        var settings = new RetryBudgetSettings(0, 2, 2);
        var state = RetryBudget.Begin(settings, Start);
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => Take(settings, ref state, Start)));
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => Take(settings, ref state, Start.AddHours(1))));
        Assert.True(Take(settings, ref state, Start.AddHours(1).AddSeconds(0.5)));
    }

    [Fact]
    public void Take_AnyCourse_NeverMoreThanCallsPayForInAnyTime() => Prop.ForAll(
        (from ratio in Gen.Choose(0, 20)
         from perSecond in Gen.Choose(0, 30)
         from reserve in Gen.Choose(0, 50)
         from course in (from milliseconds in Gen.Choose(0, 400) from dice in Gen.Choose(0, 2) select (milliseconds, dice)).ListOf()
         select (Settings: new RetryBudgetSettings(ratio / 10.0, perSecond / 10.0, reserve / 10.0), Course: course)).ToArbitrary(),
        drawn =>
        {
            var settings = drawn.Settings;
            var (now, state) = (Start, RetryBudget.Begin(settings, Start));
            List<(DateTimeOffset At, bool IsCall)> happened = [];
            foreach (var (milliseconds, dice) in drawn.Course)
            {
                now += TimeSpan.FromMilliseconds(milliseconds);
                if (dice == 0)
                {
                    state = RetryBudget.Call(settings, state, now);
                    happened.Add((now, true));
                }
                else if (Take(settings, ref state, now))
                {
                    happened.Add((now, false));
                }
                else if (state.Left >= 1)
                {
                    return false;
                }
            }

            for (var from = 0; from < happened.Count; from++)
            {
                var (retries, calls) = (0, 0);
                for (var to = from; to < happened.Count; to++)
                {
                    if (happened[to].IsCall) calls++;
                    else retries++;
                    if (retries > (settings.Ratio * calls) + (settings.PerSecond * (happened[to].At - happened[from].At).TotalSeconds) + settings.Reserve + 1e-6) return false;
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();

    private static bool Take(RetryBudgetSettings settings, ref RetryBudgetState state, DateTimeOffset now)
    {
        (state, var taken) = RetryBudget.Take(settings, state, now);
        return taken;
    }
}

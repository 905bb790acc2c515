using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Tests.Policies.Budgets;

public sealed class BudgetPolicyTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly BudgetLimit Ten = new() { Usd = 10 };

    [Fact]
    public void Answer_FirstOfMany_GivesHalfOfWhatIsLeftAtMost()
    {
        var state = Ask(new(), "a", least: 1, want: 100);
        Assert.Equal((5m, 5m, 0m), (state.LeaseOf("a")!.Held.Usd, state.Current.Taken().Usd, state.Current.Settled.Usd));

        // Two hold something now: a quarter of the other half.
        state = Ask(state, "b", least: 1, want: 100);
        Assert.Equal(1.25m, state.LeaseOf("b")!.Held.Usd);
    }

    [Theory]
    [InlineData(3, 4, 4)]
    [InlineData(6, 9, 6)]
    [InlineData(10, 10, 10)]
    [InlineData(10.01, 100, 0)]
    public void Answer_LeastAndWant_GivesWhatIsOfUseOrNothing(double least, double want, double given) =>
        Assert.Equal((decimal)given, Ask(new(), "a", (decimal)least, (decimal)want).LeaseOf("a")!.Held.Usd);

    [Fact]
    public void Answer_OneThingIsSpent_TheOtherIsStillGiven()
    {
        var limit = new BudgetLimit { Usd = 1, Tokens = 1000 };
        var state = BudgetPolicy.Answer(new(), Request("a", 1) with { Limit = limit, Used = new(2, 0) }, Noon);
        Assert.Equal(BudgetAmount.Zero, BudgetPolicy.Answer(state, Request("b", 1) with { Limit = limit, Least = new(0.01m, 10) }, Noon).LeaseOf("b")!.Held);
        Assert.Equal(new BudgetAmount(0, 10), BudgetPolicy.Answer(state, Request("b", 1) with { Limit = limit, Least = new(0, 10) }, Noon).LeaseOf("b")!.Held);
    }

    [Fact]
    public void Answer_ThingWithoutLimit_IsCountedAndNotLimited()
    {
        var state = BudgetPolicy.Answer(new(), Request("a", 1) with { Limit = Ten, Used = new(1, 1_000_000), Least = new(1, 1_000_000) }, Noon);
        Assert.Equal(new BudgetAmount(1, 1_000_000), state.Current.Settled);
        Assert.Equal(new BudgetAmount(1, 1_000_000), state.LeaseOf("a")!.Held);
    }

    [Fact]
    public void Answer_SpentAndGivenBack_IsSettledAndFree()
    {
        var state = Ask(new(), "a", least: 1, want: 5);
        state = BudgetPolicy.Answer(state, Request("a", 2) with { Known = true, Used = new(1.5m, 0), Keep = new(2, 0) }, Noon);
        Assert.Equal((1.5m, 3.5m), (state.Current.Settled.Usd, state.Current.Taken().Usd));
    }

    [Fact]
    public void Answer_MoreSpentThanHeld_IsOwedByWhatComes()
    {
        var state = Ask(new(), "a", least: 5, want: 5);
        state = BudgetPolicy.Answer(state, Request("a", 2) with { Known = true, Used = new(11, 0) }, Noon);
        Assert.Equal(11m, state.Current.Spent(Noon).Usd);
        Assert.Equal(0m, Ask(state, "b", least: 0.01m, want: 1).LeaseOf("b")!.Held.Usd);
        Assert.Equal(0m, Ten.Left(state.Current.Taken()).Usd);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Answer_RequestThatComesTwiceOrLate_ChangesNothing(long number)
    {
        var state = Ask(new(), "a", least: 1, want: 4);
        state = BudgetPolicy.Answer(state, Request("a", 2) with { Known = true, Used = new(1, 0), Keep = new(3, 0), Least = new(1, 0) }, Noon);
        Assert.Same(state, BudgetPolicy.Answer(state, Request("a", number) with { Used = new(9, 0), Keep = new(9, 0), Least = new(5, 0) }, Noon.AddHours(1)));
    }

    [Fact]
    public void Answer_LostRequest_IsMadeGoodByTheNext()
    {
        // The first never came; what it told is in the sum of the second.
        var state = BudgetPolicy.Answer(new(), Request("a", 2) with { Used = new(3, 0), Keep = new(9, 0) }, Noon);
        Assert.Equal((3m, 0m), (state.Current.Settled.Usd, state.LeaseOf("a")!.Held.Usd));
    }

    [Fact]
    public void Spent_HolderNotHeardOf_CountsWhatItHeldAndReckonsWhenItComesBack()
    {
        var state = Ask(new(), "a", least: 4, want: 4);
        var later = Noon + BudgetLease.Life;
        Assert.Equal((0m, 4m), (state.Current.Spent(later - TimeSpan.FromTicks(1)).Usd, state.Current.Reserved(later - TimeSpan.FromTicks(1)).Usd));
        Assert.Equal((4m, 0m), (state.Current.Spent(later).Usd, state.Current.Reserved(later).Usd));

        state = BudgetPolicy.Answer(state, Request("a", 2) with { Known = true, Used = new(1, 0), Keep = new(3, 0) }, later);
        Assert.Equal((1m, 3m), (state.Current.Spent(later).Usd, state.Current.Reserved(later).Usd));
    }

    [Fact]
    public void Answer_HolderForgottenAfterAnHour_ComesBackWithNothingInHandAndIsNotCountedTwice()
    {
        var late = Noon + BudgetPolicy.LostKept;
        var state = Ask(Ask(new(), "a", least: 4, want: 4), "b", 1, 1, late);
        Assert.Null(state.LeaseOf("a"));
        Assert.Equal((4m, 5m), (state.Current.Settled.Usd, state.Current.Taken().Usd));

        state = BudgetPolicy.Answer(state, Request("a", 2) with { Known = true, Used = new(2, 0), Keep = new(2, 0) }, late);
        Assert.Equal((4m, 0m, 0m), (state.Current.Settled.Usd, state.LeaseOf("a")!.Held.Usd, state.LeaseOf("a")!.Kept.Usd));
    }

    [Fact]
    public void Answer_HolderIsBackAfterAnHourBeforeAnyOther_IsReckonedExactly()
    {
        var state = BudgetPolicy.Answer(Ask(new(), "a", least: 4, want: 4), Request("a", 2) with { Known = true, Used = new(1, 0), Keep = new(3, 0) }, Noon + BudgetPolicy.LostKept);
        Assert.Equal((1m, 3m, 4m), (state.Current.Settled.Usd, state.LeaseOf("a")!.Held.Usd, state.Current.Taken().Usd));
    }

    [Fact]
    public void Answer_NextDay_BeginsAnewAndWhatEndsLateCountsForItsOwnDay()
    {
        var state = Ask(new(), "a", least: 10, want: 10);
        Assert.Equal(TimeSpan.FromHours(12), state.LeaseOf("a")!.EndsIn);

        state = Ask(state, "b", least: 10, want: 10, Noon.AddDays(1));
        Assert.Equal(("2026-02-01", 10m), (state.Current.Period, state.LeaseOf("b")!.Held.Usd));

        state = BudgetPolicy.Answer(state, Request("a", 2) with { Known = true, Used = new(7, 0), Least = new(1, 0) }, Noon.AddDays(1));
        Assert.Equal(("2026-01-31", 7m, 7m), (state.Previous!.Period, state.Previous.Settled.Usd, state.Previous.Taken().Usd));
        Assert.Equal((TimeSpan.Zero, 0m, 0m), (state.LeaseOf("a")!.EndsIn, state.LeaseOf("a")!.Held.Usd, state.Current.Settled.Usd));
    }

    [Fact]
    public void Answer_ClockGoesBackOverMidnight_TheNewDayStays()
    {
        var midnight = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);
        var state = Ask(Ask(new(), "a", 10, 10, midnight), "b", 1, 1, midnight.AddSeconds(-2));
        Assert.Equal(("2026-02-01", 0m), (state.Current.Period, state.LeaseOf("b")!.Held.Usd));
        Assert.Null(state.Previous);
    }

    [Theory]
    [InlineData(BudgetPeriod.Day, "2026-01-31", "2026-02-01T00:00:00Z")]
    [InlineData(BudgetPeriod.Month, "2026-01", "2026-02-01T00:00:00Z")]
    [InlineData(BudgetPeriod.Run, "run", null)]
    public void Periods_AtATime_HaveANameAndAnEndInUtc(BudgetPeriod period, string name, string? end)
    {
        var here = new DateTimeOffset(2026, 2, 1, 1, 30, 0, TimeSpan.FromHours(2));
        Assert.Equal((name, end is null ? null : DateTimeOffset.Parse(end, System.Globalization.CultureInfo.InvariantCulture)), (BudgetPeriods.NameAt(period, here), BudgetPeriods.EndAt(period, here)));
    }

    [Fact]
    public void EndAt_LastDayOfDecember_IsTheFirstOfJanuary() =>
        Assert.Equal(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), BudgetPeriods.EndAt(BudgetPeriod.Month, new DateTimeOffset(2026, 12, 31, 23, 59, 59, TimeSpan.Zero)));

    [Fact]
    public void Key_AnyAccount_FitsAnEntity()
    {
        Assert.Equal("run-acme~1", BudgetAccountId.OfRun("acme~1").Key());
        Assert.Equal("tenant-month-acme", new BudgetAccountId(BudgetScope.Tenant, "acme", BudgetPeriod.Month).Key());
        Assert.Equal("all-day", new BudgetAccountId(BudgetScope.All, "", BudgetPeriod.Day).Key());
        Assert.InRange(BudgetAccountId.OfRun(new string('x', 100)).Key().Length, 60, 90);
    }

    [Fact]
    public void ToString_Limits_AreSaidInWords()
    {
        Assert.Equal("$2.50 and 10,000 tokens", new BudgetLimit { Usd = 2.5m, Tokens = 10_000 }.ToString());
        Assert.Equal("$0.00012", Ten.Say(new BudgetAmount(0.00012m, 7)));
        Assert.Equal("7 tokens", new BudgetLimit { Tokens = 1 }.Say(new BudgetAmount(0.00012m, 7)));
    }

    private static BudgetRequest Request(string holder, long number) => new() { Holder = holder, Number = number, Limit = Ten, Period = BudgetPeriod.Day };

    private static BudgetLedgerState Ask(BudgetLedgerState state, string holder, decimal least, decimal want, DateTimeOffset? at = null) =>
        BudgetPolicy.Answer(state, Request(holder, 1) with { Least = new(least, 0), Want = new(want, 0) }, at ?? Noon);
}

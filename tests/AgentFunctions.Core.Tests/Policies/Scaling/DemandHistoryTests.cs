using AgentFunctions.Core.Policies.Scaling;

namespace AgentFunctions.Core.Tests.Policies.Scaling;

public sealed class DemandHistoryTests
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Read_NothingSeen_IsNotKnown()
    {
        Assert.Null(new DemandHistory().Read(Monday));
        Assert.Null(Watch(new DemandHistory(), Monday, 3, _ => 5).Read(Monday.AddHours(12)));
    }

    [Fact]
    public void Read_BetweenTheMiddlesOfHours_IsWhatLiesBetween()
    {
        var history = Watch(new DemandHistory(), Monday, 24, hour => hour * 10);
        var tuesday = Monday.AddDays(1);

        Assert.Equal(90, history.Read(tuesday.AddHours(9.5))!.Value, 6);
        Assert.Equal(95, history.Read(tuesday.AddHours(10))!.Value, 6);
        Assert.Equal(97.5, history.Read(tuesday.AddHours(10.25))!.Value, 6);
    }

    [Fact]
    public void Read_Weekend_IsNotAsWorkingDays()
    {
        var history = Watch(new DemandHistory(), Monday, 24 * 7, hour => hour / 24 >= 5 ? 1 : 100);

        Assert.Equal(100, history.Read(Monday.AddDays(7).AddHours(9.5))!.Value, 6);
        Assert.Equal(1, history.Read(Monday.AddDays(12).AddHours(9.5))!.Value, 6);
    }

    [Fact]
    public void Observe_SeveralDays_WeighsTheLatestMost()
    {
        var history = Watch(new DemandHistory(), Monday, 49, hour => hour < 24 ? 100 : 200, weight: 0.25);

        Assert.Equal(125, history.Read(Monday.AddDays(2).AddHours(9.5))!.Value, 6);
    }

    [Fact]
    public void Observe_TooLittleOfAnHour_LeavesItsForecast()
    {
        var history = Watch(new DemandHistory(), Monday, 24, _ => 10);
        var noon = Monday.AddDays(1).AddHours(12);
        for (var minute = 0; minute < 14; minute++) history = history.Observe(500, noon.AddMinutes(minute), 1);

        Assert.Equal(10, history.Observe(10, noon.AddHours(2), 1).Read(noon.AddDays(1).AddMinutes(30))!.Value, 6);
    }

    [Fact]
    public void Observe_AGapOrAClockSetBack_CountsForAMinuteOrNothing()
    {
        var history = new DemandHistory().Observe(0, Monday, 1).Observe(60, Monday.AddMinutes(30), 1);
        Assert.Equal((3600, 60), (history.Sum, history.Seconds));

        var back = history.Observe(1000, Monday.AddMinutes(20), 1);
        Assert.Equal((3600, 60), (back.Sum, back.Seconds));
    }

    private static DemandHistory Watch(DemandHistory history, DateTimeOffset from, int hours, Func<int, double> demand, double weight = 0.4)
    {
        for (var minute = 0; minute <= hours * 60; minute++) history = history.Observe(demand(Math.Max(0, minute - 1) / 60), from.AddMinutes(minute), weight);
        return history;
    }
}

using AgentFunctions.Core.Policies.Scaling;
using Xunit.Abstractions;

namespace AgentFunctions.Core.Tests.Policies.Scaling;

/// <summary>What the forecast is worth, on days of simulated work with bursts, against scaling by what is seen alone.</summary>
public sealed class SimulatedDayTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Run_AWeekOfWork_TheForecastIsLessOftenLateForLittleMore(int seed)
    {
        var reactive = Measure(seed, new ScalingRules { ForecastAhead = TimeSpan.Zero });
        var ahead = Measure(seed, new ScalingRules());

        output.WriteLine($"Seed {seed}: late for {reactive.Late} s without and {ahead.Late} s with the forecast; {reactive.InstanceHours:0} and {ahead.InstanceHours:0} instance hours; {reactive.Changes} and {ahead.Changes} changes.");
        Assert.True(reactive.Late > 0, "The days are too easy to tell anything.");
        Assert.True(ahead.Late <= reactive.Late * 0.7, $"Seed {seed}: {ahead.Late} s late with the forecast, {reactive.Late} s without.");
        Assert.True(ahead.InstanceHours <= reactive.InstanceHours * 1.1, $"Seed {seed}: {ahead.InstanceHours} instance hours with the forecast, {reactive.InstanceHours} without.");
        Assert.InRange(ahead.Changes, 1, 5 * 60);
    }

    /// <summary>A week to learn from, then five working days.</summary>
    private static SimulatedDay Measure(int seed, ScalingRules rules)
    {
        var days = new SimulatedDay(seed, rules);
        days.Run(0, 7);
        days.Run(7, 5);
        return days;
    }
}

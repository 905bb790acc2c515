using AgentFunctions.Core.Policies.Shedding;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.Shedding;

public sealed class RunTimeEstimateTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Note_First_IsTheMean() => Assert.Equal(Seconds(8), default(RunTimeEstimate).Note(Seconds(8), Now).At(Now));

    [Fact]
    public void Note_More_MovesTheMeanByAFifth() => Assert.Equal(Seconds(10), default(RunTimeEstimate).Note(Seconds(8), Now).Note(Seconds(18), Now).At(Now));

    [Fact]
    public void At_NoneSeenForAMinute_IsForgotten()
    {
        var estimate = default(RunTimeEstimate).Note(Seconds(8), Now);
        Assert.Equal(Seconds(8), estimate.At(Now.AddSeconds(59)));
        Assert.Equal(TimeSpan.Zero, estimate.At(Now.AddSeconds(60)));
        Assert.Equal(Seconds(1), estimate.Note(Seconds(1), Now.AddSeconds(60)).At(Now.AddSeconds(60)));
    }

    [Fact]
    public void At_TheClockWasSetBack_IsForgottenToo()
    {
        var estimate = default(RunTimeEstimate).Note(Seconds(8), Now);
        Assert.Equal(Seconds(8), estimate.At(Now.AddSeconds(-59)));
        Assert.Equal(TimeSpan.Zero, estimate.At(Now.AddHours(-1)));
    }

    [Fact]
    public void NoteAtLeast_BelowTheMean_SaysNothing()
    {
        var estimate = default(RunTimeEstimate).Note(Seconds(8), Now);
        Assert.Equal(estimate, estimate.NoteAtLeast(Seconds(8), Now.AddSeconds(1)));
        Assert.Equal(Seconds(10), estimate.NoteAtLeast(Seconds(18), Now).At(Now));
        Assert.Equal(Seconds(3), default(RunTimeEstimate).NoteAtLeast(Seconds(3), Now).At(Now));
    }

    [Fact]
    public void Note_AnyRuns_TheMeanIsWithinThem() => Prop.ForAll(
        Gen.Choose(1, 100_000).NonEmptyListOf().ToArbitrary(),
        times =>
        {
            var mean = times.Aggregate(default(RunTimeEstimate), (estimate, milliseconds) => estimate.Note(TimeSpan.FromMilliseconds(milliseconds), Now)).At(Now).TotalMilliseconds;
            return mean >= times.Min() - 0.1 && mean <= times.Max() + 0.1;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Note_BelowZero_IsZero() => Assert.Equal(TimeSpan.Zero, default(RunTimeEstimate).Note(Seconds(-1), Now).At(Now));

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}

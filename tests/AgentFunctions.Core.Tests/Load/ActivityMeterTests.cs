using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Load;
using AgentFunctions.Testing;

namespace AgentFunctions.Core.Tests.Load;

public sealed class ActivityMeterTests
{
    private static readonly LaneCounts NoneWaits = new(0, 0, 0);
    private readonly ManualTime time = new();
    private readonly ActivityMeter meter;

    public ActivityMeterTests() => meter = new ActivityMeter(time);

    [Fact]
    public void Read_NothingYet_IsZero() => Assert.Equal(new LoadSample { Slots = 8, Waiting = NoneWaits }, meter.Read(8, NoneWaits));

    [Fact]
    public void Read_SomeRun_CountsThoseThatHaveNotEnded()
    {
        var first = meter.Begin();
        meter.Begin();
        first.End(ActivityOutcome.Succeeded, null);

        var sample = meter.Read(8, new LaneCounts(1, 2, 3));

        Assert.Equal((8, 1, 6), (sample.Slots, sample.Running, sample.Waiting.Total));
        Assert.Equal((2L, 1L, 0L), (meter.Begun, meter.Ended, meter.Failed));
    }

    [Fact]
    public void End_SaidTwice_IsRefusedAndCountsOnce()
    {
        var one = meter.Begin();
        one.End(ActivityOutcome.Failed, null);

        Assert.Throws<InvalidOperationException>(() => one.End(ActivityOutcome.Failed, null));
        Assert.Equal((1L, 1L), (meter.Ended, meter.Failed));
    }

    [Fact]
    public void EndedPerSecond_SteadyWork_IsItsRateAndFallsWhenItStops()
    {
        for (var i = 0; i < 600; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            Run(TimeSpan.Zero, ActivityOutcome.Succeeded);
        }

        Assert.Equal(10, meter.Read(8, NoneWaits).EndedPerSecond, 0.1);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(10 / Math.E, meter.Read(8, NoneWaits).EndedPerSecond, 0.05);
    }

    [Fact]
    public void FailureShare_OverTheLastMinute_LeavesOutWhatSaysNothing()
    {
        for (var i = 0; i < 9; i++) Run(TimeSpan.Zero, i < 3 ? ActivityOutcome.Failed : ActivityOutcome.Succeeded);
        for (var i = 0; i < 20; i++) Run(TimeSpan.Zero, i % 2 == 0 ? ActivityOutcome.Refused : ActivityOutcome.Cancelled);

        Assert.Equal(1.0 / 3, meter.Read(8, NoneWaits).FailureShare, 6);
        time.Advance(TimeSpan.FromSeconds(54));
        Assert.Equal(1.0 / 3, meter.Read(8, NoneWaits).FailureShare, 6);
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(0, meter.Read(8, NoneWaits).FailureShare);
    }

    [Fact]
    public void Times_OfTheLast512_AreMeanAndNearestRank()
    {
        // A thousand of one hour first: they must be forgotten.
        for (var i = 0; i < 1000; i++) Run(TimeSpan.FromHours(1), ActivityOutcome.Succeeded);
        for (var i = 1; i <= 512; i++) Run(TimeSpan.FromMilliseconds(i), ActivityOutcome.Succeeded);
        time.Advance(TimeSpan.FromSeconds(1));

        var sample = meter.Read(8, NoneWaits);

        Assert.Equal(TimeSpan.FromMilliseconds(256.5), sample.RunTimeMean);
        Assert.Equal(TimeSpan.FromMilliseconds(487), sample.RunTimeP95);
    }

    [Fact]
    public void WaitTimeP95_OfTheLastMinute_LeavesOutWhatIsNotKnown()
    {
        for (var i = 1; i <= 100; i++)
        {
            meter.Begin().End(ActivityOutcome.Succeeded, TimeSpan.FromMilliseconds(i));
            meter.Begin().End(ActivityOutcome.Succeeded, null);
        }

        Assert.Equal(TimeSpan.FromMilliseconds(95), meter.Read(8, NoneWaits).WaitTimeP95);
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(TimeSpan.Zero, meter.Read(8, NoneWaits).WaitTimeP95);
    }

    [Fact]
    public void Of_Exceptions_TellsWhatMayPass()
    {
        Assert.Equal(ActivityOutcome.Failed, ActivityOutcomes.Of(new TimeoutException(), false));
        Assert.Equal(ActivityOutcome.Failed, ActivityOutcomes.Of(new ThrottledException("", null), false));
        Assert.Equal(ActivityOutcome.Refused, ActivityOutcomes.Of(new PermanentFailureException(""), false));
        Assert.Equal(ActivityOutcome.Refused, ActivityOutcomes.Of(new ArgumentException(""), true));
        Assert.Equal(ActivityOutcome.Cancelled, ActivityOutcomes.Of(new TaskCanceledException(), true));
        Assert.Equal(ActivityOutcome.Failed, ActivityOutcomes.Of(new TaskCanceledException(), false));
    }

    [Fact]
    public async Task Begin_FromManyThreads_LosesNone()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++) meter.Begin().End(ActivityOutcome.Failed, TimeSpan.Zero);
        })));

        Assert.Equal((8000L, 8000L, 8000L, 0), (meter.Begun, meter.Ended, meter.Failed, meter.Read(8, NoneWaits).Running));
    }

    [Fact]
    public void Read_OfAWorker_SeesNoQueue()
    {
        meter.Begin();

        Assert.Equal(new LoadSample { Slots = 64, Running = 1, Waiting = NoneWaits }, new WorkerLoad(meter, 64).Read());
    }

    private void Run(TimeSpan took, ActivityOutcome outcome)
    {
        var one = meter.Begin();
        time.Advance(took);
        one.End(outcome, null);
    }
}

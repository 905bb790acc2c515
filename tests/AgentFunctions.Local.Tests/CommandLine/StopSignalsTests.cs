using AgentFunctions.Local.CommandLine;

namespace AgentFunctions.Local.Tests.CommandLine;

public sealed class StopSignalsTests : IDisposable
{
    private const int Terminated = 143;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly ManualTime time = new();
    private readonly StopSignals signals;

    public StopSignalsTests() => signals = new StopSignals(Patience, time, CancellationToken.None);

    public void Dispose() => signals.Dispose();

    [Fact]
    public async Task Overdue_NothingIsAllowed_EndsAfterThePatience()
    {
        var overdue = signals.OverdueAsync();
        signals.Take(Terminated);
        Assert.True(signals.Stop.IsCancellationRequested);
        Assert.Equal(Patience, await time.NextTimerAsync());
        Assert.False(overdue.IsCompleted);
        time.Advance(Patience);
        Assert.Equal(Terminated, await overdue);
    }

    [Fact]
    public async Task Overdue_TheGraceIsSaidAfterTheSignal_IsLeftInFull()
    {
        var overdue = signals.OverdueAsync();
        signals.Take(Terminated);
        await time.NextTimerAsync();
        signals.Allow(TimeSpan.FromSeconds(30));
        time.Advance(Patience);
        Assert.Equal(TimeSpan.FromSeconds(30), await time.NextTimerAsync());
        Assert.False(overdue.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(Terminated, await overdue);
    }

    [Fact]
    public async Task Overdue_SecondSignal_EndsTheGraceAndLeavesTimeToHandBack()
    {
        var overdue = signals.OverdueAsync();
        signals.Take(Terminated);
        await time.NextTimerAsync();
        signals.Allow(TimeSpan.FromHours(1));
        time.Advance(Patience);
        await time.NextTimerAsync();
        signals.Take(Terminated);
        Assert.True(signals.Hurry.IsCancellationRequested);
        Assert.Equal(Patience, await time.NextTimerAsync());
        Assert.False(overdue.IsCompleted);
        time.Advance(Patience);
        Assert.Equal(Terminated, await overdue);
    }
}

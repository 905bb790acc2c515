using AgentFunctions.App.Durable;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;

namespace AgentFunctions.App.Tests.Durable;

public sealed class CancellationWatchTests
{
    private static readonly TimeSpan Interval = CancellationWatch.Interval;
    private readonly ManualTime time = new(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryCancellationBoard board = new();

    [Fact]
    public async Task Watch_CallCancelled_FiresAtTheNextLookAndLeavesOthers()
    {
        var watch = Watch(board);
        using var first = watch.Watch("run", 1, default);
        using var second = watch.Watch("run", 2, default);
        using var elsewhere = watch.Watch("other run", 1, default);
        await board.PostAsync(new CallCancellation("run", [1]), default);
        Assert.False(first.Token.IsCancellationRequested);

        time.Advance(Interval);

        Assert.Equal((true, false, false), (first.Token.IsCancellationRequested, second.Token.IsCancellationRequested, elsewhere.Token.IsCancellationRequested));
    }

    [Fact]
    public async Task Watch_RunTerminated_FiresAllItsCalls()
    {
        var watch = Watch(board);
        using var first = watch.Watch("run", 1, default);
        using var second = watch.Watch("run", 2, default);
        await board.PostAsync(new CallCancellation("run", []), default);

        time.Advance(Interval);

        Assert.True(first.Token.IsCancellationRequested && second.Token.IsCancellationRequested);
    }

    [Fact]
    public void Watch_WorkerStops_FiresAtOnce()
    {
        using var stopping = new CancellationTokenSource();
        using var lease = Watch(board).Watch("run", 1, stopping.Token);

        stopping.Cancel();

        Assert.True(lease.Token.IsCancellationRequested);
    }

    [Fact]
    public void Watch_ManyCallsOfOneRun_AskOnceALook()
    {
        var counted = new Mock<ICancellationBoard>();
        counted.Setup(b => b.ReadAsync("run", It.IsAny<CancellationToken>())).ReturnsAsync(new CancelledCalls(false, new HashSet<int>()));
        var watch = Watch(counted.Object);
        var leases = Enumerable.Range(0, 50).Select(i => watch.Watch("run", i, default)).ToList();

        time.Advance(Interval);
        time.Advance(Interval);

        counted.Verify(b => b.ReadAsync("run", It.IsAny<CancellationToken>()), Times.Exactly(2));
        leases.ForEach(l => l.Dispose());
    }

    [Fact]
    public void Watch_LastCallEnds_AsksNoMore()
    {
        var watch = Watch(board);
        var (first, second) = (watch.Watch("run", 1, default), watch.Watch("run", 2, default));

        first.Dispose();
        Assert.Equal(1, time.Waiting);
        second.Dispose();

        Assert.Equal(0, time.Waiting);
    }

    [Fact]
    public void Watch_BoardFailsOnce_LooksAgain()
    {
        var flaky = new Mock<ICancellationBoard>();
        flaky.SetupSequence(b => b.ReadAsync("run", It.IsAny<CancellationToken>()))
            .ThrowsAsync(new TimeoutException("no answer"))
            .ReturnsAsync(new CancelledCalls(All: true, new HashSet<int>()));
        using var lease = Watch(flaky.Object).Watch("run", 1, default);

        time.Advance(Interval);
        Assert.False(lease.Token.IsCancellationRequested);
        time.Advance(Interval);

        Assert.True(lease.Token.IsCancellationRequested);
    }

    [Fact]
    public void Watch_ManyRuns_ShareOneTimer()
    {
        var watch = Watch(board);
        var leases = Enumerable.Range(0, 20).Select(i => watch.Watch($"run {i}", 1, default)).ToList();

        Assert.Equal(1, time.Waiting);
        leases.ForEach(l => l.Dispose());

        Assert.Equal(0, time.Waiting);
    }

    [Fact]
    public async Task Watch_OneReadHangs_TheOthersFire()
    {
        var hanging = new Mock<ICancellationBoard>();
        var never = new TaskCompletionSource<CancelledCalls>();
        hanging.Setup(b => b.ReadAsync("stuck", It.IsAny<CancellationToken>())).Returns(never.Task);
        hanging.Setup(b => b.ReadAsync("run", It.IsAny<CancellationToken>())).ReturnsAsync(new CancelledCalls(All: true, new HashSet<int>()));
        var watch = Watch(hanging.Object);
        using var stuck = watch.Watch("stuck", 1, default);
        time.Advance(Interval);
        using var lease = watch.Watch("run", 1, default);

        time.Advance(Interval);

        Assert.Equal((true, false), (lease.Token.IsCancellationRequested, stuck.Token.IsCancellationRequested));
        hanging.Verify(b => b.ReadAsync("stuck", It.IsAny<CancellationToken>()), Times.Once);
        never.SetResult(new CancelledCalls(All: true, new HashSet<int>()));
        await never.Task;
    }

    [Theory]
    [InlineData(1, 250)]
    [InlineData(25, 250)]
    [InlineData(50, 500)]
    [InlineData(200, 2000)]
    public void IntervalFor_ManyRuns_KeepsTheReadsPerSecondBounded(int runs, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), CancellationWatch.IntervalFor(runs));

    private CancellationWatch Watch(ICancellationBoard on) => new(on, time, NullLogger.Instance);
}

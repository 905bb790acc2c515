using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities.RateLimiter;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Policies.RateLimiting;
using AgentFunctions.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentFunctions.Core.Tests.Limiting;

/// <summary>A worker's pool against leases that the test gives, in one thread.</summary>
public sealed class PermitPoolTests : IDisposable
{
    private static readonly RateLimits Limits = new() { RequestsPerMinute = 600 };
    private readonly ManualTime time = new();
    private readonly Leases leases = new();
    private readonly PermitPool pool;

    public PermitPoolTests()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        pool = new PermitPool("m@h", Limits, leases, "w", time, NullLogger.Instance);
    }

    public void Dispose() => pool.Dispose();

    [Fact]
    public async Task Acquire_CancelledAsItIsGranted_TheNextGetsThePermit()
    {
        using var given = new CancellationTokenSource();
        var first = pool.AcquireAsync(Ask(), given.Token);
        var second = pool.AcquireAsync(Ask(), CancellationToken.None);

        // Its answer is on its way when it is given up.
        var racing = Task.Run(() => leases.Give(1));
        await given.CancelAsync();
        await racing;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await second.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Acquire_Cancelled_LeavesTheQueue()
    {
        using var given = new CancellationTokenSource();
        var first = pool.AcquireAsync(Ask(), given.Token);
        await given.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => first);
        Assert.Equal(0, pool.Status().Waiting);
    }

    [Fact]
    public async Task Acquire_NoLeaseInTime_IsRefusedWithATimeToComeBack()
    {
        var call = pool.AcquireAsync(Ask() with { MaxWait = TimeSpan.FromSeconds(5) }, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(5));
        var refused = await Assert.ThrowsAsync<ThrottledException>(() => call);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.RetryAfter);
        Assert.Contains("'m@h'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(1, -1)]
    [InlineData(1, 90_000)]
    public async Task Acquire_OutOfRange_IsRefused(double tokens, int seconds) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => pool.AcquireAsync(new PermitAsk(tokens, RunPriority.Workflow, TimeSpan.FromSeconds(seconds)), CancellationToken.None));

    [Fact]
    public async Task Return_Unused_TheNextCallHasItWithoutAskingAgain()
    {
        var permit = await AcquireAsync();
        permit.Return();
        permit.Settle(1_000_000);
        await pool.AcquireAsync(Ask(), CancellationToken.None);
        Assert.Single(leases.Requests);
    }

    [Fact]
    public async Task Settle_LastCallOfAll_IsToldWithinTenSeconds()
    {
        var permit = await AcquireAsync();
        permit.Settle(150);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((2, 50), (leases.Requests.Count, leases.Requests[^1].Tokens));
    }

    [Fact]
    public async Task Refuse_HeldPermitsWithAndWithoutStart_OnlyThoseToComeGoBackAndNothingStartsInTheQuiet()
    {
        var first = pool.AcquireAsync(Ask(), CancellationToken.None);
        leases.Give(new PermitGrant([new PermitRun(TimeSpan.Zero, 3), new PermitRun(TimeSpan.FromSeconds(4), 2)], RetryAfter: null));

        (await first).Refuse(TimeSpan.FromSeconds(7));

        var told = leases.Requests[^1];
        Assert.Equal((2, TimeSpan.FromSeconds(7)), (told.Back?.Sum(start => start.Count), told.Refused));
        var next = pool.AcquireAsync(Ask(), CancellationToken.None);
        leases.Give(PermitGrant.None);
        leases.Give(new PermitGrant([new PermitRun(TimeSpan.Zero, 1)], RetryAfter: null));
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.False(next.IsCompleted);
    }

    [Fact]
    public async Task Lease_AnotherWorkerWasRefused_WhatIsHeldIsNotUsed()
    {
        await AcquireAsync(count: 3);
        Assert.Equal(2, pool.Status().Held);
        var calls = Enumerable.Range(0, 3).Select(_ => pool.AcquireAsync(Ask(), CancellationToken.None)).ToList();
        leases.Give(new PermitGrant([new PermitRun(TimeSpan.FromSeconds(8), 5)], RetryAfter: null) { Quiet = TimeSpan.FromSeconds(8) });
        Assert.Equal(5, pool.Status().Held);
        Assert.False(calls[2].IsCompleted);
        time.Advance(TimeSpan.FromSeconds(8));
        await calls[2].WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Lease_FailsAgainAndAgain_IsAskedOnceASecond()
    {
        leases.Failure = new TimeoutException("away");
        _ = pool.AcquireAsync(Ask(), CancellationToken.None);
        ((IPermitLedger)pool).Refuse(default, 100, TimeSpan.FromMilliseconds(10));
        for (var i = 0; i < 50; i++) time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.InRange(leases.Requests.Count, 4, 7);
        Assert.Equal(TimeSpan.FromMilliseconds(10), leases.Requests[^1].Refused);
    }

    [Fact]
    public async Task Dispose_RequestInFlight_WaitersHearAndTheRequestEnds()
    {
        var call = pool.AcquireAsync(Ask(), CancellationToken.None);
        pool.Dispose();
        pool.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pool.AcquireAsync(Ask(), CancellationToken.None));
        Assert.True(leases.Token.IsCancellationRequested);
        leases.Give(1);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(leases.Requests);
    }

    [Fact]
    public async Task ReturnAsync_PermitsToComeAndALeaseUnderWay_AllGoBackAndDebtsAreTold()
    {
        var first = pool.AcquireAsync(Ask(), CancellationToken.None);
        leases.Give(Ahead(seconds: 3));
        (await first).Settle(250);
        using var givenUp = new CancellationTokenSource();
        var second = pool.AcquireAsync(Ask(), givenUp.Token);
        var third = pool.AcquireAsync(Ask(), givenUp.Token);
        Assert.Equal((2, 1), (pool.Status().Waiting, pool.Status().Held));
        await givenUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);

        var returned = pool.ReturnAsync();
        leases.Give(Ahead(seconds: 7));
        Assert.False(returned.IsCompleted);
        for (var i = 0; i < 3; i++) leases.Give(PermitGrant.None);

        await returned.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal([Given.AddSeconds(3), Given.AddSeconds(7)], leases.Requests.SelectMany(request => request.Back ?? []).Select(start => start.At));
        Assert.All(leases.Requests.Skip(2), request => Assert.Null(request.Ask));

        // 150 more than were asked for, less what the two that came back had reserved. One had started and is held on.
        Assert.Equal(150 - leases.Requests.Where(request => request.Back is not null).Sum(request => 100 * request.Back!.Count), leases.Requests.Sum(request => request.Tokens), 3);
        Assert.Equal(1, pool.Status().Held);
        await pool.ReturnAsync().WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task ReturnAsync_CallsWait_TheyKeepThePermitsThatTheyWaitFor()
    {
        var calls = Enumerable.Range(0, 2).Select(_ => pool.AcquireAsync(Ask(), CancellationToken.None)).ToList();
        leases.Give(new PermitGrant([new PermitRun(TimeSpan.FromSeconds(2), 2), new PermitRun(TimeSpan.FromSeconds(3), 4)], RetryAfter: null) { At = Given });

        var returned = pool.ReturnAsync();
        leases.Give(PermitGrant.None);

        await returned.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal([new PermitStart(Given.AddSeconds(3), 4)], leases.Requests[^1].Back!);
        time.Advance(TimeSpan.FromSeconds(2));
        await Task.WhenAll(calls).WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Acquire_BurstAfterALull_IsNotRefused()
    {
        for (var i = 0; i < 100; i++) await AcquireAsync();
        time.Advance(TimeSpan.FromSeconds(60));

        var calls = Enumerable.Range(0, 200).Select(_ => pool.AcquireAsync(Ask() with { MaxWait = TimeSpan.FromSeconds(5) }, CancellationToken.None)).ToList();

        Assert.All(calls, call => Assert.False(call.IsFaulted));
    }

    [Fact]
    public async Task Acquire_MoreThanStartInTime_IsRefusedAtOnce()
    {
        // Ten a second start, and there is always somebody who waits.
        var calls = Enumerable.Range(0, 100).Select(_ => pool.AcquireAsync(Ask(), CancellationToken.None)).ToList();
        for (var i = 0; i < 50; i++)
        {
            leases.Give(new PermitGrant([new PermitRun(TimeSpan.Zero, 1)], TimeSpan.FromMilliseconds(50)));
            time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(50, pool.Status().Waiting);
        Assert.InRange(pool.Status().ForecastWait, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(6));
        var refused = await Assert.ThrowsAsync<ThrottledException>(() => pool.AcquireAsync(Ask() with { MaxWait = TimeSpan.FromSeconds(2) }, CancellationToken.None));
        Assert.InRange(refused.RetryAfter!.Value, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(7));
        Assert.Equal(50, calls.Count(call => call.IsCompletedSuccessfully));
    }

    private static readonly DateTimeOffset Given = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static PermitGrant Ahead(double seconds) => new([new PermitRun(TimeSpan.Zero, 1), new PermitRun(TimeSpan.FromSeconds(seconds), 1)], RetryAfter: null) { At = Given };

    private static PermitAsk Ask() => new(100, RunPriority.Workflow, TimeSpan.FromMinutes(10));

    private async Task<Permit> AcquireAsync(int count = 1)
    {
        var call = pool.AcquireAsync(Ask(), CancellationToken.None);
        if (!call.IsCompleted) leases.Give(count);
        return await call.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private sealed class Leases : ILeaseSource
    {
        private readonly Queue<TaskCompletionSource<PermitGrant>> open = new();

        public List<LeaseRequest> Requests { get; } = [];

        public Exception? Failure { get; set; }

        public CancellationToken Token { get; private set; }

        public Task<PermitGrant> LeaseAsync(string deployment, LeaseRequest request, CancellationToken cancellationToken)
        {
            Requests.Add(request);
            Token = cancellationToken;
            if (Failure is not null) return Task.FromException<PermitGrant>(Failure);
            var answer = new TaskCompletionSource<PermitGrant>();
            open.Enqueue(answer);
            return answer.Task;
        }

        public void Give(int count) => Give(new PermitGrant([new PermitRun(TimeSpan.Zero, count)], RetryAfter: null));

        public void Give(PermitGrant grant)
        {
            if (open.TryDequeue(out var answer)) answer.TrySetResult(grant);
        }
    }
}
